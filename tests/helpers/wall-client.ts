import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentNode, print } from "graphql";
import { decodeColumns, encodeColumns } from "../../data/columns/format.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { COUNTY_PARTS } from "../../web/data/county-data.ts";
import * as documents from "../../web/gql/generated.ts";
import type { SlabList } from "../../web/plane/source.ts";
import type { TestApi } from "./api.ts";
import { viewerHeaders } from "./viewers.ts";

const WEB = join(import.meta.dirname, "../../web");
/** Seats that are no wall; what stands beside the seats is shared by all. */
const ELSEWHERE = /^seats\/(?!wall\/)|-desk\.graphql$/;

/** Operations that the wall's client may send: those of its own folder and of the shared ones. */
export const WALL_OPERATIONS: readonly string[] = readdirSync(WEB, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".graphql") && !ELSEWHERE.test(name))
  .sort()
  .flatMap((name) => [...readFileSync(join(WEB, name), "utf8").matchAll(/^(?:query|mutation)\s+(\w+)/gm)])
  .map(([, operation = ""]) => operation);

const document = (operation: string): DocumentNode => {
  const found = (documents as Readonly<Record<string, unknown>>)[`${operation}Document`];
  if (!found) throw new Error(`web/gql/generated.ts has no ${operation}: run npm run codegen`);
  return found as DocumentNode;
};

/** What came over the wire in a round, by request. */
export type Traffic = { readonly request: string; readonly status: number; readonly bytes: Buffer }[];

/** Sends what a wall sends, without a browser: everything that its client can ask for, with the client's own operations. */
export class WallClient {
  readonly #etags = new Map<string, string>();
  readonly #refsOf = new Map<string, readonly number[]>();
  /** Numbers of the cases that the wall was last given as points. */
  refs: readonly number[] = [];

  constructor(
    readonly api: TestApi,
    readonly viewer: Viewer,
    readonly county: string,
  ) {}

  /**
   * One round of the client's timers: its heartbeat, every part of the county as columns with the ETag of the last
   * answer, and every operation of its cards.
   *
   * @param codes areas to look at
   * @param refs cases to tell about
   */
  async round(codes: readonly string[], refs: readonly number[]): Promise<Traffic> {
    const traffic: Traffic = [await this.#get("/auth/session")];
    this.refs = [];
    for (const part of COUNTY_PARTS)
      if (part !== "incidents") traffic.push(await this.#get(`/columns/${part}?county=${this.county}`));
    traffic.push(...(await this.#slabs()));
    if (refs.length)
      traffic.push(await this.#get(`/columns/incidents?county=${this.county}&refs=${refs.join(",")}`, false));
    for (const operation of WALL_OPERATIONS) {
      const source = document(operation);
      for (const variables of this.#variables(source, codes, refs))
        traffic.push(await this.#post(operation, print(source), variables));
    }
    return traffic;
  }

  /** All variables that an operation is sent with: its parameters are told by their names. */
  #variables(source: DocumentNode, codes: readonly string[], refs: readonly number[]): Record<string, unknown>[] {
    const known: Readonly<Record<string, readonly unknown[]>> = {
      county: [this.county],
      area: codes,
      code: codes,
      inside: codes,
      ref: refs,
      // Lists of cases: a wall shows none, but what stands beside the seats is its client's too.
      filter: [{ inside: this.county }],
      order: ["NEWEST"],
      first: [20],
      acts: [true],
      levels: [["COUNTY", "TOWN", "COMMUNITY"]],
      from: [new Date(this.api.now() - 30 * 86_400_000).toISOString()],
      months: [[monthOf(this.api.now())]],
    };
    let sets: Record<string, unknown>[] = [{}];
    for (const definition of source.definitions) {
      if (definition.kind !== "OperationDefinition") continue;
      // A wall writes nothing: what a seat's buttons send is its client's too.
      if (definition.operation === "mutation") return [];
      for (const { variable, type } of definition.variableDefinitions ?? []) {
        const name = variable.name.value;
        const values = known[name];
        if (!values && type.kind !== "NonNullType") continue;
        if (!values)
          throw new Error(`no value is known for $${name} of ${definition.name?.value}: name it in wall-client.ts`);
        sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })));
      }
    }
    return sets;
  }

  async #post(operation: string, query: string, variables: Record<string, unknown>): Promise<Traffic[number]> {
    const response = await this.api.app.inject({
      method: "POST",
      url: "/graphql",
      headers: viewerHeaders(this.viewer),
      payload: { query, variables, operationName: operation },
    });
    const request = `${operation} ${JSON.stringify(variables)}`;
    return { request, status: response.statusCode, bytes: response.rawPayload };
  }

  /** What a page loads of cases: the list of slabs, and each of them. */
  async #slabs(): Promise<Traffic> {
    const url = `/columns/incidents/slabs?county=${this.county}`;
    const list = await this.#get(url, false);
    const answer = await this.api.app.inject({ url, headers: viewerHeaders(this.viewer) });
    const traffic = [list];
    if (answer.statusCode === 200)
      for (const { path } of answer.json<SlabList>().slabs) traffic.push(await this.#get(path));
    return traffic;
  }

  /** @param remember asks with the ETag of the last answer and keeps the numbers of cases */
  async #get(url: string, remember = true): Promise<Traffic[number]> {
    const etag = remember ? this.#etags.get(url) : undefined;
    const response = await this.api.app.inject({
      url,
      headers: { ...viewerHeaders(this.viewer), ...(etag ? { "if-none-match": etag } : {}) },
    });
    if (typeof response.headers.etag === "string") this.#etags.set(url, response.headers.etag);
    const bytes = response.rawPayload;
    // What is packed is searched as it came and as it is when it is unpacked.
    let plain: Uint8Array = new Uint8Array(0);
    if (/^\/columns\/incidents\?/.test(url) && response.statusCode === 200) {
      const table = decodeColumns(new Uint8Array(bytes).buffer);
      plain = encodeColumns(table);
      if (remember) this.#refsOf.set(url, [...incidentColumns(table).ref]);
    }
    // An unchanged slab holds what it held.
    this.refs = [...this.refs, ...(remember ? (this.#refsOf.get(url) ?? []) : [])];
    return {
      request: url,
      status: response.statusCode,
      bytes: Buffer.concat([Buffer.from(headerText(response)), bytes, plain]),
    };
  }
}

/** Calendar month of an instant, UTC: the day is the same in the fixture's zone. */
const monthOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 7);

const headerText = ({ headers }: { readonly headers: object }): string => `${JSON.stringify(headers)}\n`;
