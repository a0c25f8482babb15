import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { type ColumnArray, type ColumnTable, NULL_TIME, packColumns } from "../../../data/columns/format.ts";
import { AREA_LEVELS, type AreaLevel } from "../../../data/model/codes.ts";
import { INCIDENT_STATES } from "../../../data/model/incident.ts";
import type { CountyAnswers } from "../../helpers/county-answers.ts";
import { sliceTable } from "./cases.ts";

/** Rows of a slab, as the server cuts them. */
export const SLAB_ROWS = 32_768;

/** What went over the wire, in order. */
export interface Sent {
  readonly path: string;
  /** Bytes of the body as sent, compressed where the server compresses. */
  readonly bytes: number;
  /** `performance.now()` of this process when it had left. */
  readonly at: number;
}

export interface WallServer {
  readonly origin: string;
  readonly sent: Sent[];
  /** Answers from now on are of these cases. */
  serve(table: ColumnTable): void;
  /** Changes so many cases, newest first in turn: open ones are closed, closed ones opened again. @returns their numbers */
  change(count: number): number[];
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};

/** Brotli 4, as the server compresses what it caches. */
const pressed = (body: Uint8Array | string): Buffer =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });

const HANDLING = INCIDENT_STATES.indexOf("handling");
const CLOSED = INCIDENT_STATES.indexOf("closed");

/** Values of the rows, in their order. */
function pick<T extends ColumnArray>(values: T, rows: readonly number[]): ColumnArray {
  const out = values.slice(0, rows.length);
  rows.forEach((row, i) => {
    out[i] = values[row] as number;
  });
  return out;
}

interface Slab {
  readonly from: number;
  readonly to: number | undefined;
  readonly rows: number;
  readonly etag: string;
  readonly body: Buffer;
}

/** Cuts cases into slabs of equal rows between two seconds; newest first, packed and compressed once. */
function slabsOf(table: ColumnTable): Slab[] {
  const opened = table.columns["opened"] as Int32Array;
  const slabs: Slab[] = [];
  for (let start = 0; start < table.rows; ) {
    let end = Math.min(table.rows, start + SLAB_ROWS);
    while (end < table.rows && opened[end] === opened[end - 1]) end++;
    slabs.push({
      from: opened[start] as number,
      to: end < table.rows ? (opened[end] as number) : undefined,
      rows: end - start,
      etag: `"${table.version}-${start}"`,
      body: pressed(packColumns(sliceTable(table, start, end))),
    });
    start = end;
  }
  return slabs.reverse();
}

/** Cases as a dataset of kepler.gl: what its points and their filters need. */
function keplerDataset({ rows, columns, dictionaries }: ColumnTable): string {
  const values = (name: string): ColumnArray => columns[name] ?? new Int32Array(rows);
  const [lon, lat, opened, state, classIndex] = ["lon", "lat", "opened", "state", "class"].map(values);
  const classes = dictionaries["classes"] ?? [];
  const fields = [
    { name: "ref", type: "integer" },
    { name: "lat", type: "real" },
    { name: "lon", type: "real" },
    { name: "opened", type: "integer" },
    { name: "class", type: "string" },
    { name: "state", type: "string" },
  ];
  const rowTexts = Array.from({ length: rows }, (_, i) =>
    JSON.stringify([
      i + 1,
      (lat?.[i] ?? 0) / 1e7,
      (lon?.[i] ?? 0) / 1e7,
      opened?.[i],
      classes[classIndex?.[i] ?? 0],
      INCIDENT_STATES[state?.[i] ?? 0],
    ]),
  );
  return `{"fields":${JSON.stringify(fields)},"rows":[${rowTexts.join(",")}]}`;
}

