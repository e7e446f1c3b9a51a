/** A page in the background gets no frames, and still must ring: what arrives is handed on after this long at the latest. */
const DELAY_MAX_MS = 200;

/** Gathers what arrives and hands it on once per frame, so that a burst is drawn once. */
export function perFrame<Item>(handle: (items: readonly Item[]) => void) {
  let waiting: Item[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const flush = () => {
    stop();
    const items = waiting;
    waiting = [];
    handle(items);
  };

  return {
    add: (item: Item): void => {
      waiting.push(item);
      if (waiting.length > 1) return;
      frame = requestAnimationFrame(flush);
      timer = setTimeout(flush, DELAY_MAX_MS);
    },
    stop,
  };
}
