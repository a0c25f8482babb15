import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { decodeColumns } from "../../data/columns/format.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { CONTEXT_KINDS } from "../../data/model/area.ts";
import { AREA_LEVELS, type AreaLevel } from "../../data/model/codes.ts";
import { type ReferenceFeature, referenceShapes, referenceTile } from "../../data/tiles/reference-tile.ts";
import type { SlabList } from "../../web/plane/source.ts";
import type { CountyAnswers } from "./county-answers.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
};

export interface HarnessServer {
  readonly origin: string;
  /** Requests by path, in order: what a test asserts that filters do not add to. */
  readonly log: string[];
  close(): Promise<void>;
}

/** Answer of a GraphQL operation by its name. */
export type Operations = Readonly<Record<string, (variables: Record<string, unknown>) => unknown>>;

const body = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};

/** All cases as one slab. */
function slabsOf(incidents: Uint8Array, county: string): SlabList {
  const { rows, asOf, version, classes, grids } = incidentColumns(decodeColumns(incidents));
  const path = `/columns/incidents?county=${county}&encoding=packed`;
  return { version, asOf, dictionaries: { classes, grids }, slabs: [{ path, from: null, to: null, rows, etag: null }] };
}

/** Serves a built page and a county's answers on a free port of this machine, with ETags as the real server does. */
export async function serveHarness(
  folder: string,
  answers: CountyAnswers,
  operations: Operations,
): Promise<HarnessServer> {
  const log: string[] = [];
  const ground = referenceShapes(
    answers.context.features.map(
      ({ properties, geometry }) => ({ ...properties, geometry }) as unknown as ReferenceFeature,
    ),
  );
  const etag = '"fixture"';
  const send = (response: ServerResponse, type: string, content: string | Uint8Array): void => {
    response.writeHead(200, { "content-type": type, etag });
    response.end(content);
  };
  const columns = (name: string, url: URL, response: ServerResponse): void => {
    if (name === "incidents/slabs")
      send(
        response,
        "application/json",
        JSON.stringify(slabsOf(answers.incidents, url.searchParams.get("county") ?? "")),
      );
    else if (name === "incidents" || name === "cameras" || name === "buildings")
      send(response, "application/vnd.jingwei.columns", answers[name]);
    else if (name === "footprints" || name === "compounds")
      send(response, "application/geo+json", JSON.stringify(answers[name]));
    else {
      const levels = (url.searchParams.get("levels")?.split(",") ?? AREA_LEVELS) as readonly AreaLevel[];
      send(response, "application/geo+json", JSON.stringify(answers.areas(levels)));
    }
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://harness");
    if (url.pathname.startsWith("/columns/") || url.pathname === "/graphql") log.push(url.pathname + url.search);
    if (url.pathname.startsWith("/columns/")) {
      if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
      else columns(url.pathname.slice("/columns/".length), url, response);
      return;
    }
    const [, tile] = /^\/tiles\/reference\/(\d+\/\d+\/\d+)\.mvt$/.exec(url.pathname) ?? [];
    if (tile !== undefined) {
      const [z = 0, x = 0, y = 0] = tile.split("/").map(Number);
      const bytes = referenceTile(ground, CONTEXT_KINDS, { z, x, y });
      if (bytes.length === 0) response.writeHead(204).end();
      else send(response, "application/vnd.mapbox-vector-tile", bytes);
      return;
    }
    if (url.pathname.startsWith("/basemap/")) {
      if (url.pathname.endsWith(".json")) {
        if (answers.basemap) send(response, "application/json", JSON.stringify(answers.basemap.description));
        else response.writeHead(204).end();
      } else send(response, "image/png", answers.basemap?.tile ?? "");
      return;
    }
    if (url.pathname === "/graphql") {
      const { operationName, query, variables } = JSON.parse(await body(request)) as {
        operationName?: string;
        query: string;
        variables: Record<string, unknown>;
      };
      const name = operationName ?? /query (\w+)/.exec(query)?.[1] ?? "";
      send(response, "application/json", JSON.stringify({ data: operations[name]?.(variables) ?? null }));
      return;
    }
    const path = normalize(url.pathname === "/" ? "/index.html" : url.pathname);
    try {
      send(response, TYPES[extname(path)] ?? "application/octet-stream", await readFile(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
