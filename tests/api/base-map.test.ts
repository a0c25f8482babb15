import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode as decodePng } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BaseMaps } from "../../api/basemap/base-maps.ts";
import { environmentMap } from "../../api/basemap/environment-map.ts";
import { decodeImage } from "../../api/basemap/image-formats.ts";
import { PmtilesSource } from "../../api/basemap/pmtiles-source.ts";
import { ServiceSource } from "../../api/basemap/service-source.ts";
import { loadConfig } from "../../api/config.ts";
import { tileEdges } from "../../data/basemap/tile-edges.ts";
import { type LonLat, toLattice } from "../../data/model/geometry.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { type TileId, tileAt } from "../../data/tiles/tile-math.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import {
  colourOf,
  degreeTilePng,
  fakeService,
  geotiffBytes,
  PICTURE,
  PMTILES_TYPE,
  plainPng,
  pmtilesBytes,
} from "../helpers/base-map-files.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const WORKER = viewerAs("grid_worker", `${SMALL_COUNTY}001001001`);
const TERMS = ["--county", SMALL_COUNTY, "--source", "省自然资源厅", "--review-number", "晋S(2023)005号"] as const;
const tileOf = ([lon, lat]: LonLat, z: number): TileId => tileAt(toLattice(lon), toLattice(lat), z) as TileId;
const SAMPLE = fileURLToPath(
  new URL("../../../shared/data/pmtiles-sample/near-badschandau-z10-11.pmtiles", import.meta.url),
);

/** How far colours of a tile are from those of the places under them; and how many of its pixels have one. */
function compare(png: Uint8Array, tile: TileId): { worst: number; opaque: number; outside: number } {
  const { width, data, channels } = decodePng(png);
  const { x, y } = tileEdges(tile, width, "EPSG:4490");
  const found = { worst: 0, opaque: 0, outside: 0 };
  const { west, north, width: columns, height: rows, pixel } = PICTURE;
  for (let row = 0; row < width; row++)
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * channels;
      if (channels === 4 && (data[at + 3] as number) < 255) continue;
      const lon = ((x[column] as number) + (x[column + 1] as number)) / 2;
      const lat = ((y[row] as number) + (y[row + 1] as number)) / 2;
      found.opaque++;
      if (lon < west || lon > west + columns * pixel || lat > north || lat < north - rows * pixel) found.outside++;
      // The colours jump at whole degrees.
      if (Math.min(lon % 1, 1 - (lon % 1), lat % 1, 1 - (lat % 1)) < 0.02) continue;
      for (const [n, value] of colourOf(lon, lat).entries())
        found.worst = Math.max(found.worst, Math.abs(value - (data[at + n] as number)));
    }
  return found;
}

