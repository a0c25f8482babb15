import { createHash } from "node:crypto";
import { encodeColumns } from "../../data/columns/format.ts";
import { firstRowAt, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import { pickRows } from "../../web/plane/difference.ts";
import type { Slab, SlabList } from "../../web/plane/source.ts";

/** Columns as the server writes them. */
const encoded = (columns: IncidentColumns): Uint8Array =>
  encodeColumns({
    layer: "incidents",
    county: columns.county,
    rows: columns.rows,
    version: columns.version,
    asOf: columns.asOf,
    columns: {
      lon: columns.lon,
      lat: columns.lat,
      opened: columns.opened,
      closed: columns.closed,
      due: columns.due,
      flags: columns.flags,
      class: columns.classIndex,
      state: columns.state,
      severity: columns.severity,
      source: columns.source,
      grid: columns.grid,
      ref: columns.ref,
    },
    dictionaries: { classes: columns.classes, grids: columns.grids },
  });

/** A server of slabs in the place of `fetch`: answers with ETags, and 304 to whoever has one. */
export class PlaneServer {
  columns: IncidentColumns;
  /** Opening times at which slabs are cut, oldest first. */
  cuts: readonly number[];
  /** Paths that were asked for; 304 counts too. */
  readonly log: string[] = [];
  /** Status of every answer; 0 = not to be reached. */
  status = 200;
  /** Answers wait for it. */
  gate: Promise<void> = Promise.resolve();

  constructor(columns: IncidentColumns, cuts: readonly number[] = []) {
    this.columns = columns;
    this.cuts = cuts;
  }

  #part(from: number | null, to: number | null): IncidentColumns {
    const { opened, rows } = this.columns;
    const first = from === null ? 0 : firstRowAt(opened, from);
    const end = to === null ? rows : firstRowAt(opened, to);
    return pickRows(
      this.columns,
      Array.from({ length: end - first }, (_, i) => first + i),
    );
  }

  #slabs(): Slab[] {
    const { county } = this.columns;
    const bounds = [null, ...this.cuts, null];
    return this.cuts
      .concat(0)
      .map((_, i): Slab => {
        const [from, to] = [bounds[i] ?? null, bounds[i + 1] ?? null];
        const part = this.#part(from, to);
        const path = `/columns/incidents?county=${county}&from=${from}&to=${to}`;
        return { path, from, to, rows: part.rows, etag: etagOf(part) };
      })
      .reverse();
  }

  readonly fetch = async (path: string, init: RequestInit): Promise<Response> => {
    this.log.push(path);
    await this.gate;
    if (this.status === 0) throw new TypeError("fetch failed");
    if (this.status !== 200) return new Response("refused", { status: this.status });
    const { version, asOf, classes, grids } = this.columns;
    const slabs = this.#slabs();
    if (path.startsWith("/columns/incidents/slabs")) {
      const list: SlabList = { version, asOf, dictionaries: { classes, grids }, slabs };
      return Response.json(list);
    }
    const refs = new URLSearchParams(path.split("?")[1]).get("refs");
    if (refs !== null) {
      const wanted = new Set(refs.split(",").map(Number));
      const rows = [...this.columns.ref.keys()].filter((row) => wanted.has(this.columns.ref[row] as number));
      return new Response(encoded(pickRows(this.columns, rows)).slice().buffer as ArrayBuffer);
    }
    const slab = slabs.find((one) => one.path === path);
    if (!slab) return new Response("no such slab", { status: 404 });
    const headers = { ETag: slab.etag ?? "" };
    if (new Headers(init.headers).get("If-None-Match") === slab.etag)
      return new Response(null, { status: 304, headers });
    return new Response(encoded(this.#part(slab.from, slab.to)).slice().buffer as ArrayBuffer, { headers });
  };
}

const etagOf = (part: IncidentColumns): string => `"${createHash("sha256").update(encoded(part)).digest("hex")}"`;
