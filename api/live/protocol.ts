import { createSourceEventStream, type ExecutionArgs, type GraphQLError, type GraphQLFormattedError } from "graphql";
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, type Message, MessageType, parseMessage } from "graphql-ws";
import { bugError } from "../../data/model/errors.ts";
import type { ChangeHub } from "../feed/change-hub.ts";
import { ChangeStream } from "../feed/viewer-changes.ts";
import { encoderOf } from "./encode-change.ts";
import { MAX_BUFFERED_BYTES } from "./limits.ts";
import { asGraphqlError } from "./prepare-operation.ts";
import { type LiveSocket, SocketSink } from "./socket-sink.ts";

/** How long a client may take to introduce itself, ms. */
const INIT_WAIT_MS = 3_000;
const NOT_ACCEPTABLE = 4406;

type Subscribe = Extract<Message, { type: MessageType.Subscribe }>;

export interface ProtocolOptions {
  readonly hub: ChangeHub;
  /** What an operation executes, or what is wrong with it. */
  readonly prepare: (
    payload: Subscribe["payload"],
    running: number,
  ) => Promise<ExecutionArgs | readonly GraphQLError[]>;
  readonly formatErrors: (errors: readonly GraphQLError[]) => readonly GraphQLFormattedError[];
  /** What the server says of itself with the first answer and each beat. */
  readonly beat: () => object;
  /** Something of ours went wrong: the socket is closed, and the client comes again. */
  readonly failed: (error: unknown) => void;
}

/**
 * One socket's side of the protocol `graphql-transport-ws`
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). Subscriptions only. Written here rather than taken from a
 * library, because a library executes and encodes each event for each client, and here that is done once for all.
 *
 * Call `take` with each message of the client and `end` when the socket has closed.
 */
export class ProtocolSession {
  readonly #live: LiveSocket;
  readonly #options: ProtocolOptions;
  /** Operations by the client's id; what ends one is there when it runs. */
  readonly #operations = new Map<string, { end?: () => void; ended: boolean }>();
  readonly #init: NodeJS.Timeout;
  #introduced = false;

  constructor(live: LiveSocket, options: ProtocolOptions) {
    this.#live = live;
    this.#options = options;
    this.#init = setTimeout(
      () => this.#close(CloseCode.ConnectionInitialisationTimeout, "Connection initialisation timeout"),
      INIT_WAIT_MS,
    );
    if (live.socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL)
      this.#close(NOT_ACCEPTABLE, "Subprotocol not acceptable");
  }

  /** Takes one message of the client. @throws what is a fault of ours */
  async take(data: string): Promise<void> {
    let message: Message;
    try {
      message = parseMessage(data);
    } catch {
      return this.#close(CloseCode.BadRequest, "Invalid message received");
    }
    switch (message.type) {
      case MessageType.ConnectionInit:
        if (this.#introduced) return this.#close(CloseCode.TooManyInitialisationRequests, "Too many initialisations");
        this.#introduced = true;
        clearTimeout(this.#init);
        return this.#send({ type: MessageType.ConnectionAck, payload: this.#options.beat() });
      case MessageType.Ping:
        return this.#send({ type: MessageType.Pong, ...(message.payload ? { payload: message.payload } : {}) });
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return this.#subscribe(message);
      case MessageType.Complete:
        return this.#complete(message.id);
      default:
        return this.#close(CloseCode.BadRequest, "Unexpected message received");
    }
  }

  /** Says that the server lives. */
  beat(): void {
    this.#send({ type: MessageType.Ping, payload: this.#options.beat() });
  }

  /** Ends all operations. */
  end(): void {
    clearTimeout(this.#init);
    for (const id of [...this.#operations.keys()]) this.#complete(id);
  }

  async #subscribe({ id, payload }: Subscribe): Promise<void> {
    if (!this.#introduced) return this.#close(CloseCode.Unauthorized, "Unauthorized");
    if (this.#operations.has(id))
      return this.#close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id.slice(0, 60)} already exists`);
    const operation: { end?: () => void; ended: boolean } = { ended: false };
    this.#operations.set(id, operation);
    const refuse = (errors: readonly GraphQLError[]): void => {
      if (operation.ended) return;
      this.#operations.delete(id);
      this.#send({ id, type: MessageType.Error, payload: this.#options.formatErrors(errors) });
    };
    const args = await this.#options.prepare(payload, this.#operations.size);
    if (!("schema" in args)) return refuse(args);
    let stream: unknown;
    try {
      stream = await createSourceEventStream(args);
    } catch (error) {
      return refuse([asGraphqlError(error)]);
    }
    if (!(stream instanceof ChangeStream)) {
      const { errors } = stream as { errors?: readonly GraphQLError[] };
      if (!errors) throw bugError("a subscription gave something else than changes");
      return refuse(errors);
    }
    if (operation.ended) return;
    const sink = new SocketSink(this.#live, encoderOf(args), id, this.#options.failed);
    operation.end = this.#options.hub.open(stream, sink);
  }

  #complete(id: string): void {
    const operation = this.#operations.get(id);
    if (!operation) return;
    this.#operations.delete(id);
    operation.ended = true;
    operation.end?.();
  }

  #send(message: object): void {
    const { socket, connection } = this.#live;
    if (socket.readyState !== socket.OPEN) return;
    // Who asks and asks and reads no answer.
    if (connection.writableLength > 2 * MAX_BUFFERED_BYTES) socket.terminate();
    else socket.send(JSON.stringify(message), () => undefined);
  }

  #close(code: number, reason: string): void {
    this.#live.socket.close(code, reason);
  }
}