describeOnBothDatabases("local base map", (open) => {
  let api: TestApi;
  let runner: CommandRunner;
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "jingwei-basemap-"));
    const { database } = await open();
    let clock = Date.parse(SMALL_NOW);
    api = await testApiOver(database, {
      ...{ datasets: [smallCounty(5)], classes: SMALL_CLASSES, now: SMALL_NOW },
      environment: { JINGWEI_DIR: dir },
      // Each look at the clock is some seconds later: what is registered is read anew.
      clock: () => (clock += 6_000),
    });
    runner = await commandRunner(database);
    await writeFile(join(dir, "picture.tif"), geotiffBytes(4490));
    await writeFile(join(dir, "utm.tif"), geotiffBytes(4214));
    await writeFile(join(dir, "text.tif"), "not a picture");
  });
  afterAll(async () => {
    await api.close();
    await rm(dir, { recursive: true, force: true });
  });
  const get = (url: string, viewer: Viewer | null = WORKER, headers: Record<string, string> = {}) =>
    api.app.inject({ url, headers: { ...viewerHeaders(viewer), ...headers } });
  const set = (what: string, ...more: string[]) => runner.run("basemap", "set", what, ...TERMS, ...more, "--dir", dir);
  const describeMap = async () => (await get(`/basemap/${SMALL_COUNTY}.json`)).json() as Record<string, never>;
  const address = (template: string, { z, x, y }: TileId): string =>
    template.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));

  it("is nothing where there is none", async () => {
    expect((await get(`/basemap/${SMALL_COUNTY}.json`)).statusCode).toBe(204);
    expect((await get(`/basemap/${SMALL_COUNTY}/3/6/3`)).json()).toMatchObject({ code: "NOT_FOUND" });
    expect(await runner.run("basemap", "list")).toMatchObject({ code: 0, out: expect.stringContaining("没有底图") });
    expect(await runner.run("basemap", "remove", "--county", SMALL_COUNTY)).toMatchObject({ code: 1 });
  });

  it.each([
    ["without a source", ["--county", SMALL_COUNTY, "--review-number", "GS(2024)1号"], 1, /--source is missing/],
    ["without a review number", ["--county", SMALL_COUNTY, "--source", "厅"], 1, /--review-number is missing/],
    ["with an empty one", ["--county", SMALL_COUNTY, "--source", "厅", "--review-number", "  "], 1, /审图号/],
    ["for no county", ["--source", "厅", "--review-number", "GS(2024)1号"], 2, /--county/],
    [
      "for an unknown county",
      ["--county", "123456", "--source", "厅", "--review-number", "GS(2024)1号"],
      1,
      /no county/,
    ],
  ])("is refused %s", async (_, flags, code, message) => {
    const end = await runner.run("basemap", "set", join(dir, "picture.tif"), ...flags, "--dir", dir);
    expect(end.code).toBe(code);
    expect(end.err).toMatch(message);
  });

  it.each([
    ["picture.tif --crs EPSG:3857", 2, /--crs is for services/],
    ["text.tif", 1, /neither a PMTiles file nor a GeoTIFF/],
    ["utm.tif", 1, /EPSG:4214; base maps are in EPSG:4326, 4490 or 3857/],
    ["missing.tif", 1, /does not exist/],
  ])("%s is refused", async (words, code, message) => {
    const [file = "", ...flags] = words.split(" ");
    const end = await set(join(dir, file), ...flags);
    expect([end.code, end.err]).toEqual([code, expect.stringMatching(message)]);
    expect(existsSync(join(dir, "basemap"))).toBe(false);
  });

  it("of a GeoTIFF has the colour of each place, and nothing beyond the picture", async () => {
    expect(await set(join(dir, "picture.tif"))).toMatchObject({ code: 0 });
    const told = await describeMap();
    expect(told).toMatchObject({
      ...{ kind: "geotiff", type: "raster", tileSize: 512, minzoom: 0, maxzoom: 10 },
      ...{ source: "省自然资源厅", reviewNumber: "晋S(2023)005号" },
    });
    expect(told["bounds"]).toEqual([113.1, 40.41, 113.22, 40.5].map((value) => expect.closeTo(value, 9)));
    const middle: LonLat = [113.16, 40.455];
    let opaque = 0;
    for (const z of [8, 9, 10]) {
      const tile = tileOf(middle, z);
      const answer = await get(address(told["tiles"] ?? "", tile));
      expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "image/png"]);
      const { worst, opaque: seen, outside } = compare(answer.rawPayload, tile);
      // A pixel of the picture is a quarter of a step of colour; at zoom 8 several are averaged.
      expect(worst).toBeLessThanOrEqual(1.5);
      expect(outside).toBe(0);
      expect(seen).toBeGreaterThan(opaque * 2);
      opaque = seen;
    }
    expect((await get(address(told["tiles"] ?? "", tileOf([100, 30], 9)))).statusCode).toBe(204);
    expect((await get(address(told["tiles"] ?? "", tileOf(middle, 11)))).statusCode).toBe(204);
  });

  it("is kept by browsers as long as its address names its version", async () => {
    const told = await describeMap();
    const url = address(told["tiles"] ?? "", tileOf([113.16, 40.455], 9));
    const answer = await get(url);
    expect(answer.headers["cache-control"]).toBe("private, max-age=604800, immutable");
    const bare = url.split("?")[0] ?? "";
    const again = await get(bare, WORKER, { "if-none-match": String(answer.headers.etag) });
    expect([again.statusCode, again.headers["cache-control"]]).toEqual([304, "private, no-cache"]);
    expect((await get(`${bare}?w=1`)).statusCode).toBe(400);
    expect((await get(`/basemap/${SMALL_COUNTY}/9/999/0`)).statusCode).toBe(400);
  });

  it("is for whoever may see the county's map, and for nobody else", async () => {
    const told = await describeMap();
    const url = address(told["tiles"] ?? "", tileOf([113.16, 40.455], 9));
    for (const path of [url, `/basemap/${SMALL_COUNTY}.json`]) {
      expect((await get(path, null)).statusCode).toBe(401);
      expect((await get(path, viewerAs("leader", "990199"))).statusCode).toBe(403);
      expect((await get(path, viewerAs("wall", SMALL_COUNTY, { visitor: true }))).statusCode).toBe(200);
    }
  });

  it("of PMTiles hands out its tiles as they are; the file before is gone", async () => {
    const tiles = [tileOf([113, 40], 5), tileOf([113, 40], 6)];
    const bytes = pmtilesBytes(
      tiles.map((tile, n) => ({ tile, bytes: plainPng(256, [n, 200, 0]) })),
      PMTILES_TYPE.png,
      [112, 39, 114, 41],
    );
    await writeFile(join(dir, "p.pmtiles"), bytes);
    expect(await set(join(dir, "p.pmtiles"))).toMatchObject({ code: 0 });
    const told = await describeMap();
    expect(told).toMatchObject({ kind: "pmtiles", type: "raster", tileSize: 256, minzoom: 5, maxzoom: 6 });
    for (const [n, tile] of tiles.entries())
      expect((await get(address(told["tiles"] ?? "", tile))).rawPayload.equals(plainPng(256, [n, 200, 0]))).toBe(true);
    expect((await get(address(told["tiles"] ?? "", tileOf([0, 0], 6)))).statusCode).toBe(204);
    expect(readdirSync(join(dir, "basemap"))).toEqual([expect.stringMatching(/^\d{6}-[0-9a-f]{16}\.pmtiles$/)]);
    // Vector tiles are packed on their way.
    const vector = new Uint8Array(5000).fill(26);
    await writeFile(
      join(dir, "v.pmtiles"),
      pmtilesBytes([{ tile: { z: 0, x: 0, y: 0 }, bytes: vector }], PMTILES_TYPE.mvt, [-180, -85, 180, 85]),
    );
    expect(await set(join(dir, "v.pmtiles"))).toMatchObject({ code: 0 });
    const other = await describeMap();
    expect(other).toMatchObject({ type: "vector", maxzoom: 0 });
    const packed = await get(address(other["tiles"] ?? "", { z: 0, x: 0, y: 0 }), WORKER, { "accept-encoding": "br" });
    expect(packed.headers).toMatchObject({
      "content-encoding": "br",
      "content-type": "application/vnd.mapbox-vector-tile",
    });
    rmSync(join(dir, "basemap"), { recursive: true });
    // Whoever has it open still reads it; a server that starts anew says what is missing.
    const fresh = new BaseMaps(api.database, dir, Date.now);
    const row = await fresh.find(SMALL_COUNTY);
    await expect(row && fresh.tile(row, { z: 0, x: 0, y: 0 })).rejects.toMatchObject({ statusCode: 503 });
  });

  it("of a WMTS in degrees has the colour of each place in Web Mercator", async () => {
    const service = await fakeService((url, response) => {
      const [level, row, column] = ["TILEMATRIX", "TILEROW", "TILECOL"].map((name) =>
        Number(url.searchParams.get(name)),
      );
      response.writeHead(200, { "content-type": "image/png" });
      response.end(degreeTilePng(level ?? 0, row ?? 0, column ?? 0));
    });
    const wmts = ["--layer", "vec", "--matrix-set", "c"];
    const end = await set(`${service.origin}/vec_c/wmts?tk=key1`, ...wmts);
    expect(end).toMatchObject({ code: 0, err: "" });
    // The key is in what is asked, and in nothing that is printed.
    expect(service.asked[0]).toContain("LAYER=vec&STYLE=default&TILEMATRIXSET=c&FORMAT=tiles&tk=key1&TILEMATRIX=10");
    expect(end.out + (await runner.run("basemap", "list", "--json")).out).not.toContain("key1");
    const told = await describeMap();
    expect(JSON.stringify(told)).not.toContain(service.origin);
    expect(told).toMatchObject({
      kind: "service",
      type: "raster",
      tileSize: 256,
      minzoom: 1,
      maxzoom: 18,
      bounds: null,
    });
    for (const [z, lat] of [
      [10, 40.45],
      [14, 40.46],
      [11, -33.3],
    ] as const) {
      const tile = tileOf([113.16, lat], z);
      const answer = await get(address(told["tiles"] ?? "", tile));
      expect(answer.statusCode).toBe(200);
      const { worst, opaque } = compare(answer.rawPayload, tile);
      expect(worst).toBeLessThanOrEqual(1.5);
      expect(opaque).toBe(256 * 256);
    }
    await service.close();
    const down = await get(address(told["tiles"] ?? "", tileOf([113.5, 40.2], 12)));
    expect([down.statusCode, down.body]).toEqual([502, expect.stringContaining("does not answer")]);
    expect(await set(`${service.origin}/vec_c/wmts`, ...wmts)).toMatchObject({
      code: 1,
      err: expect.stringContaining("ECONNREFUSED"),
    });
    expect((await describeMap())["tiles"]).toBe(told["tiles"]);
  });

  it("of the environment stands for counties that have none of their own", async () => {
    const config = loadConfig({
      ...{ BASEMAP_FILE: join(dir, "p.pmtiles"), BASEMAP_SOURCE: "市局", BASEMAP_REVIEW_NUMBER: "晋S(2026)001号" },
    });
    const fallback = await environmentMap(config, Date.parse(SMALL_NOW));
    const maps = new BaseMaps(api.database, dir, Date.now, fallback);
    expect(await maps.find(SMALL_COUNTY)).toMatchObject({ source: "省自然资源厅" });
    const other = await maps.find("990199");
    expect(other).toMatchObject({ county: "990199", source: "市局", reviewNumber: "晋S(2026)001号", minZoom: 5 });
    const made = other && (await maps.tile(other, tileOf([113, 40], 5)));
    expect(made?.content?.bytes.length).toBe(plainPng(256, [0, 200, 0]).length);
    await maps.close();
    // A service may be away while the server starts; its key is in no message.
    const terms = { BASEMAP_SOURCE: "市局", BASEMAP_REVIEW_NUMBER: "x", BASEMAP_LAYER: "vec", BASEMAP_MATRIX_SET: "c" };
    const service = loadConfig({ BASEMAP_URL: "http://127.0.0.1:1/wmts?tk=secret", ...terms });
    expect((await environmentMap(service, 0))?.row).toMatchObject({ kind: "service", crs: "EPSG:4490", minZoom: 1 });
    const bad = loadConfig({ BASEMAP_URL: "ftp://maps/{z}/{x}/{y}?tk=secret", ...terms });
    const refused = await environmentMap(bad, 0).catch((error: Error) => error);
    expect(refused).toMatchObject({ at: "BASEMAP_URL", message: expect.not.stringContaining("secret") });
    for (const [file, message] of [
      ["missing.tif", /^BASEMAP_FILE: .*does not exist/],
      ["text.tif", /^BASEMAP_FILE: .*neither a PMTiles file nor a GeoTIFF/],
    ] as const) {
      const wrong = { basemap: { source: "市局", reviewNumber: "x", file: join(dir, file) } };
      await expect(environmentMap(wrong, 0)).rejects.toMatchObject({
        ...{ at: "BASEMAP_FILE", message: expect.stringMatching(message) },
      });
    }
  });

  it("is forgotten with its audit trail", async () => {
    expect(await runner.run("basemap", "remove", "--county", SMALL_COUNTY, "--dir", dir)).toMatchObject({ code: 0 });
    expect((await get(`/basemap/${SMALL_COUNTY}.json`)).statusCode).toBe(204);
    const actions = await runner.rows<{ action: string }>(
      SMALL_COUNTY,
      "SELECT action FROM audit_log WHERE county = $1 AND action LIKE 'basemap.%' ORDER BY at, id",
    );
    expect(actions.map(({ action }) => action)).toContain("basemap.remove");
    expect(actions.filter(({ action }) => action === "basemap.set")).toHaveLength(4);
  });
});

