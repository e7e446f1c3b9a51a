/** Where background work tells what happened; the server's logger is one. Fields are identifiers and figures, never personal data. */
export interface Log {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
