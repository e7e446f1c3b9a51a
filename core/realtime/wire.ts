import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { RealtimeLimits } from './limits.ts';

export interface WireOptions {
  readonly webSocket: WebSocket;
  /** The TCP or TLS connection below it. */
  readonly socket: Duplex;
  readonly limits: RealtimeLimits;
  /** Called when a client that had fallen behind has read everything. */
  readonly onDrain: () => void;
}

/** The way to one client, and how much of what was sent still waits for it. */
export class Wire {
  readonly #options: WireOptions;
  #pausedAt: number | null = null;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /**
   * Writes a frame; answers whether more may follow now. When not, `onDrain` will tell. Frames go to the socket directly, which is sound
   * because without compression the library, too, writes each of its frames at once and whole.
   */
  write(frame: Buffer): boolean {
    const { webSocket, socket, limits } = this.#options;
    if (webSocket.readyState !== WebSocket.OPEN) return true;
    socket.write(frame);
    if (socket.writableLength < limits.pauseAtBytes) return true;
    this.#pause(socket);
    return false;
  }

  /** Whether the client has fallen too far behind, in bytes or in time, to be waited for. */
  isStuck(now: number): boolean {
    const { socket, limits } = this.#options;
    if (this.#pausedAt === null) return false;
    return socket.writableLength >= limits.slowAtBytes || now - this.#pausedAt >= limits.slowAfterMs;
  }

  close(code: number): void {
    this.#options.webSocket.close(code);
  }

  terminate(): void {
    this.#options.webSocket.terminate();
  }

  #pause(socket: Duplex): void {
    if (this.#pausedAt !== null) return;
    this.#pausedAt = performance.now();
    socket.once('drain', () => {
      this.#pausedAt = null;
      this.#options.onDrain();
    });
  }
}