describe("tile services", () => {
  const tile: TileId = { z: 9, x: 417, y: 193 };
  const png = plainPng(256, [1, 2, 3]);

  it("in Web Mercator are handed on byte for byte", async () => {
    const service = await fakeService((_, response) =>
      response.writeHead(200, { "content-type": "image/png" }).end(png),
    );
    const source = new ServiceSource(`${service.origin}/{z}/{y}/{x}.png`, "EPSG:3857", 0);
    const made = await source.tile(tile);
    expect([made?.format, Buffer.compare(made?.bytes ?? Buffer.of(), png)]).toEqual(["png", 0]);
    expect(service.asked).toEqual(["/9/193/417.png"]);
    await service.close();
  });

  it.each([
    ["a redirect", 302, { location: "http://127.0.0.1:1/" }, "", /answered 302/],
    ["a page", 200, { "content-type": "text/html" }, "<html>", /text\/html/],
    ["a page that calls itself a picture", 200, { "content-type": "image/png" }, "<html>", /not PNG, JPEG/],
    ["too much", 200, { "content-type": "image/png" }, Buffer.alloc(3_000_000, 1), /larger than/],
    ["its own fault", 500, { "content-type": "image/png" }, "", /answered 500/],
  ] as const)("that send %s are not believed", async (_, status, headers, body, message) => {
    const service = await fakeService((__, response) => response.writeHead(status, headers).end(body));
    const source = new ServiceSource(`${service.origin}/{z}/{y}/{x}`, "EPSG:3857", 0);
    await expect(source.tile(tile)).rejects.toThrow(message);
    await expect(source.tile(tile)).rejects.toMatchObject({ statusCode: 502 });
    await service.close();
  });

  it("that do not answer are left alone for a while", async () => {
    const service = await fakeService((_, response) =>
      response.writeHead(200, { "content-type": "image/png" }).end(png),
    );
    await service.close();
    let now = 0;
    const source = new ServiceSource(`${service.origin}/{z}/{y}/{x}`, "EPSG:3857", 0, () => now);
    await expect(source.tile(tile)).rejects.toThrow(/does not answer/);
    await expect(source.tile(tile)).rejects.toThrow(/a moment ago/);
    now = 20_000;
    await expect(source.tile(tile)).rejects.toThrow(/does not answer/);
  });

  it("have nothing where they say so", async () => {
    const service = await fakeService((_, response) => response.writeHead(404).end());
    expect(await new ServiceSource(`${service.origin}/{z}/{y}/{x}`, "EPSG:3857", 0).tile(tile)).toBeUndefined();
    expect(await new ServiceSource(`${service.origin}/{z}/{y}/{x}`, "EPSG:4490", 1).tile(tile)).toBeUndefined();
    await service.close();
  });
});

