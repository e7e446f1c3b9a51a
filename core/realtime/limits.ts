/** Every limit of the real-time gateway. Nothing on a socket is unbounded. */
export const REALTIME_LIMITS = {
  /** Largest frame that a client may send. */
  inboundFrameMaxBytes: 16 * 1024,
  /** Frames that a client may send within one window. */
  inboundMessagesMax: 60,
  inboundWindowMs: 10_000,
  channelsPerSocketMax: 50,
  socketsPerAddressMax: 200,
  socketsPerPrincipalMax: 20,
  /** A socket that has not said hello by then is closed. */
  helloTimeoutMs: 5_000,
  pingIntervalMs: 25_000,
  /** A socket that was silent for two pings and some is closed. */
  silenceMaxMs: 60_000,
  /** Unsent bytes at which a socket gets no more events until it has read them all. */
  pauseAtBytes: 256 * 1024,
  /** Unsent bytes, and time of being paused, at which it is closed. */
  slowAtBytes: 1024 * 1024,
  slowAfterMs: 10_000,
  /** How long the closing handshake may take. */
  closeTimeoutMs: 5_000,
  /** How often the gateway looks at the clocks of its sockets. */
  sweepIntervalMs: 1_000,
  /** How often it asks whether sessions have ended, wherever it was that they were. */
  endedIntervalMs: 2_000,
  /** How often the rights of signed-in sockets are asked again when nobody said that they changed. */
  recheckIntervalMs: 5_000,
} as const;

export type RealtimeLimits = { readonly [Name in keyof typeof REALTIME_LIMITS]: number };
