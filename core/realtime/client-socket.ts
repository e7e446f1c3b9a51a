import { WebSocket, type RawData } from 'ws';

/** What a socket tells. */
export interface SocketListener {
  /** A frame; null when it is not text. */
  hear(text: string | null): void;
  /** A ping of the WebSocket protocol, which the library answers. */
  touch(): void;
  /** The connection is gone, whoever ended it. */
  leave(): void;
}

/** A socket with one listener. The functions below are shared by all sockets: a closure each would be a fifth of what an idle one holds. */
export class ClientSocket extends WebSocket {
  #listener: SocketListener | null = null;

  listen(listener: SocketListener): void {
    this.#listener = listener;
    this.on('message', ClientSocket.#onMessage);
    this.on('ping', ClientSocket.#onPing);
    this.on('error', ClientSocket.#onError);
    this.on('close', ClientSocket.#onClose);
  }

  static #onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    if (#listener in this) this.#listener?.hear(isBinary ? null : data.toString());
  }

  static #onPing(this: WebSocket): void {
    if (#listener in this) this.#listener?.touch();
  }

  /** The library closes the socket after each error, with the code that fits. */
  static #onError(): void {}

  static #onClose(this: WebSocket): void {
    if (#listener in this) this.#listener?.leave();
  }
}
