import { connect } from "node:net";

/** What a server sent back over a connection of our own making, and how long it took until it closed it or fell silent. */
export interface RawAnswer {
  readonly text: string;
  /** Status of the first answer; 0 when there was none. */
  readonly status: number;
  readonly closed: boolean;
  readonly ms: number;
}

/**
 * Sends bytes as they are, past every check that an HTTP client makes.
 *
 * @param write sends what it likes; called once the connection is open
 * @param quietMs how long to wait for more before the answer is taken for complete
 */
export function rawHttp(
  port: number,
  write: (send: (chunk: string | Uint8Array) => boolean) => void,
  quietMs = 300,
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const started = performance.now();
    let text = "";
    let timer: NodeJS.Timeout | undefined;
    const socket = connect(port, "127.0.0.1");
    const end = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      resolve({ text, status, closed, ms: performance.now() - started });
    };
    socket.on("data", (data) => {
      text += data.toString("latin1");
      clearTimeout(timer);
      timer = setTimeout(() => end(false), quietMs);
    });
    socket.on("close", () => end(true));
    // A server that refuses a body closes while we still send: that is what we want to see.
    socket.on("error", () => undefined);
    socket.on("connect", () => write((chunk) => socket.writable && socket.write(chunk)));
  });
}