/** Serves built pages and the cases of a town as the real server does: slabs, ETags, brotli. */
export async function serveWall(
  folders: Readonly<Record<string, string>>,
  answers: CountyAnswers,
  first: ColumnTable,
): Promise<WallServer> {
  const sent: Sent[] = [];
  let slabs = slabsOf(first);
  let table = first;
  let turn = 0;
  let casesJson: Buffer | undefined;
  /** Files of pages, compressed once. */
  const files = new Map<string, Promise<Buffer>>();
  const file = (path: string): Promise<Buffer> => {
    const known = files.get(path) ?? readFile(path).then(pressed);
    files.set(path, known);
    return known;
  };
  const send = (response: ServerResponse, path: string, type: string, body: Buffer, etag?: string): void => {
    response.writeHead(200, { "content-type": type, "content-encoding": "br", ...(etag ? { etag } : {}) });
    response.end(body, () => sent.push({ path, bytes: body.byteLength, at: performance.now() }));
  };
  const columns = (name: string, url: URL, response: ServerResponse): void => {
    const path = url.pathname + url.search;
    if (name === "incidents/slabs") {
      const { classes = [], grids = [] } = table.dictionaries;
      const list = slabs.map(({ from, to, rows, etag }, i) => ({
        path: `/columns/incidents?county=${table.county}&slab=${i}`,
        from,
        to: to ?? null,
        rows,
        etag,
      }));
      const { county, version, asOf } = table;
      const text = JSON.stringify({ county, version, asOf, dictionaries: { classes, grids }, slabs: list });
      send(response, path, "application/json", pressed(text));
    } else if (name === "incidents" && url.searchParams.has("refs")) {
      const rows = (url.searchParams.get("refs") ?? "").split(",").map((ref) => Number(ref) - 1);
      const picked = Object.entries(table.columns).map(([column, values]) => [column, pick(values, rows)]);
      const some = { ...table, rows: rows.length, columns: Object.fromEntries(picked) };
      send(response, path, "application/vnd.jingwei.columns", pressed(packColumns(some)));
    } else if (name === "incidents") {
      const slab = slabs[Number(url.searchParams.get("slab") ?? Number.NaN)];
      if (slab) send(response, path, "application/vnd.jingwei.columns", slab.body, slab.etag);
      else send(response, path, "application/vnd.jingwei.columns", pressed(packColumns(table)), `"${table.version}"`);
    } else if (name === "cameras" || name === "buildings")
      send(response, path, "application/vnd.jingwei.columns", pressed(answers[name]), '"fixture"');
    else if (name === "context" || name === "footprints" || name === "compounds")
      send(response, path, "application/geo+json", pressed(JSON.stringify(answers[name])), '"fixture"');
    else {
      const levels = (url.searchParams.get("levels")?.split(",") ?? AREA_LEVELS) as readonly AreaLevel[];
      send(response, path, "application/geo+json", pressed(JSON.stringify(answers.areas(levels))), '"fixture"');
    }
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://wall");
    if (url.pathname.startsWith("/columns/")) {
      const known = request.headers["if-none-match"];
      if (known && (known === '"fixture"' || slabs.some(({ etag }) => etag === known))) response.writeHead(304).end();
      else columns(url.pathname.slice("/columns/".length), url, response);
      return;
    }
    if (url.pathname === "/graphql") {
      request.resume();
      send(response, url.pathname, "application/json", pressed('{"data":null}'));
      return;
    }
    // The other client's own form of the same cases.
    if (url.pathname === "/cases.bin") {
      send(response, url.pathname, "application/octet-stream", pressed(packColumns(table)));
      return;
    }
    if (url.pathname === "/cases.json") {
      casesJson ??= pressed(keplerDataset(table));
      send(response, url.pathname, "application/json", casesJson);
      return;
    }
    const [, which = "", ...rest] = normalize(url.pathname).split("/");
    const folder = folders[which];
    try {
      if (!folder) throw new Error("no such page");
      const path = rest.join("/") || "index.html";
      send(response, url.pathname, TYPES[extname(path)] ?? "application/octet-stream", await file(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    serve(next) {
      casesJson = undefined;
      table = next;
      slabs = slabsOf(next);
    },
    change(count) {
      const { state, closed } = table.columns as { state: Uint8Array; closed: Int32Array };
      return Array.from({ length: count }, () => {
        const row = table.rows - 1 - (turn++ % table.rows);
        const open = closed[row] === NULL_TIME;
        state[row] = open ? CLOSED : HANDLING;
        closed[row] = open ? table.asOf : NULL_TIME;
        // Numbers are places plus one (`cases.ts`).
        return row + 1;
      });
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
