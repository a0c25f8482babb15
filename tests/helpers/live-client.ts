import { WebSocket } from "ws";

/** An event as a client gets it. */
export interface LiveChange {
  readonly op: string;
  readonly kind: string;
  readonly id: string | null;
  readonly ref: number | null;
  readonly version: number | null;
  readonly liveVersion: string;
  readonly snapshotVersion: string | null;
  readonly cursor: string;
}

export const CHANGES = `subscription ($county: String!, $area: String, $kinds: [ChangeKind!], $since: String) {
  changes(county: $county, area: $area, kinds: $kinds, since: $since) {
    op kind id ref version liveVersion snapshotVersion cursor } }`;

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A socket that speaks `graphql-transport-ws`, message by message, so that tests can also say what no good client says. */
export class LiveClient {
  readonly changes: LiveChange[] = [];
  /** Errors of operations, in order. */
  readonly errors: { readonly message: string; readonly extensions?: { readonly code?: string } }[] = [];
  readonly types: string[] = [];
  /** The code that the socket was closed with, or the status of the answer that refused it. */
  readonly closed: Promise<number>;
  readonly #ready: Promise<void>;
  #next = 1;

  constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => this.#receive(JSON.parse(String(data)) as Message));
    this.closed = new Promise((resolve) => {
      socket.once("close", resolve);
      socket.once("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    });
    this.#ready = new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    this.#ready.catch(() => undefined);
  }

  /** Opens a socket. @param url of the server, http */
  static open(url: string, headers: Readonly<Record<string, string>>): LiveClient {
    const address = `${url.replace(/^http/, "ws")}/graphql`;
    return new LiveClient(new WebSocket(address, "graphql-transport-ws", { headers: { origin: url, ...headers } }));
  }

  #receive(message: Message): void {
    this.types.push(message.type);
    if (message.type === "ping") this.send({ type: "pong" });
    if (message.type === "error") this.errors.push(...(message.payload as LiveClient["errors"]));
    if (message.type !== "next") return;
    const { data, errors } = message.payload as {
      data?: { changes: LiveChange } | null;
      errors?: LiveClient["errors"];
    };
    this.errors.push(...(errors ?? []));
    if (data?.changes) this.changes.push(data.changes);
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Introduces itself and subscribes. @returns the operation's id */
  async subscribe(variables: Readonly<Record<string, unknown>>, query = CHANGES): Promise<string> {
    await this.#ready;
    if (!this.types.includes("connection_ack")) this.send({ type: "connection_init" });
    while (!this.types.includes("connection_ack")) {
      if (this.socket.readyState !== WebSocket.OPEN) throw new Error("the socket closed before it was acknowledged");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const id = String(this.#next++);
    this.send({ id, type: "subscribe", payload: { query, variables } });
    return id;
  }

  end(): void {
    this.socket.terminate();
  }
}
