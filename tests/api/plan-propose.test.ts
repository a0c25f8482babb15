import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { ProposeReport } from "../../api/cli/commands/plan-propose.ts";
import { main } from "../../api/cli/main.ts";
import { arrange } from "../../data/coverage/noding/arrangement.ts";
import { dissolve } from "../../data/coverage/noding/dissolve.ts";
import { geopackageGeometry } from "../../data/exporters/geopackage-geometry.ts";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import { GPKG_TABLES, gpkgLayer, sqliteFile } from "../helpers/gpkg-file.ts";
import { dbfBytes, polygonRecord, shpBytes } from "../helpers/shapefile-bytes.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-plan-propose-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const GUIXI = resolve("../shared/data/osm-cn-guixi");

async function run(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const text = { out: "", err: "" };
  const code = await main(["plan", "propose", ...argv], {
    out: (chunk) => {
      text.out += chunk;
    },
    err: (chunk) => {
      text.err += chunk;
    },
    env: {},
    now: () => 0,
    openDatabase: () => Promise.reject(new Error("a proposal needs no database")),
  });
  return { code, ...text };
}

interface OutFeature {
  readonly properties: Readonly<Record<string, unknown>> & { readonly grid: string | number };
  readonly geometry: { readonly type: "Polygon" | "MultiPolygon"; readonly coordinates: unknown };
}
const read = (path: string): OutFeature[] => JSON.parse(readFileSync(path, "utf8")).features;
const groundOf = ({ geometry: { type, coordinates } }: OutFeature): MultiPolygonRings =>
  (type === "Polygon" ? [coordinates] : coordinates) as MultiPolygonRings;

/** Blocks of each grid. */
function grids(features: readonly OutFeature[]): Map<string | number, OutFeature[]> {
  const found = new Map<string | number, OutFeature[]>();
  for (const feature of features) {
    const { grid } = feature.properties;
    found.set(grid, [...(found.get(grid) ?? []), feature]);
  }
  return found;
}

/** Pieces of ground of each grid, by the polygons alone. */
function pieces(features: readonly OutFeature[]): number[] {
  const arrangement = arrange(features.map(groundOf));
  const names = [...grids(features).keys()];
  const ownerOf = Int32Array.from(arrangement.owners, ([block]) =>
    block === undefined ? -1 : names.indexOf(features[block]?.properties.grid ?? ""),
  );
  return dissolve(arrangement, ownerOf, names.length).map((polygons) => polygons.length);
}

const ring = (west: number, south: number, east: number, north: number): number[][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const STEP = 0.001;
const block = (column: number, row: number, properties: object): object => ({
  type: "Feature",
  properties,
  geometry: {
    type: "Polygon",
    coordinates: [
      ring(112 + column * STEP, 40 + row * STEP, 112 + (column + 1) * STEP, 40 + (row + 1) * STEP).map(([x, y]) => [
        Number(x?.toFixed(7)),
        Number(y?.toFixed(7)),
      ]),
    ],
  },
});

function write(name: string, features: readonly object[]): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify({ type: "FeatureCollection", features }));
  return path;
}

/** A town of 12 × 12 blocks with 20 to 59 households each, in two communities, with grids of today in columns. */
const TOWN = Array.from({ length: 144 }, (_, n) => {
  const [column, row] = [n % 12, Math.floor(n / 12)];
  return block(column, row, {
    户数: 20 + ((n * 37) % 40),
    community: column < 6 ? "东街" : "西街",
    grid: `G${Math.floor(column / 3)}-${Math.floor(row / 4)}`,
  });
});
const town = write("town.geojson", TOWN);

