import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ClientMessage } from '#client/protocol.ts';

const CHANNEL = Type.String({ pattern: '^[A-Za-z0-9._-]{1,200}$' });
const TOKEN = Type.String({ maxLength: 200 });

const clientMessage = Compile(
  Type.Union([
    frame({ type: Type.Literal('hello'), ticket: Type.Optional(TOKEN) }),
    frame({ type: Type.Literal('subscribe'), channel: CHANNEL, cursor: Type.Optional(TOKEN) }),
    frame({ type: Type.Literal('unsubscribe'), channel: CHANNEL }),
    frame({ type: Type.Literal('ping') }),
    frame({ type: Type.Literal('pong') }),
  ]),
);

/** What a client said, or null when the text is no frame of the protocol. */
export function parseClientMessage(text: string): ClientMessage | null {
  const value = parseJson(text);
  return clientMessage.Check(value) ? value : null;
}

function frame<Properties extends Type.TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
