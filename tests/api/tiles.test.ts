import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadConfig } from "../../api/config.ts";
import { HotCounties } from "../../api/hot/hot-counties.ts";
import { createServer } from "../../api/server.ts";
import { ImportLog } from "../../data/importers/report.ts";
import { type LonLat, toLattice } from "../../data/model/geometry.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { type TileId, tileAt } from "../../data/tiles/tile-math.ts";
import { importAreas } from "../../db/import/area-import.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { at, box } from "../fixtures/small-county-base.ts";
import { TEST_SEALER, type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { featuresOf, readTile } from "../helpers/read-tile.ts";
import { DISPATCHER, INSIDE_A1, LEADER, report, WORKER } from "../helpers/reports.ts";
import { lintStatement } from "../helpers/sql-rules.ts";
import { authenticateByHeader, viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const CASES = 300;
const data = smallCounty(CASES);
const ZOOMS = [0, 8, 11, 12, 13, 15, 16];

const tileOf = ([lon, lat]: LonLat, z: number): TileId => tileAt(toLattice(lon), toLattice(lat), z) as TileId;
const path = (layer: string, { z, x, y }: TileId, query = ""): string =>
  `/tiles/${layer}/${z}/${x}/${y}.mvt?county=${SMALL_COUNTY}${query}`;
/** The tile of each zoom around each point, once. */
const tilesAround = (points: readonly LonLat[], zooms: readonly number[]): TileId[] => [
  ...new Map(
    points.flatMap((point) => zooms.map((z) => tileOf(point, z))).map((tile) => [JSON.stringify(tile), tile]),
  ).values(),
];

describeOnBothDatabases("tiles", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [data], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const get = (url: string, headers: Record<string, string> = {}, viewer = DISPATCHER) =>
    api.app.inject({ url, headers: { ...viewerHeaders(viewer), ...headers } });
  const tile = async (url: string, viewer = DISPATCHER) => {
    const answer = await get(url, {}, viewer);
    expect([200, 204], url + answer.body).toContain(answer.statusCode);
    return answer.rawPayload;
  };
  /** ETags of tiles; `unchanged` for those that were not modified since. */
  const etags = async (urls: readonly string[], known?: ReadonlyMap<string, string>) => {
    const found = new Map<string, string>();
    for (const url of urls) {
      const { statusCode, headers } = await get(url, known ? { "if-none-match": known.get(url) ?? "" } : {});
      if (statusCode === 304) expect(headers.etag).toBe(known?.get(url));
      else expect([200, 204]).toContain(statusCode);
      found.set(url, statusCode === 304 ? "unchanged" : String(headers.etag));
    }
    return found;
  };
  const changed = (answers: ReadonlyMap<string, string>): string[] =>
    [...answers].filter(([, etag]) => etag !== "unchanged").map(([url]) => url);

  it("are compressed once in the form that a client takes, and not sent again", async () => {
    const url = path("incidents", tileOf(at(1, 0.5), 11));
    const plain = await get(url);
    expect(plain.headers).toMatchObject({
      "content-type": "application/vnd.mapbox-vector-tile",
      "cache-control": "private, no-cache",
      vary: expect.stringMatching(/cookie.*authorization.*accept-encoding/i),
    });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const forms = { br: brotliDecompressSync, gzip: gunzipSync };
    for (const [name, open_] of Object.entries(forms)) {
      const packed = await get(url, { "accept-encoding": name === "br" ? "gzip, br;q=0.9" : "br;q=0, gzip" });
      expect(packed.headers["content-encoding"]).toBe(name);
      expect(Buffer.compare(open_(packed.rawPayload), plain.rawPayload)).toBe(0);
      expect(packed.headers.etag).toBe(plain.headers.etag);
    }
    const again = await get(url, { "if-none-match": `W/"other", ${plain.headers.etag}` });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
    const empty = await get(path("incidents", { z: 14, x: 0, y: 0 }));
    expect([empty.statusCode, empty.rawPayload.length]).toEqual([204, 0]);
  });

  it("change where a case is reported, at every zoom, and nowhere else", async () => {
    const points = data.incidents.map(({ point }) => point).filter((_, n) => n % 25 === 0);
    const far: LonLat = [at(3, 0.5)[0], at(3, 0.5)[1]];
    const urls = tilesAround([...points, INSIDE_A1, far], ZOOMS).map((one) => path("incidents", one));
    // One tile of each zoom with a filter that the new case does not meet.
    const others = tilesAround([INSIDE_A1], ZOOMS).map((one) => path("incidents", one, "&classes=05002"));
    const before = await etags([...urls, ...others]);
    await report(api, { lon: INSIDE_A1[0], lat: INSIDE_A1[1] });
    api.takeStatements();
    const after = await etags([...urls, ...others], before);
    const touched = tilesAround([INSIDE_A1], ZOOMS).map((one) => path("incidents", one));
    expect(touched.length).toBe(ZOOMS.length);
    expect(changed(after).sort()).toEqual(touched.sort());
    expect(urls.length).toBeGreaterThan(touched.length * 3);
    // Tiles that were left alone are not even made anew; those with the filter are, and found to be the same.
    const read = api.takeStatements().filter(({ sql }) => /string_agg/.test(sql));
    expect(read.length).toBe(2 * ZOOMS.length);
    for (const { sql } of read) expect(lintStatement(sql), sql).toEqual([]);
    expect(
      changed(
        await etags(
          [...urls, ...others],
          new Map(
            [...before, ...after].map(([url, etag]) => [url, etag === "unchanged" ? (before.get(url) ?? "") : etag]),
          ),
        ),
      ),
    ).toEqual([]);
    expect(api.takeStatements().filter(({ sql }) => /string_agg/.test(sql))).toEqual([]);
    const cases = featuresOf(await tile(path("incidents", tileOf(INSIDE_A1, 15))), "incidents");
    expect(cases.map(({ properties }) => properties["ref"])).toContain(CASES + 1);
  });

  it("come from memory with the bytes that SQL gives, before and after cases are reported in them", async () => {
    const hot = new HotCounties(api.database, { bytes: 1e9, log: () => undefined, chunkRows: 90 });
    const stop = hot.start();
    const server = await createServer({
      database: api.database,
      config: loadConfig({}),
      sealer: TEST_SEALER,
      authenticate: authenticateByHeader,
      now: api.now,
      hot,
      rateLimits: { perAddress: 1e9, perViewer: 1e9, perSignIn: 1e9 },
    });
    try {
      while ([...hot.loaded()].length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      const kiosk = viewerAs("wall", SMALL_COUNTY, { kind: "kiosk", accountId: null, pointDays: 7 });
      const queries = ["", "&open=true", "&late=true&withoutSuspicious=true", `&classes=02&severities=normal,serious`];
      const urls = tilesAround([INSIDE_A1], [0, 11, 12, 15]).flatMap((one) =>
        queries.map((query) => path("incidents", one, query)),
      );
      const readsCases = (): boolean => api.takeStatements().some(({ sql }) => /string_agg/.test(sql));
      const fromMemory = async (url: string, viewer: Viewer): Promise<Buffer> =>
        (await server.inject({ url, headers: viewerHeaders(viewer) })).rawPayload;
      const answersOf = async (ask: (url: string, viewer: Viewer) => Promise<Buffer>): Promise<string[]> => {
        const answers: string[] = [];
        for (const viewer of [DISPATCHER, WORKER, kiosk])
          for (const url of urls) answers.push((await ask(url, viewer)).toString("base64"));
        return answers;
      };
      const compared: string[][] = [];
      for (const reports of [0, 1, 2]) {
        // What memory has kept of these tiles is put right by what is reported in them.
        for (let n = 0; n < reports; n++) await report(api, { lon: INSIDE_A1[0] + n * 1e-5, lat: INSIDE_A1[1] });
        api.takeStatements();
        await expect
          .poll(async () => {
            await fromMemory(path("incidents", tileOf(INSIDE_A1, 16)), WORKER);
            return readsCases();
          })
          .toBe(false);
        const mine = await answersOf(fromMemory);
        expect(readsCases()).toBe(false);
        expect(mine).toEqual(await answersOf(tile));
        expect(new Set(mine).size).toBeGreaterThan(8);
        compared.push(mine);
      }
      expect(compared[1]).not.toEqual(compared[0]);
      expect(compared[2]).not.toEqual(compared[1]);
    } finally {
      await server.close();
      await stop();
    }
  });

  it("are described as TileJSON for whoever reads them", async () => {
    const answer = await get(`/tiles/areas.json?county=${SMALL_COUNTY}&levels=town,grid`, { host: "localhost:8443" });
    expect(answer.json()).toMatchObject({
      tilejson: "3.0.0",
      tiles: [`http://localhost:8443/tiles/areas/{z}/{x}/{y}.mvt?county=${SMALL_COUNTY}&levels=town,grid`],
      scheme: "xyz",
      bounds: [at(0, 0)[0], at(0, 0)[1], at(4, 1)[0], at(4, 1)[1]],
      vector_layers: [
        { id: "town", fields: { code: expect.any(String) } },
        { id: "grid", fields: { code: expect.any(String) } },
      ],
    });
    for (const layer of ["incidents", "cameras", "areas", "grids", "compounds", "buildings"]) {
      const { tiles, minzoom, maxzoom, vector_layers, ...rest } = (
        await get(`/tiles/${layer}.json?county=${SMALL_COUNTY}`)
      ).json() as Record<string, unknown> & {
        minzoom: number;
        maxzoom: number;
        vector_layers: { id: string; fields: object }[];
      };
      expect(rest).toMatchObject({ tilejson: "3.0.0" });
      const names = new Set(vector_layers.flatMap(({ fields }) => Object.keys(fields)));
      const found = [minzoom, 11, 14, maxzoom].filter((z) => z >= minzoom);
      let features = 0;
      for (const z of found)
        for (const one of readTile(await tile(path(layer, tileOf(at(0.6, 0.4), z))))) {
          expect(vector_layers.map(({ id }) => id)).toContain(one.name);
          features += one.features.length;
          for (const { properties } of one.features)
            for (const name of Object.keys(properties)) expect(names).toContain(name);
        }
      expect(features, layer).toBeGreaterThan(0);
    }
  });

  it("refuse what is no tile, no layer, no parameter, and what the viewer may not read", async () => {
    const county = `?county=${SMALL_COUNTY}`;
    const cases: readonly (readonly [url: string, status: number, at: string])[] = [
      [`/tiles/incidents/3/8/0.mvt${county}`, 400, "x"],
      [`/tiles/incidents/3/0/8.mvt${county}`, 400, "y"],
      [`/tiles/incidents/19/0/0.mvt${county}`, 400, "z"],
      [`/tiles/incidents/3/-1/0.mvt${county}`, 400, "x"],
      [`/tiles/incidents/3/0x1/0.mvt${county}`, 400, "x"],
      [`/tiles/incidents/3/1/0.png${county}`, 404, "path"],
      [`/tiles/incidents.xml${county}`, 404, "path"],
      [`/tiles/streets/3/1/0.mvt${county}`, 404, "layer"],
      [`/tiles/constructor.json${county}`, 404, "layer"],
      ["/tiles/incidents/3/1/0.mvt", 400, "county"],
      [`/tiles/incidents/3/1/0.mvt${county}&colour=red`, 400, "colour"],
      [`/tiles/incidents/3/1/0.mvt${county}&states=closed,lost`, 400, "states"],
      [`/tiles/incidents/3/1/0.mvt${county}&classes=1`, 400, "classes"],
      [`/tiles/incidents/3/1/0.mvt${county}&open=yes`, 400, "open"],
      [`/tiles/incidents/3/1/0.mvt${county}&from=2025-01-02T00:00:00Z&to=2025-01-01T00:00:00Z`, 400, "to"],
      [`/tiles/areas/3/1/0.mvt${county}&levels=street`, 400, "levels"],
      ["/tiles/incidents/3/1/0.mvt?county=990300", 403, "county"],
    ];
    for (const [url, status, where] of cases) {
      const answer = await get(url);
      expect([answer.statusCode, answer.json().path], url).toEqual([status, where]);
    }
    const inside = `${path("incidents", tileOf(INSIDE_A1, 12))}&inside=${SMALL_CODES.village}`;
    expect((await get(inside, {}, WORKER)).json()).toMatchObject({ code: "FORBIDDEN", path: "inside" });
    expect((await get(inside)).statusCode).toBe(200);
    const visitor = viewerAs("leader", SMALL_COUNTY, { visitor: true });
    for (const layer of ["incidents", "cameras", "buildings"])
      expect((await get(path(layer, tileOf(INSIDE_A1, 13)), {}, visitor)).json().code, layer).toBe("FORBIDDEN");
    expect((await get(path("grids", tileOf(INSIDE_A1, 13)), {}, visitor)).statusCode).toBe(200);
    expect(
      (await api.app.inject({ url: path("grids", tileOf(INSIDE_A1, 13)), headers: viewerHeaders(null) })).statusCode,
    ).toBe(401);
  });

  it("change where a border was moved by an import, and nowhere else", async () => {
    const points = [0.2, 1.05, 1.6, 2.7, 3.4, 3.9].flatMap((x) => [0.1, 0.9].map((y) => at(x, y)));
    const tiles = tilesAround(points, [12, 15, 16]);
    const layers = ["grids", "areas"];
    const urls = layers.flatMap((layer) => tiles.map((one) => path(layer, one)));
    const before = await etags(urls, undefined);
    const moved = [SMALL_CODES.gridA, SMALL_CODES.gridB];
    const holdsMoved = async (url: string): Promise<boolean> =>
      readTile(await tile(url, LEADER)).some(({ features }) =>
        features.some(
          ({ properties: p }) => p["level"] === "grid" && moved.includes(String(p["code"]) as (typeof moved)[number]),
        ),
      );
    const held = new Set<string>();
    for (const url of urls) if (await holdsMoved(url)) held.add(url);
    const draft = (code: string, name: string, households: number, west: number, east: number, n: number) => ({
      at: `grids.geojson#${n}`,
      number: n,
      name,
      nameSort: name,
      count: { households, exact: true, date: null },
      geometry: box(west, 0, east, 1, [0.5, 1, 2]),
      label: at((west + east) / 2, 0.5),
      sourceRef: code,
      ownCode: code,
      parentValue: undefined,
    });
    await importAreas(
      api.database,
      {
        county: SMALL_COUNTY,
        files: ["grids.geojson"],
        dryRun: false,
        nowMs: Date.parse(SMALL_NOW),
        actor: "test",
        onProgress: () => undefined,
      },
      {
        level: "grid",
        drafts: [
          draft(SMALL_CODES.gridA, "云兴第一网格", 120, 0, 1.1, 1),
          draft(SMALL_CODES.gridB, "云兴公园", 80, 1.1, 2, 2),
        ],
        read: 2,
        crs: "EPSG:4326",
        log: new ImportLog(),
      },
    );
    const after = await etags(urls, before);
    for (const url of urls) if (await holdsMoved(url)) held.add(url);
    expect(changed(after).sort()).toEqual([...held].sort());
    expect(held.size).toBeGreaterThan(10);
    expect(held.size).toBeLessThan(urls.length * 0.7);
  });
});
