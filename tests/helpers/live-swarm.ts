import { WebSocket } from "ws";
import type { LiveChange } from "./live-client.ts";
import { committedAt, type Hearing, hears } from "./planned-changes.ts";

export interface SwarmMember extends Hearing {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface SwarmPlan {
  /** Servers; each connection goes to one of them by chance. */
  readonly urls: readonly string[];
  readonly members: readonly SwarmMember[];
  readonly total: number;
  readonly lanes: number;
  /** Connections that are cut by chance while changes come. */
  readonly cuts: number;
}

export interface SwarmResult {
  readonly delivered: number;
  readonly bytes: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly disordered: number;
  /** Events that a member should never have heard. */
  readonly strange: number;
  /** Beyond the one that each member begins with. */
  readonly resets: number;
  /** Events of which such a reset says that they are to be read anew: not told, and not lost. */
  readonly reread: number;
  readonly cuts: number;
  readonly connections: number;
  /** Subscriptions that a server could not begin, asked for again. */
  readonly refused: number;
  /** From the last statement before the commit to the client, ms, of connections that stood; sorted. */
  readonly delays: readonly number[];
}

const RETRY_MS = 60;

/** One client that goes on where it was, whatever happens to its connection, and keeps account of all that it hears. */
class Member {
  readonly #plan: SwarmPlan;
  readonly #member: SwarmMember;
  readonly #heard: Uint8Array;
  readonly #last: number[];
  /** Lanes of which a reset came after what was heard last. */
  readonly #gap: boolean[];
  #socket: WebSocket | undefined;
  #cursor: string | undefined;
  #ended = false;
  /** Until then what comes was missed, not late. */
  #steadyFrom = Number.POSITIVE_INFINITY;
  begun = false;
  delivered = 0;
  bytes = 0;
  duplicated = 0;
  disordered = 0;
  strange = 0;
  resets = 0;
  reread = 0;
  connections = 0;
  refused = 0;
  readonly delays: number[] = [];

  constructor(plan: SwarmPlan, member: SwarmMember) {
    this.#plan = plan;
    this.#member = member;
    this.#heard = new Uint8Array(plan.total);
    this.#last = new Array<number>(plan.lanes).fill(-1);
    this.#gap = new Array<boolean>(plan.lanes).fill(false);
    this.#connect();
  }

