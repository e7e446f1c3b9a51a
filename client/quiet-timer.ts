/** Lets a Node process end although the timer is set; browsers have no such notion. */
export function quiet(timer: ReturnType<typeof setTimeout>): ReturnType<typeof setTimeout> {
  if (typeof timer === 'object') timer.unref();
  return timer;
}
