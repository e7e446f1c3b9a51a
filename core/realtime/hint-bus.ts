import type { RecordedEvent } from '#core/events/event.ts';

type Listener = (events: readonly RecordedEvent[]) => void;

/**
 * Carries "this was just committed" from whoever writes to every node that serves sockets. A hint only: it may be lost, repeated or
 * reordered, since nodes compare their streams with the database anyway. It must not let a stranger publish: hints are shown to clients.
 */
export interface HintBus {
  /** Returns at once and never throws: it stands between a COMMIT and its answer. */
  publish(events: readonly RecordedEvent[]): void;
  /** Answers the function that ends the subscription. */
  subscribe(listener: Listener): () => void;
  close(): void;
}

/** The bus of a single process. Delivers after the current turn, so that the writer's answer goes out before the fan-out. */
export function inProcessHintBus(): HintBus {
  const listeners = new Set<Listener>();
  let waiting: RecordedEvent[] = [];

  const deliver = () => {
    const events = waiting;
    waiting = [];
    for (const listener of listeners) listener(events);
  };

  return {
    publish: (events) => {
      if (waiting.length === 0) setImmediate(deliver);
      waiting.push(...events);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => listeners.clear(),
  };
}
