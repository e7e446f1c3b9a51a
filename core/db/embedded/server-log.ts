const SEVERE_LINE = /^(?<backend>[^:]+): (?<severity>WARNING|ERROR|FATAL|PANIC): +(?<text>.+)$/;
const ORDINARY_END =
  /^(terminating connection due to administrator command|the database system is (starting up|shutting down))/;

/** Warnings and worse from a line of PostgreSQL's log, as one line; else undefined. */
export function severeLine(line: string): string | undefined {
  const { backend, severity, text = '' } = SEVERE_LINE.exec(line)?.groups ?? {};
  if (severity === undefined || ORDINARY_END.test(text)) return undefined;
  // The client that caused an error gets it itself, and its text may hold a customer's data.
  if (backend === 'client backend' && severity === 'ERROR') return undefined;
  return `PostgreSQL ${backend}: ${severity}: ${text}`;
}
