import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toLattice } from "../../data/model/geometry.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { encodeGbk } from "../helpers/gbk.ts";
import { GPKG_TABLES, gpkgLayer, sqliteFile } from "../helpers/gpkg-file.ts";
import { dbfBytes, polygonRecord, shpBytes } from "../helpers/shapefile-bytes.ts";
import { xlsxBytes } from "../helpers/xlsx-bytes.ts";
import { zipBytes } from "../helpers/zip-bytes.ts";

const ZUOYUN = fileURLToPath(new URL("../../../shared/data/cgcs2000-derived/", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "jingwei-formats-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const box = (west: number, east: number): [number, number][] => [
  [west, 40],
  [west, 41],
  [east, 41],
  [east, 40],
  [west, 40],
];

describeOnBothDatabases("imports of every format", (open) => {
  const county = "140298";
  let runner: CommandRunner;
  beforeAll(async () => {
    const { database } = await open();
    runner = await commandRunner(database);
    expect((await runner.run("county", "add", county, "--name", "试验县", "--timezone", "Asia/Shanghai")).code).toBe(0);
  });
  const count = async (table: "incident" | "area_version" | "building"): Promise<number> => {
    const [row] = await runner.rows<{ n: number }>(county, `SELECT count(*)::int AS n FROM ${table} WHERE county = $1`);
    return row?.n ?? -1;
  };

  test("grids from a GBK shapefile in a zip, the same again from KML, and buildings from a workbook", async () => {
    const shapes = zipBytes([
      {
        name: encodeGbk("网格.shp"),
        bytes: shpBytes([polygonRecord([box(112, 113)]), polygonRecord([box(113, 114)])]),
      },
      {
        name: encodeGbk("网格.dbf"),
        bytes: dbfBytes(
          [
            { name: encodeGbk("编码"), type: "C", length: 8 },
            { name: encodeGbk("名称"), type: "C", length: 20 },
          ],
          [
            ["w", encodeGbk("西网格")],
            ["e", encodeGbk("东网格")],
          ],
        ),
      },
    ]);
    expect(await runner.report("grids", file("grids.zip", shapes), "--county", county)).toMatchObject({
      read: 2,
      loaded: 2,
      skipped: [],
    });
    expect(
      await runner.rows(
        county,
        "SELECT name, source_ref FROM area_version WHERE county = $1 AND level = 'grid' ORDER BY code",
      ),
    ).toEqual([
      { name: "西网格", source_ref: "w" },
      { name: "东网格", source_ref: "e" },
    ]);
    const placemark = (code: string, name: string, ring: [number, number][]): string =>
      `<Placemark><name>${name}</name><ExtendedData><Data name="编码"><value>${code}</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing><coordinates>${ring.map((one) => one.join(",")).join(" ")}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>`;
    const kml = `<kml><Document>${placemark("w", "西网格", box(112, 113))}${placemark("e", "东网格", box(113, 114))}</Document></kml>`;
    expect(await runner.report("grids", file("grids.kml", kml), "--county", county)).toMatchObject({
      loaded: 0,
      updated: 0,
      unchanged: 2,
    });
    const rows = `<row><c t="inlineStr"><is><t>楼栋编码</t></is></c><c t="inlineStr"><is><t>户数</t></is></c><c t="inlineStr"><is><t>经度</t></is></c><c t="inlineStr"><is><t>纬度</t></is></c></row>
      <row><c><v>7</v></c><c><v>24</v></c><c><v>112.5</v></c><c><v>40.5</v></c></row><row><c><v>8</v></c><c><v>6</v></c></row>`;
    const built = await runner.report("buildings", file("buildings.xlsx", xlsxBytes({ rows })), "--county", county);
    expect(built).toMatchObject({ read: 2, loaded: 1 });
    expect(built.skipped).toMatchObject([{ reason: "no_geometry", samples: [{ at: "buildings.xlsx:3" }] }]);
  });

  test.skipIf(!existsSync(ZUOYUN))(
    "towns of Zuoyun: a GeoPackage in 4490 and a GBK shapefile in 4547 are one",
    async () => {
      const zuoyun = "140226";
      await runner.run("county", "add", zuoyun, "--name", "左云县", "--timezone", "Asia/Shanghai");
      const load = (path: string) => runner.report("areas", `${ZUOYUN}${path}`, "--county", zuoyun, "--level", "town");
      const rings = async () =>
        new Map(
          (
            await runner.rows<{ code: string; ref: string; shape: { coordinates: number[][][][] } }>(
              zuoyun,
              `SELECT code, source_ref AS ref, ST_AsGeoJSON(geom, 12)::json AS shape FROM area_version
              WHERE county = $1 AND level = 'town' AND valid_to = 'infinity' ORDER BY code`,
            )
          ).map(({ code, ref, shape }) => [`${code} ${ref}`, shape.coordinates.flat(2)]),
        );
      expect(await load("zuoyun_towns_4490.gpkg")).toMatchObject({ read: 9, loaded: 9, skipped: [] });
      const first = await rings();
      expect([...first.keys()]).toContain("140226205 140226205000");
      const again = await load("zuoyun_gk3_cm114_4547_gbk/zuoyun_gk3_cm114_4547_gbk.shp");
      expect(again).toMatchObject({ read: 9, loaded: 0, skipped: [] });
      const second = await rings();
      expect([...second.keys()]).toEqual([...first.keys()]);
      let worst = 0;
      for (const [key, corners] of first) {
        const others = second.get(key) ?? [];
        expect(others).toHaveLength(corners.length);
        for (const [n, corner] of corners.entries())
          for (const axis of [0, 1])
            worst = Math.max(worst, Math.abs(toLattice(corner[axis] ?? 0) - toLattice(others[n]?.[axis] ?? 0)));
      }
      expect(worst).toBeLessThanOrEqual(1);
    },
  );

  test("cases from a workbook, from points and in metres of Gauss-Krüger", async () => {
    const cell = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const sheet = `<row>${["编号", "上报时间", "经度", "纬度"].map(cell).join("")}</row>
      <row>${cell("x1")}<c s="1"><v>45717.336805555555</v></c><c><v>112.5</v></c><c><v>40.5</v></c></row>`;
    const book = file("cases.xlsx", xlsxBytes({ rows: sheet, formats: ["yyyy-mm-dd hh:mm"] }));
    expect(await runner.report("incidents", book, "--county", county)).toMatchObject({
      read: 1,
      loaded: 1,
      skipped: [],
    });
    const point = (id: string, coordinates: string): string =>
      `{"type":"Feature","properties":{"id":"${id}","opened":"2025-03-01 09:00"},"geometry":{"type":"Point","coordinates":${coordinates}}}`;
    const lines = file("cases.geojsonl", `${point("p1", "[113.5,40.5]")}\n${point("p2", "null")}\n`);
    const points = await runner.report("incidents", lines, "--county", county);
    expect(points).toMatchObject({ read: 2, loaded: 1 });
    expect(points.skipped).toMatchObject([{ reason: "no_point", samples: [{ at: "cases.geojsonl:2" }] }]);
    // Centre of the 3-degree zone about 114° east, EPSG:4547: 500 km false easting; 112.5° lies 127 km west of it (computed with PROJ).
    const metres = file("metres.csv", "id,opened,x,y\nm1,2025-03-01 10:00,372846.05,4486129.85\n");
    const placed = await runner.report("incidents", metres, "--county", county, "--crs", "EPSG:4547");
    expect(placed).toMatchObject({ loaded: 1 });
    expect(placed.crs).toMatch(/^EPSG:4547 \(--crs/);
    expect(
      await runner.rows(
        county,
        `SELECT source_ref, scope_code, round(ST_X(geom)::numeric, 3)::float8 AS lon, round(ST_Y(geom)::numeric, 2)::float8 AS lat,
                to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI') AS opened
           FROM incident WHERE county = $1 ORDER BY source_ref`,
      ),
    ).toEqual([
      { source_ref: "m1", scope_code: "140298099199001", lon: 112.5, lat: 40.5, opened: "10:00" },
      { source_ref: "p1", scope_code: "140298099199002", lon: 113.5, lat: 40.5, opened: "09:00" },
      { source_ref: "x1", scope_code: "140298099199001", lon: 112.5, lat: 40.5, opened: "08:05" },
    ]);
  });

  test("rows that were left out come back with their reasons, are corrected and go in", async () => {
    const csv = file(
      "reject.csv",
      'id,opened,lon,lat,title\nr1,2025-03-01,112.5,40.5,a\nr2,yesterday,112.5,40.5,"=1+1, 巷口"\nr3,2025-03-02,112.6\nr4,2025-03-02,,,b\n',
    );
    const before = await count("incident");
    const rejected = join(dir, "rejected.csv");
    const first = await runner.report("incidents", csv, "--county", county, "--rejected", rejected);
    expect(first).toMatchObject({ read: 4, loaded: 1 });
    const text = readFileSync(rejected, "utf8");
    expect(
      text
        .split("\r\n")
        .map((line) => line.replace(/^([^,]*,[^,]*),.*?(?=,(?:r\d|id),)/, "$1"))
        .sort(),
    ).toEqual(
      [
        "",
        "\uFEFF_at,_reason,id,opened,lon,lat,title,geometry_wkt",
        'reject.csv:3,bad_time,r2,yesterday,112.5,40.5,"\'=1+1, 巷口",',
        "reject.csv:4,wrong_column_count,r3,2025-03-02,112.6",
        "reject.csv:5,no_point,r4,2025-03-02,,,b,",
      ].sort(),
    );
    const corrected = text
      .replace("r2,yesterday", "r2,2025-03-04")
      .replace("r3,2025-03-02,112.6\r\n", "r3,2025-03-02,112.6,40.5,c,\r\n")
      .replace("r4,2025-03-02,,", "r4,2025-03-02,112.7,40.5");
    const second = await runner.report("incidents", file("corrected.csv", corrected), "--county", county);
    expect(second).toMatchObject({ read: 3, loaded: 3, skipped: [] });
    expect(await count("incident")).toBe(before + 4);
    expect(await runner.rows(county, "SELECT title FROM incident WHERE county = $1 AND source_ref = 'r2'")).toEqual([
      { title: "=1+1, 巷口" },
    ]);
  });

  test("features that were left out come back with their geometry", async () => {
    const rejected = join(dir, "buildings.csv");
    const far =
      '{"type":"Feature","properties":{"id":"far","households":3},"geometry":{"type":"Point","coordinates":[114.01,40.5]}}';
    const near = far.replace("far", "near").replace("114.01", "113.99");
    const source = file("far.geojson", `{"type":"FeatureCollection","features":[${near},${far}]}`);
    expect(await runner.report("buildings", source, "--county", county, "--rejected", rejected)).toMatchObject({
      loaded: 1,
    });
    const text = readFileSync(rejected, "utf8");
    expect(text).toContain("far,3,POINT(114.01 40.5)");
    const second = await runner.report(
      "buildings",
      file("near.csv", text.replace("POINT(114.01", "POINT(113.98")),
      "--county",
      county,
    );
    expect(second).toMatchObject({ read: 1, loaded: 1, skipped: [] });
  });

  test.each([
    [
      "a cut-off zip",
      "incidents",
      () => file("cut.zip", zipBytes([{ name: "a.csv", bytes: "id\n" }]).subarray(0, 40)),
      /cut off or damaged/,
    ],
    ["a GeoPackage damaged behind its first rows", "grids", damagedPackage, /damaged/],
    [
      "a GeoJSON that ends in the middle",
      "grids",
      () => file("cut.geojson", '{"type":"FeatureCollection","features":[{"type"'),
      /ends in the middle/,
    ],
    [
      "a shapefile without its rows",
      "grids",
      () =>
        file(
          "s.zip",
          zipBytes([
            { name: "s.shp", bytes: shpBytes([polygonRecord([box(112, 113)])]) },
            { name: "s.dbf", bytes: dbfBytes([{ name: "a", type: "C", length: 1 }], []) },
          ]),
        ),
      /1 shapes but its \.dbf has 0 rows/,
    ],
  ] as const)("%s: nothing is written", async (_name, kind, make, message) => {
    const state = async (): Promise<unknown> => [await count("incident"), await count("area_version")];
    const before = await state();
    const { code, err } = await runner.run("import", kind, make(), "--county", county);
    expect(err).toMatch(message);
    expect(code).toBe(1);
    expect(await state()).toEqual(before);
  });
});

/** The last leaf of a table is zeros. */
function damagedPackage(): string {
  const path = sqliteFile(
    join(dir, "damaged.gpkg"),
    `${GPKG_TABLES}CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT);${gpkgLayer("t")}
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) INSERT INTO t SELECT i, NULL, printf('%0200d', i) FROM n;`,
  );
  const bytes = readFileSync(path);
  bytes.fill(0, bytes.length - 4096);
  writeFileSync(path, bytes);
  return path;
}
