import { createCore } from "./core.ts";
import type { ToWorker } from "./protocol.ts";

/** The worker around the core: messages in, messages out. */
const scope = self as unknown as {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const handle = createCore({
  fetch: (path, init) => fetch(path, init),
  post: (message, transfer) => scope.postMessage(message, transfer),
});
scope.onmessage = ({ data }) => handle(data);
