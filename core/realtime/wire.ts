import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { RealtimeLimits } from './limits.ts';

export interface WireOptions {
  readonly webSocket: WebSocket;
  /** The TCP or TLS connection below it. */
  readonly socket: Duplex;
  readonly limits: RealtimeLimits;
  readonly owner: WireOwner;
}

export interface WireOwner {
  /** A client that had fallen behind has read everything. */
  onDrain(): void;
}

/** The way to one client, and how much of what was sent still waits for it. */
export class Wire {
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #limits: RealtimeLimits;
  readonly #owner: WireOwner;
  #pausedAt: number | null = null;

  constructor({ webSocket, socket, limits, owner }: WireOptions) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#limits = limits;
    this.#owner = owner;
  }

  /**
   * Writes a frame; answers whether more may follow now. When not, the owner will hear of it. Frames go to the socket directly, which is
   * sound because without compression the library, too, writes each of its frames at once and whole.
   */
  write(frame: Buffer): boolean {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return true;
    this.#socket.write(frame);
    if (this.#socket.writableLength < this.#limits.pauseAtBytes) return true;
    this.#pause();
    return false;
  }

  /** Whether the client has fallen too far behind, in bytes or in time, to be waited for. */
  isStuck(now: number): boolean {
    if (this.#pausedAt === null) return false;
    const { slowAtBytes, slowAfterMs } = this.#limits;
    return this.#socket.writableLength >= slowAtBytes || now - this.#pausedAt >= slowAfterMs;
  }

  close(code: number): void {
    this.#webSocket.close(code);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  #pause(): void {
    if (this.#pausedAt !== null) return;
    this.#pausedAt = performance.now();
    this.#socket.once('drain', () => {
      this.#pausedAt = null;
      this.#owner.onDrain();
    });
  }
}
