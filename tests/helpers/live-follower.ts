import { createHash } from "node:crypto";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_COUNTY } from "../fixtures/small-county-base.ts";
import { CHANGES, LiveClient } from "./live-client.ts";
import { viewerHeaders } from "./viewers.ts";

const PAGE = `query ($county: String!, $after: String) { incidents(filter: { inside: $county }, first: 500, after: $after) {
  edges { node { ref version } } pageInfo { endCursor hasNextPage } } }`;
const READ_MS = 10_000;

interface Answer {
  readonly data?: {
    readonly incidents: {
      readonly edges: readonly { readonly node: { readonly ref: number; readonly version: number } }[];
      readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
    };
  };
}

/** Number and version of every case, as text that is equal for equal cases. */
export const stateHash = (versions: Iterable<readonly [ref: number, version: number]>): string =>
  createHash("sha256")
    .update(JSON.stringify([...versions].sort(([a], [b]) => a - b)))
    .digest("hex");

/**
 * A client that keeps the cases of the county as a page does: reads them when it is told to, follows changes from where it was,
 * and comes again by itself whenever the server is away.
 */
export class LiveFollower {
  readonly #url: string;
  readonly #viewer: Viewer;
  readonly #versions = new Map<number, number>();
  #client: LiveClient | undefined;
  #cursor: string | undefined;
  /** Changes are taken one after another, also where one has everything read anew. */
  #taking: Promise<void> = Promise.resolve();
  #ended = false;
  /** How often it lost its connection or found nobody, and how often it was told to read everything. */
  lost = 0;
  resets = 0;

  constructor(url: string, viewer: Viewer) {
    this.#url = url;
    this.#viewer = viewer;
    this.#connect();
  }

  get hash(): string {
    return stateHash(this.#versions);
  }

  /** Does it know of all these cases? */
  holds(refs: Iterable<number>): boolean {
    for (const ref of refs) if (!this.#versions.has(ref)) return false;
    return true;
  }

  end(): void {
    this.#ended = true;
    this.#client?.end();
  }

  #connect(): void {
    const client = LiveClient.open(this.#url, viewerHeaders(this.#viewer));
    this.#client = client;
    let taken = 0;
    client.socket.on("message", () => {
      const changes = client.changes.slice(taken);
      taken = client.changes.length;
      this.#taking = this.#taking.then(() => this.#take(client, changes)).catch(() => client.end());
    });
    client.socket.on("error", () => undefined);
    // What was read of the connection before is taken first: the place to go on from is the last one's.
    this.#taking = this.#taking.then(async () => {
      const since = this.#cursor ? { since: this.#cursor } : {};
      await client.subscribe({ county: SMALL_COUNTY, ...since }, CHANGES).catch(() => client.end());
    });
    const away = (): void => {
      this.lost++;
      if (!this.#ended) setTimeout(() => !this.#ended && this.#connect(), 100 + Math.random() * 200);
    };
    client.socket.once("close", away);
  }

  async #take(client: LiveClient, changes: LiveClient["changes"]): Promise<void> {
    for (const change of changes) {
      if (client !== this.#client) return;
      if (change.op === "RESET" || change.op === "BULK") {
        this.resets++;
        await this.#read();
      } else if (change.ref !== null && change.version !== null) this.#keep(change.ref, change.version);
      this.#cursor = change.cursor;
    }
  }

  #keep(ref: number, version: number): void {
    this.#versions.set(ref, Math.max(version, this.#versions.get(ref) ?? 0));
  }

  async #read(): Promise<void> {
    let after: string | null = null;
    do {
      const response = await fetch(`${this.#url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: this.#url, ...viewerHeaders(this.#viewer) },
        body: JSON.stringify({ query: PAGE, variables: { county: SMALL_COUNTY, after } }),
        signal: AbortSignal.timeout(READ_MS),
      });
      const { data } = (await response.json()) as Answer;
      if (!data) throw new Error("cases could not be read");
      for (const { node } of data.incidents.edges) this.#keep(node.ref, node.version);
      after = data.incidents.pageInfo.hasNextPage ? data.incidents.pageInfo.endCursor : null;
    } while (after !== null);
  }
}
