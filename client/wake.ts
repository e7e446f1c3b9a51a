/** Calls `onWake` when the device may have come back: the page is shown again, or the network is said to be there. Answers how to stop. */
export function watchForWake(onWake: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') onWake();
  };
  const page = typeof document === 'undefined' ? null : document;
  const host = typeof globalThis.addEventListener === 'function' ? globalThis : null;
  page?.addEventListener('visibilitychange', onVisible);
  host?.addEventListener('online', onWake);
  return () => {
    page?.removeEventListener('visibilitychange', onVisible);
    host?.removeEventListener('online', onWake);
  };
}

/** Whether the device says that it has no network. The contrary proves nothing. */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}
