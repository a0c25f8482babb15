import { createHash } from "node:crypto";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_COUNTY } from "../fixtures/small-county-base.ts";
import { CHANGES, LiveClient } from "./live-client.ts";
import { viewerHeaders } from "./viewers.ts";

const PAGE = `query ($county: String!, $after: String) { incidents(filter: { inside: $county }, first: 500, after: $after) {
  edges { node { ref version } } pageInfo { endCursor hasNextPage } } }`;

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
  #versions = new Map<number, number>();
  #client: LiveClient | undefined;
  #cursor: string | undefined;
  #taken = 0;
  #ended = false;
  /** How often it lost its connection, and how often it had to read everything. */
  lost = 0;
  resets = 0;

  constructor(url: string, viewer: Viewer) {
    this.#url = url;
    this.#viewer = viewer;
    void this.#keepOn();
  }

  get hash(): string {
    return stateHash(this.#versions);
  }

  get cases(): number {
    return this.#versions.size;
  }

  end(): void {
    this.#ended = true;
    this.#client?.end();
  }

  async #keepOn(): Promise<void> {
    while (!this.#ended) {
      const client = LiveClient.open(this.#url, viewerHeaders(this.#viewer));
      this.#client = client;
      this.#taken = 0;
      client.socket.on("message", () => void this.#take(client).catch(() => client.end()));
      client.socket.on("error", () => undefined);
      const since = this.#cursor ? { since: this.#cursor } : {};
      void client.subscribe({ county: SMALL_COUNTY, ...since }, CHANGES).catch(() => undefined);
      await new Promise((resolve) => {
        client.socket.once("close", resolve);
        client.socket.once("unexpected-response", resolve);
      });
      this.lost++;
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 200));
    }
  }

  async #take(client: LiveClient): Promise<void> {
    if (client !== this.#client) return;
    for (const change of client.changes.slice(this.#taken)) {
      this.#taken++;
      if (change.op === "RESET" || change.op === "BULK") {
        this.resets++;
        await this.#read();
      } else if (change.ref !== null && change.version !== null)
        this.#versions.set(change.ref, Math.max(change.version, this.#versions.get(change.ref) ?? 0));
      this.#cursor = change.cursor;
    }
  }

  async #read(): Promise<void> {
    let after: string | null = null;
    do {
      const response = await fetch(`${this.#url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: this.#url, ...viewerHeaders(this.#viewer) },
        body: JSON.stringify({ query: PAGE, variables: { county: SMALL_COUNTY, after } }),
      });
      const { data } = (await response.json()) as Answer;
      if (!data) throw new Error("cases could not be read");
      for (const { node } of data.incidents.edges)
        this.#versions.set(node.ref, Math.max(node.version, this.#versions.get(node.ref) ?? 0));
      after = data.incidents.pageInfo.hasNextPage ? data.incidents.pageInfo.endCursor : null;
    } while (after !== null);
  }
}
