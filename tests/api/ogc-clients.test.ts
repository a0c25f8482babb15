import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { openTestApi, type TestApi } from "../helpers/api.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";

const run = promisify(execFile);
const hasGdal = spawnSync("ogr2ogr", ["--version"]).status === 0;
if (!hasGdal) console.warn("tests/api/ogc-clients.test.ts: ogr2ogr is missing (apt-get install gdal-bin); skipped");

interface Item {
  readonly id?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: unknown;
}

/** Programs that nobody here wrote: GDAL's drivers for OGC API – Features and for vector tiles, and its reader of files. */
describe.skipIf(!hasGdal)(`real clients${hasGdal ? "" : " (gdal-bin is missing)"}`, () => {
  let api: TestApi;
  let commands: CommandRunner;
  let address: string;
  let secret: string;
  const folder = mkdtempSync(join(tmpdir(), "jingwei-clients-"));

  beforeAll(async () => {
    api = await openTestApi({
      datasets: [smallCounty(230)],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
      signIn: true,
    });
    commands = await commandRunner(api.database);
    commands.now = SMALL_NOW;
    const words = `token add --county ${SMALL_COUNTY} --role admin --days 30 --name QGIS --json`;
    secret = (JSON.parse((await commands.run(...words.split(" "))).out) as { secret: string }).secret;
    address = await api.listen();
  });
  afterAll(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const gdal = async (program: string, ...args: string[]): Promise<string> => {
    const env = { ...process.env, GDAL_HTTP_USERPWD: `qgis:${secret}`, GDAL_HTTP_TIMEOUT: "30" };
    const { stdout, stderr } = await run(program, args, { env, maxBuffer: 1 << 26 });
    expect(stderr.replace(/^Warning .*$/gm, "").trim(), `${program} ${args.join(" ")}`).toBe("");
    return stdout;
  };
  const items = (file: string): Item[] => (JSON.parse(readFileSync(file, "utf8")) as { features: Item[] }).features;
  const sorted = (list: readonly Item[]): string[] =>
    list
      // GDAL writes an id that it read from a file as the feature's, one that came over OGC API as a property.
      .map(({ id, properties, geometry }) =>
        JSON.stringify([Object.entries({ id, ...properties }).toSorted(([a], [b]) => (a < b ? -1 : 1)), geometry]),
      )
      .toSorted();
  const toGeojson = async (name: string, ...args: string[]): Promise<Item[]> => {
    const file = join(folder, `${name}.geojson`);
    rmSync(file, { force: true });
    await gdal("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=7", file, ...args);
    return items(file);
  };
  const exported = async (kind: string, format: string): Promise<string> => {
    const file = join(folder, `export-${kind}.${format}`);
    const end = await commands.run("export", kind, "--county", SMALL_COUNTY, "--format", format, "-o", file);
    expect(end.code, end.err).toBe(0);
    return file;
  };

  it("list the collections, and are asked for a password", async () => {
    const list = await gdal("ogrinfo", "-so", `OAPIF:${address}/ogc`);
    for (const kind of ["areas", "grids", "compounds", "incidents", "cameras", "stations"])
      expect(list).toContain(`${SMALL_COUNTY}.${kind}`);
    const { statusText, status, headers } = await fetch(`${address}/ogc`);
    expect([status, headers.get("www-authenticate")?.slice(0, 5)], statusText).toEqual([401, "Basic"]);
    const [, county, id, rest] = /^jw_(\d+)_([^_]+)_(.+)$/.exec(secret) ?? [];
    const basic = (name: string, password: string) =>
      fetch(`${address}/ogc`, {
        headers: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` },
      }).then((answer) => answer.status);
    expect(await basic(`jw_${county}_${id}`, rest ?? "")).toBe(200);
    expect(await basic("anybody", secret)).toBe(200);
    expect(await basic("anybody", `${secret.slice(0, -1)}!`)).toBe(401);
  });

  it.each(["areas", "grids", "compounds", "incidents", "cameras"])(
    "read the same %s over OGC API as the export has",
    async (kind) => {
      const layer = `${SMALL_COUNTY}.${kind}`;
      const over = await toGeojson(`oapif-${kind}`, `OAPIF:${address}/ogc`, layer, "-oo", "PAGE_SIZE=37");
      const file = await toGeojson(`file-${kind}`, await exported(kind, "geojson"));
      expect(over.length).toBeGreaterThan(0);
      expect(sorted(over)).toEqual(sorted(file));
    },
  );

  it("pass boxes and properties on, and answer as brute force over the export does", async () => {
    const all = items(await exported("incidents", "geojson"));
    const points = all.map(({ geometry }) => (geometry as { coordinates: [number, number] }).coordinates);
    const [[west = 0, south = 0] = [], [east = 0, north = 0] = []] = [
      [points.map(([x]) => x).toSorted()[40], points.map(([, y]) => y).toSorted()[40]],
      [points.map(([x]) => x).toSorted()[180], points.map(([, y]) => y).toSorted()[180]],
    ] as [number[], number[]];
    const spat = [west, south, east, north].map(String);
    const found = await toGeojson("spat", `OAPIF:${address}/ogc`, `${SMALL_COUNTY}.incidents`, "-spat", ...spat);
    const inside = points.filter(([x, y]) => x >= west && x <= east && y >= south && y <= north);
    expect(found.length).toBe(inside.length);
    expect(inside.length).toBeGreaterThan(10);
    const closed = await toGeojson(
      "where",
      `OAPIF:${address}/ogc`,
      `${SMALL_COUNTY}.incidents`,
      "-where",
      "state = 'closed'",
    );
    expect(closed.length).toBe(all.filter(({ properties }) => properties["state"] === "closed").length);
  });

  it("read GeoPackages, spreadsheets and CSV of ours as they were written", async () => {
    const geojson = items(await exported("grids", "geojson"));
    const gpkg = await exported("grids", "gpkg");
    const info = await gdal("ogrinfo", "-al", "-so", gpkg, "grids");
    expect(info).toContain("Geometry: Multi Polygon");
    expect(info).toContain(`Feature Count: ${geojson.length}`);
    expect(info).toMatch(/ID\["EPSG",4326\]/);
    expect(info).toContain("households: Integer");
    expect(info).toContain("valid_from: DateTime");
    const read = await toGeojson("gpkg", gpkg, "grids");
    expect(read.map(({ geometry }) => JSON.stringify(geometry)).toSorted()).toEqual(
      geojson.map(({ geometry }) => JSON.stringify(geometry)).toSorted(),
    );
    const csv = await gdal("ogrinfo", "-al", "-so", await exported("grids", "csv"));
    expect(csv).toContain(`Feature Count: ${geojson.length}`);
    const xlsx = await gdal("ogrinfo", "-al", await exported("incidents", "xlsx"));
    expect(xlsx).toMatch(/class: String/);
    expect(xlsx).toContain("说明");
  });

  it("read vector tiles", async () => {
    // The middle of the fixture's county.
    const [lon, lat] = [112.02, 40.005];
    const z = 13;
    const x = Math.floor(((lon + 180) / 360) * 2 ** z);
    const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
    const authorization = `Bearer ${secret}`;
    const url = `${address}/ogc/collections/${SMALL_COUNTY}.grids/tiles/WebMercatorQuad/${z}/${y}/${x}`;
    const answer = await fetch(url, { headers: { authorization } });
    const file = join(folder, `${y}.mvt`);
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const info = await gdal("ogrinfo", "-al", "-so", `MVT:${file}`, "grids");
    expect(info).toMatch(/Feature Count: [1-9]/);
    expect(info).toContain("code: String");
  });
});
