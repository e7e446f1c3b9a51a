import type { FastifyRequest } from 'fastify';

/** What a page is given. A function is called only when its value is wanted, so a partial reload costs only what it asks for. */
export type PageProps = Readonly<Record<string, unknown>>;

/** The values that this request wants: all of them, or those that a partial reload of the same page names. */
export async function wantedProps(
  request: FastifyRequest,
  component: string,
  props: PageProps,
): Promise<Record<string, unknown>> {
  const wanted = Object.entries(props).filter(([name]) => isWanted(request, component, name));
  const values = await Promise.all(wanted.map(async ([name, prop]) => [name, await valueOf(prop)] as const));
  return Object.fromEntries(values);
}

function isWanted({ headers }: FastifyRequest, component: string, name: string): boolean {
  if (headers['x-inertia-partial-component'] !== component) return true;
  const only = namesIn(headers['x-inertia-partial-data']);
  const except = namesIn(headers['x-inertia-partial-except']);
  return !except.includes(name) && (only.length === 0 || only.includes(name));
}

function namesIn(header: string | string[] | undefined): readonly string[] {
  return String(header ?? '')
    .split(',')
    .filter(Boolean);
}

function valueOf(prop: unknown): unknown {
  return typeof prop === 'function' ? prop() : prop;
}
