import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { ChangeSink } from "../feed/subscriber.ts";
import type { ToldChange } from "../feed/told-change.ts";
import type { ChangeEncoder } from "./encode-change.ts";
import { MAX_BUFFERED_BYTES } from "./limits.ts";

/** Waits less than this for a client: it reads. Bytes. */
const READING_BYTES = 16 * 1024;
const NOTHING = Buffer.alloc(0);

/** A WebSocket and the connection below it. */
export interface LiveSocket {
  readonly socket: WebSocket;
  readonly connection: Socket;
}

/**
 * Sends the changes of one operation to one socket. Frames are written to the connection itself: nothing is compressed here
 * (`perMessageDeflate` is off), so that a frame is a few bytes before the message, and many are one write.
 */
export class SocketSink implements ChangeSink {
  readonly #socket: WebSocket;
  readonly #connection: Socket;
  readonly #encoder: ChangeEncoder;
  readonly #head: string;
  readonly #failed: (error: unknown) => void;

  /**
   * @param id of the operation, as the client named it
   * @param failed a change could not be encoded: a fault of ours, which must not keep it from others
   */
  constructor(
    { socket, connection }: LiveSocket,
    encoder: ChangeEncoder,
    id: string,
    failed: (error: unknown) => void,
  ) {
    this.#socket = socket;
    this.#connection = connection;
    this.#encoder = encoder;
    this.#failed = failed;
    this.#head = `{"id":${JSON.stringify(id)},`;
  }

  send(changes: readonly ToldChange[]): boolean {
    // What is sent to a socket that closes goes nowhere, and nobody waits for it.
    if (this.#socket.readyState !== this.#socket.OPEN) return true;
    if (this.#connection.writableLength > MAX_BUFFERED_BYTES) return false;
    try {
      this.#connection.write(this.#encoder.frames(this.#head, changes));
    } catch (error) {
      this.#failed(error);
    }
    return true;
  }

  drained(): Promise<void> {
    const connection = this.#connection;
    if (connection.destroyed || connection.writableLength < READING_BYTES) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        connection.removeListener("close", done);
        resolve();
      };
      connection.once("close", done);
      // Its turn comes when all before it has left.
      connection.write(NOTHING, done);
    });
  }
}
