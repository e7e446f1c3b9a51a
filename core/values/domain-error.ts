/**
 * A refusal that the domain has a name for. `code` is a row of the error table, `message` says what was expected and what came,
 * `evidence` goes to the caller as members of the problem document: it must hold nothing that the caller may not see.
 */
export class DomainError extends Error {
  readonly code: string;
  readonly evidence: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    evidence: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code;
    this.code = code;
    this.evidence = evidence;
  }
}