describe("jingwei plan propose", () => {
  it("gives the same blocks back with a grid each: in range, in one piece, within communities, the same bytes again", async () => {
    const out = join(dir, "town.out.geojson");
    const words = ["--blocks", town, "--households", "户数", "--within", "community", "-o", out, "--json"];
    const first = await run(...words);
    expect(first.code, first.err).toBe(0);
    const report = JSON.parse(first.out) as ProposeReport;
    expect(report).toMatchObject({ read: 144, min: 300, max: 500, unmet: [], graph: { borders: 264, mended: 0 } });
    const features = read(out);
    expect(features.map(({ geometry }) => geometry)).toEqual(
      TOWN.map((feature) => (feature as { geometry: object }).geometry),
    );
    expect(features.every(({ properties }) => String(properties["grid_before"]).startsWith("G"))).toBe(true);
    for (const [grid, members] of grids(features)) {
      const households = members.reduce((sum, { properties }) => sum + Number(properties["户数"]), 0);
      expect(households, `households of ${grid}`).toBeGreaterThanOrEqual(300);
      expect(households, `households of ${grid}`).toBeLessThanOrEqual(500);
      expect(new Set(members.map(({ properties }) => properties["community"])).size).toBe(1);
      expect(report.grids.find((one) => one.grid === grid)?.households).toBe(households);
    }
    expect(pieces(features)).toEqual(pieces(features).map(() => 1));
    const bytes = readFileSync(out, "utf8");
    expect((await run(...words)).out).toBe(first.out);
    expect(readFileSync(out, "utf8")).toBe(bytes);
  });

  it("divides blocks of a shapefile and of a GeoPackage as those of GeoJSON", async () => {
    const shapes = TOWN as readonly { properties: { 户数: number }; geometry: { coordinates: [number, number][][] } }[];
    const stem = join(dir, "town-shp");
    // A shapefile's outer rings run clockwise.
    const records = shapes.map(({ geometry }) =>
      polygonRecord(geometry.coordinates.map((corners) => corners.toReversed())),
    );
    writeFileSync(`${stem}.shp`, shpBytes(records));
    const rows = shapes.map(({ properties }) => [String(properties.户数)]);
    writeFileSync(`${stem}.dbf`, dbfBytes([{ name: "HH", type: "N", length: 8 }], rows));
    const hex = ({ geometry }: (typeof shapes)[number]): string =>
      Buffer.from(geopackageGeometry({ type: "Polygon", coordinates: geometry.coordinates }, 4490)).toString("hex");
    const values = shapes.map((one, n) => `(${n + 1}, x'${hex(one)}', ${one.properties.户数})`);
    const gpkg = sqliteFile(
      join(dir, "town.gpkg"),
      `${GPKG_TABLES}CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, HH INTEGER);${gpkgLayer("t")}
       INSERT INTO t VALUES ${values.join(", ")};`,
    );
    const gridsOf = async (file: string, column: string): Promise<(string | number)[]> => {
      const out = join(dir, "formats.geojson");
      const { code, err } = await run("--blocks", file, "--households", column, "--sweeps", "100", "-o", out);
      expect(code, err).toBe(0);
      return read(out).map(({ properties }) => properties.grid);
    };
    const wanted = await gridsOf(town, "户数");
    expect(new Set(wanted).size).toBeGreaterThan(8);
    expect(await gridsOf(`${stem}.shp`, "HH")).toEqual(wanted);
    expect(await gridsOf(gpkg, "HH")).toEqual(wanted);
  });

  it("keeps the names of grids that go on, and crosses no river", async () => {
    const out = join(dir, "kept.geojson");
    const river = write("river.geojson", [
      {
        type: "Feature",
        properties: { waterway: "river" },
        geometry: {
          type: "LineString",
          coordinates: [
            [112.006, 39.99],
            [112.006, 40.03],
          ],
        },
      },
    ]);
    const words = ["--blocks", town, "--households", "户数", "--current", "grid", "--barriers", river, "-o", out];
    const { code, out: text } = await run(...words);
    expect(code).toBe(0);
    expect(text).toContain("地块 blocks 144");
    const features = read(out);
    const names = [...grids(features).keys()].map(String);
    expect(names.filter((name) => /^G\d-\d$/.test(name)).length).toBeGreaterThan(names.length / 2);
    for (const [, members] of grids(features))
      expect(new Set(members.map(({ properties }) => properties["community"])).size).toBe(1);
  });

  it("cuts what is too large along its buildings and lists it; what cannot be cut is said to be impossible", async () => {
    const out = join(dir, "large.geojson");
    const blocks = write("large-blocks.geojson", [
      block(0, 0, { n: 1000 }),
      block(1, 0, { n: 900 }),
      block(2, 0, { n: 400 }),
    ]);
    const homes = write(
      "large-homes.geojson",
      Array.from({ length: 10 }, (_, n) => ({
        type: "Feature",
        properties: {},
        geometry: { type: "Point", coordinates: [112.00005 + (n % 5) * 0.0002, 40.0002 + Math.floor(n / 5) * 0.0005] },
      })),
    );
    const words = ["--blocks", blocks, "--households", "n", "--homes", homes, "-o", out, "--json"];
    const { code, out: text, err } = await run(...words);
    expect(code, err).toBe(0);
    const report = JSON.parse(text) as ProposeReport;
    expect(report.cut).toEqual(["large-blocks.geojson#1"]);
    expect(report.households).toBe(2300);
    const parts = read(out).filter(({ properties }) => properties["n"] === 1000);
    expect(parts.reduce((sum, { properties }) => sum + Number(properties["part_households"]), 0)).toBe(1000);
    expect(new Set(parts.map(({ properties }) => properties.grid)).size).toBeGreaterThan(1);
    const oversize = report.grids.filter((grid) => grid.oversize);
    expect(oversize.map(({ households }) => households)).toEqual([900]);
  });

  it.each([
    ["a column that is not there", [block(0, 0, { n: 5 })], ["--households", "m"], 1, 'no column \\"m\\"'],
    ["negative households", [block(0, 0, { n: 5 }), block(1, 0, { n: -1 })], [], 1, "less than 0"],
    ["a share of a household", [block(0, 0, { n: 5 }), block(1, 0, { n: 2.5 })], [], 1, "no whole number"],
    ["a block without households", [block(0, 0, { n: 5 }), block(1, 0, { n: null })], [], 1, "no number"],
    ["no two neighbours", [block(0, 0, { n: 5 }), block(2, 2, { n: 5 })], [], 1, "No two blocks share a border"],
    [
      "a ring that touches itself",
      [
        block(5, 5, { n: 5 }),
        {
          type: "Feature",
          properties: { n: 1 },
          geometry: {
            type: "Polygon",
            coordinates: [
              [
                [112, 40],
                [112.001, 40.001],
                [112.002, 40],
                [112.002, 40.002],
                [112.001, 40.001],
                [112, 40.002],
                [112, 40],
              ],
            ],
          },
        },
      ],
      [],
      1,
      "touches itself",
    ],
    ["min above max", [block(0, 0, { n: 5 })], ["--min", "600"], 2, "--min 600 is more than --max 500"],
    ["a range that is no number", [block(0, 0, { n: 5 })], ["--max", "many"], 2, "--max is"],
  ])("refuses %s and says where", async (_name, features, more, code, message) => {
    const file = write("bad.geojson", features);
    const answer = await run(
      "--blocks",
      file,
      "--households",
      "n",
      ...more,
      "-o",
      join(dir, "bad.out.geojson"),
      "--json",
    );
    expect(answer.code).toBe(code);
    expect(answer.out).toContain(message);
    expect(existsSync(join(dir, "bad.out.geojson"))).toBe(false);
  });

  describe("Guixi", () => {
    beforeEach(({ skip }) => skip(!existsSync(GUIXI), "../shared/data is absent"));

    it("goes from streets to grids by one command", async () => {
      const out = join(dir, "guixi.geojson");
      const { code, out: text } = await run(
        "--streets",
        join(GUIXI, "guixi_roads.geojson"),
        "--homes",
        join(GUIXI, "guixi_buildings.geojson"),
        "--total",
        "12000",
        "-o",
        out,
        "--json",
      );
      expect(code).toBe(0);
      const report = JSON.parse(text) as ProposeReport;
      expect(report.graph.mended).toBe(0);
      expect(report.read).toBeGreaterThan(80);
      expect(report.figures.inPieces).toBe(0);
      expect(report.apart).toEqual([]);
      // Blocks without buildings, such as the fields around, are ground of a grid all the same.
      expect(report.grids.reduce((sum, { blocks }) => sum + blocks, 0)).toBe(report.read);
      expect(report.figures.onWeighted).toBeGreaterThan(0);
      const sound = arrange(read(out).map(groundOf));
      expect(sound.owners.every((owners) => owners.length < 2)).toBe(true);
    });
  });
});
