import { shallowReactive } from 'vue';

export interface Message {
  readonly title: string;
  readonly text?: string;
}

const SHOWN_MS = 8_000;
/** More at once would only cover the page. */
const SHOWN_MAX = 4;

const messages = shallowReactive<Message[]>([]);

/** Says something to the person, whichever page they are on. */
export function say(message: Message): void {
  messages.push(message);
  if (messages.length > SHOWN_MAX) messages.shift();
  setTimeout(() => unsay(message), SHOWN_MS);
}

/** What is being said at the moment, and how to take it away early. */
export function useMessages() {
  return { messages, unsay };
}

function unsay(message: Message): void {
  const index = messages.indexOf(message);
  if (index >= 0) messages.splice(index, 1);
}
