/** The frames of the real-time protocol, as both ends read and write them. Each is one JSON text frame; docs/realtime.md tells the story. */

export const REALTIME_PATH = '/realtime';

/** Why the server ended a connection. Standard codes (1001 going away, 1009 too big, 1011 fault) occur as well. */
export const CLOSE = {
  /** The client does not read what it is sent. Come back and resume. */
  slowConsumer: 4008,
  /** Nothing was heard from the client. Come back and resume. */
  idle: 4009,
  /** This node cannot vouch that its streams are fresh. Come back; another node may answer. */
  unavailable: 4010,
  /** Too many messages or too many sockets. Come back after the longest delay. */
  tooMany: 4029,
  /** A frame that the protocol does not know. Trying again would repeat the mistake. */
  malformed: 4400,
  /** No valid ticket in time, or the session has ended. Come back with a fresh ticket. */
  notAdmitted: 4401,
} as const;

/** An event as clients see it. `entity_version` grows with each change of the entity: apply only what is newer than what is shown. */
export interface StreamEvent<Type extends string = string, Payload = Readonly<Record<string, unknown>>> {
  readonly id: string;
  readonly type: Type;
  readonly entity: string;
  readonly entity_id: string;
  readonly entity_version: number;
  /** ISO 8601, UTC. */
  readonly occurred_at: string;
  readonly payload: Payload;
}

/** Must be the first frame. Without a ticket the connection is anonymous. */
export interface HelloMessage {
  readonly type: 'hello';
  readonly ticket?: string;
}

/** Without a cursor the subscription starts at the channel's present end. A second one for the same channel replaces the first. */
export interface SubscribeMessage {
  readonly type: 'subscribe';
  readonly channel: string;
  readonly cursor?: string;
}

export interface UnsubscribeMessage {
  readonly type: 'unsubscribe';
  readonly channel: string;
}

/** Asks for a `pong`; either end may send it at any time after `welcome`. */
export interface PingMessage {
  readonly type: 'ping';
}

export interface PongMessage {
  readonly type: 'pong';
}

export type ClientMessage = HelloMessage | SubscribeMessage | UnsubscribeMessage | PingMessage | PongMessage;

export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly connection_id: string;
  /** The server pings this often: silence for longer means that the connection is dead. */
  readonly ping_interval_ms: number;
}

/** All that was missed has been sent; from here on events come as they happen. */
export interface SubscribedMessage {
  readonly type: 'subscribed';
  readonly channel: string;
  readonly cursor: string;
}

/** The subscription has ended because its position cannot be honoured: take a snapshot and subscribe with its cursor. */
export interface ResetMessage {
  readonly type: 'reset';
  readonly channel: string;
}

export interface RefusedMessage {
  readonly type: 'refused';
  readonly channel: string;
  readonly code: 'CHANNEL_NOT_FOUND' | 'TOO_MANY_CHANNELS';
}

export interface EventMessage<Event extends StreamEvent = StreamEvent> {
  readonly type: 'event';
  readonly channel: string;
  /** 1, 2, 3 … without gaps within a channel: anything but the last one plus one proves a repetition or a loss. */
  readonly seq: number;
  /** Where to resume once this event is applied. */
  readonly cursor: string;
  readonly event: Event;
}

/** The server is about to stop: connect anew at a random moment within the spread. */
export interface DrainMessage {
  readonly type: 'drain';
  readonly spread_ms: number;
}

/** Says what was wrong just before the server closes. */
export interface ErrorMessage {
  readonly type: 'error';
  readonly code: 'MALFORMED';
  readonly detail: string;
}

export type ServerMessage =
  | WelcomeMessage
  | SubscribedMessage
  | ResetMessage
  | RefusedMessage
  | EventMessage
  | PingMessage
  | PongMessage
  | DrainMessage
  | ErrorMessage;

/** What polling answers: the events after the cursor and where to go on, or that only a snapshot helps. */
export type PollAnswer =
  | { readonly events: readonly EventMessage[]; readonly cursor: string }
  | { readonly reset: true };
