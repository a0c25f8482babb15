import { createCore } from "./core.ts";
import type { ToWorker } from "./protocol.ts";

/** The worker around the core: messages in, messages out; named after the county that it opens. */
const scope = self as unknown as {
  readonly name: string;
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const handle = createCore({
  fetch: (path, init) => fetch(path, init),
  post: (message, transfer) => scope.postMessage(message, transfer),
});
scope.onmessage = ({ data }) => handle(data);
handle({ kind: "open", county: scope.name });
