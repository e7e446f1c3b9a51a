/** What the connection is doing, for people to see. `since` and `nextAttemptAt` are milliseconds since 1970. */
export type ConnectionState =
  /** The first attempt is under way. */
  | { readonly kind: 'connecting'; readonly since: number }
  /** Everything missed has been applied, and events come as they happen. */
  | { readonly kind: 'live'; readonly since: number }
  /** What is shown may be old. `since` is when it was last live. */
  | { readonly kind: 'reconnecting'; readonly since: number; readonly nextAttemptAt: number }
  /** The same, and the device says that it has no network. */
  | { readonly kind: 'offline'; readonly since: number; readonly nextAttemptAt: number }
  /** Sockets do not get through; events are fetched every few seconds instead. `since` is when it was last live. */
  | { readonly kind: 'polling'; readonly since: number; readonly nextAttemptAt: number }
  /** No further attempt: closed by the application (null), or refused for good with that code. */
  | { readonly kind: 'closed'; readonly since: number; readonly code: number | null };