describe("pictures", () => {
  it("of JPEG are read as another reader reads them", async () => {
    // Made with gdal_translate: red is the column, green the row, blue 128.
    const jpeg = readFileSync(new URL("../fixtures/basemap/gradient.jpg", import.meta.url));
    const { width, height, data } = await decodeImage(jpeg);
    expect([width, height]).toEqual([256, 256]);
    let worst = 0;
    for (let y = 16; y < 240; y += 7)
      for (let x = 16; x < 240; x += 7)
        for (const [n, value] of [x, y, 128].entries())
          worst = Math.max(worst, Math.abs(value - (data[(y * 256 + x) * 4 + n] as number)));
    expect(worst).toBeLessThanOrEqual(12);
    await expect(decodeImage(jpeg.subarray(0, 60))).rejects.toThrow(/cannot be read/);
    await expect(decodeImage(Buffer.from("RIFF0000WEBPVP8 "))).rejects.toThrow(/webp cannot be drawn/);
  });

  it.skipIf(!existsSync(SAMPLE))("of a PMTiles file that somebody else made are found (../shared/data)", async () => {
    const source = await PmtilesSource.open(SAMPLE);
    const found = await source.tile(tileOf([14.206, 50.909], 11));
    expect(source.format).toBe("webp");
    expect(
      Buffer.from(found?.bytes ?? [])
        .subarray(8, 12)
        .toString(),
    ).toBe("WEBP");
    expect(await source.tile({ z: 11, x: 0, y: 0 })).toBeUndefined();
    await source.close();
  });
});
