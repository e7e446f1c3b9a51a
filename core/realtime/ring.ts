import type { EventFrame } from './frame.ts';

/** Recent events that a channel keeps encoded, so that a short absence costs no read. */
const RING_FRAMES_MAX = 256;

/** The last frames of a channel, contiguous. */
export class Ring {
  #frames: EventFrame[] = [];

  push(frame: EventFrame): void {
    this.#frames.push(frame);
    if (this.#frames.length > RING_FRAMES_MAX) this.#frames.shift();
  }

  /** The frames after `seq`, or null when the ring does not reach back that far. */
  after(seq: number): readonly EventFrame[] | null {
    const oldest = this.#frames[0]?.seq;
    if (oldest === undefined || seq + 1 < oldest) return null;
    return this.#frames.slice(seq + 1 - oldest);
  }

  clear(): void {
    this.#frames = [];
  }
}