  get lost(): number {
    let lost = 0;
    for (let n = 0; n < this.#plan.total; n++) if (hears(this.#member, n) && !this.#heard[n]) lost++;
    return lost - this.reread;
  }

  /** Everything of a lane that a reset stands for, up to the change that was heard next. */
  #rereadUpTo(lane: number, end: number): void {
    if (!this.#gap[lane]) return;
    this.#gap[lane] = false;
    for (let n = (this.#last[lane] ?? -1) + 1; n < end; n++)
      if (n % this.#plan.lanes === lane && hears(this.#member, n) && !this.#heard[n]) this.reread++;
  }

  /** What a last reset stands for, when nothing more comes. */
  endOfPlan(): void {
    for (let lane = 0; lane < this.#plan.lanes; lane++) this.#rereadUpTo(lane, this.#plan.total);
  }

  cut(): void {
    this.#socket?.terminate();
  }

  end(): void {
    this.#ended = true;
    this.cut();
  }

  #connect(): void {
    const { urls } = this.#plan;
    const url = urls[Math.floor(Math.random() * urls.length)] ?? "";
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/graphql`, "graphql-transport-ws", {
      headers: { origin: url, ...this.#member.headers },
    });
    this.#socket = socket;
    this.connections++;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#steadyFrom = Number.POSITIVE_INFINITY;
      if (!this.#ended) setTimeout(() => !this.#ended && this.#connect(), RETRY_MS * (0.5 + Math.random()));
    });
    socket.on("open", () => socket.send('{"type":"connection_init"}'));
    socket.on("message", (data) => this.#take(socket, String(data)));
  }

  #take(socket: WebSocket, text: string): void {
    const message = JSON.parse(text) as { type: string; payload?: { data?: Record<string, LiveChange> } };
    if (message.type === "ping") socket.send('{"type":"pong"}');
    if (message.type === "connection_ack") {
      const { query, variables } = this.#member;
      const payload = { query, variables: { ...variables, since: this.#cursor } };
      socket.send(JSON.stringify({ id: "00000000-0000-4000-8000-000000000000", type: "subscribe", payload }));
      this.#steadyFrom = Date.now() + 1_000;
    }
    if (message.type === "error") {
      // A server that is short of something (its database does not answer in time) is asked again, as a page does.
      if (!text.includes('"INTERNAL"')) throw new Error(text);
      this.refused++;
      socket.terminate();
      return;
    }
    const change = message.type === "next" ? Object.values(message.payload?.data ?? {})[0] : undefined;
    if (!change) return;
    this.#cursor = change.cursor;
    if (change.op === "RESET") {
      if (this.begun) {
        this.resets++;
        this.#gap.fill(true);
      }
      this.begun = true;
      return;
    }
    const n = change.ref ?? -1;
    this.delivered++;
    this.bytes += text.length;
    if (!hears(this.#member, n)) this.strange++;
    if (this.#heard[n]) this.duplicated++;
    this.#heard[n] = 1;
    const lane = n % this.#plan.lanes;
    this.#rereadUpTo(lane, n);
    if (n <= (this.#last[lane] ?? -1)) this.disordered++;
    this.#last[lane] = n;
    if (change.id && Date.now() > this.#steadyFrom) this.delays.push(Date.now() - committedAt(change.id));
  }
}

/** Many clients of planned changes. */
export class Swarm {
  readonly #plan: SwarmPlan;
  readonly #members: readonly Member[];
  #cuts = 0;

  constructor(plan: SwarmPlan) {
    this.#plan = plan;
    this.#members = plan.members.map((member) => new Member(plan, member));
  }

  /** Resolves when every member has its place. */
  async ready(): Promise<void> {
    while (this.#members.some(({ begun }) => !begun)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Cuts connections by chance, spread over a time. */
  async cutFor(ms: number): Promise<void> {
    const started = performance.now();
    while (this.#cuts < this.#plan.cuts) {
      const wait = started + (ms * (this.#cuts + Math.random())) / this.#plan.cuts - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      this.#cuts++;
      this.#members[Math.floor(Math.random() * this.#members.length)]?.cut();
    }
  }

  /** Waits until everybody has heard everything, or for so long that nothing more comes. */
  async settle(quietMs: number): Promise<SwarmResult> {
    let before = -1;
    let since = performance.now();
    for (;;) {
      const delivered = this.#sum(({ delivered: one }) => one);
      if (delivered !== before) since = performance.now();
      before = delivered;
      if (this.#members.every(({ lost }) => lost === 0) || performance.now() - since > quietMs) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    // What comes twice comes late.
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const member of this.#members) member.endOfPlan();
    return {
      delivered: this.#sum(({ delivered }) => delivered),
      bytes: this.#sum(({ bytes }) => bytes),
      lost: this.#sum(({ lost }) => lost),
      duplicated: this.#sum(({ duplicated }) => duplicated),
      disordered: this.#sum(({ disordered }) => disordered),
      strange: this.#sum(({ strange }) => strange),
      resets: this.#sum(({ resets }) => resets),
      reread: this.#sum(({ reread }) => reread),
      cuts: this.#cuts,
      connections: this.#sum(({ connections }) => connections),
      refused: this.#sum(({ refused }) => refused),
      delays: this.#members.flatMap(({ delays }) => delays).sort((a, b) => a - b),
    };
  }

  end(): void {
    for (const member of this.#members) member.end();
  }

  #sum(of: (member: Member) => number): number {
    return this.#members.reduce((sum, member) => sum + of(member), 0);
  }
}
