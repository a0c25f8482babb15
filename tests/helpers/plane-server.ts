import { encodeColumns } from "../../data/columns/format.ts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";

/** Columns as the server writes them. */
export const encoded = (columns: IncidentColumns): Uint8Array =>
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

/** A server of columns in the place of `fetch`: answers with an ETag, and 304 to whoever has it. */
export class PlaneServer {
  columns: IncidentColumns;
  /** Paths that were asked for; 304 counts too. */
  readonly log: string[] = [];
  /** Status of every answer; 0 = not to be reached. */
  status = 200;
  #etag = 0;
  #of: IncidentColumns | undefined;

  constructor(columns: IncidentColumns) {
    this.columns = columns;
  }

  readonly fetch = async (path: string, init: RequestInit): Promise<Response> => {
    this.log.push(path);
    if (this.status === 0) throw new TypeError("fetch failed");
    if (this.status !== 200) return new Response("refused", { status: this.status });
    if (this.#of !== this.columns) {
      this.#of = this.columns;
      this.#etag++;
    }
    const etag = `"${this.#etag}"`;
    const headers = new Headers(init.headers);
    if (headers.get("If-None-Match") === etag) return new Response(null, { status: 304, headers: { ETag: etag } });
    return new Response(encoded(this.columns).slice().buffer as ArrayBuffer, { headers: { ETag: etag } });
  };
}
