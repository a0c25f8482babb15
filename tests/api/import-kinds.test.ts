import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { crsOf } from "../../data/geo/crs/crs-of.ts";
import { creditCheckCharacter } from "../../data/model/codes.ts";
import { toLattice } from "../../data/model/geometry.ts";
import { type PlanBase, unpackLine } from "../../data/planning/plan-base.ts";
import { type TileId, tileAt } from "../../data/tiles/tile-math.ts";
import type { Database } from "../../db/driver.ts";
import type { ImportBatch } from "../../db/repositories/import-repository.ts";
import { testApiOver } from "../helpers/api.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { encodeGbk } from "../helpers/gbk.ts";
import { readTile } from "../helpers/read-tile.ts";
import { dbfBytes, polygonRecord, shpBytes } from "../helpers/shapefile-bytes.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-kinds-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string, content: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
/** A rectangle, degrees east of 112 and north of 40 in thousandths. */
const box = (properties: object, [west, south, east, north]: readonly [number, number, number, number]): unknown => {
  const at = (x: number, y: number): [number, number] => [112 + x / 1000, 40 + y / 1000];
  const ring = [at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)];
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
};
const point = (properties: object, x: number, y: number): unknown => ({
  type: "Feature",
  properties,
  geometry: { type: "Point", coordinates: [112 + x / 1000, 40 + y / 1000] },
});
const layer = (name: string, ...features: unknown[]): string =>
  file(name, JSON.stringify({ type: "FeatureCollection", features }));

const CREDIT = `1114022600000000${"0"}${creditCheckCharacter("11140226000000000")}`;
const [GRID_1, GRID_2] = ["140297001001001", "140297001001002"];

/** Everything that these imports touch; what only ever grows is left out. */
const TABLES =
  "area area_version compound grid_compound building organisation duty_staff duty_staff_contact post post_area post_holder station gauge notice_board context_feature".split(
    " ",
  );
const ROWS = `SELECT ${TABLES.map(
  (table) =>
    `(SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM ${table} t WHERE t.county = $1) AS ${table}`,
).join(", ")}`;

describeOnBothDatabases("the kinds of imports", (open) => {
  const county = "140297";
  let runner: CommandRunner;
  let database: Database;
  const states: { readonly batch: string; readonly before: Record<string, unknown> | undefined }[] = [];
  const rows = async () => (await runner.rows<Record<string, unknown>>(county, ROWS))[0];
  const load = async (kind: string, path: string, ...flags: string[]) => {
    const before = await rows();
    runner.now = new Date(Date.parse(runner.now) + 60_000).toISOString();
    // The layers are a few hundred metres across: whether they are shifted cannot be told from them.
    const report = await runner.report(kind, path, "--county", county, ...flags);
    const listed: ImportBatch[] = JSON.parse((await runner.run("import", "list", "--county", county, "--json")).out);
    states.push({ batch: listed[0]?.id ?? "", before });
    return report;
  };
  const households = (table: string, name: string, more = "") =>
    runner.rows<Record<string, unknown>>(
      county,
      `SELECT ${name} AS name, households AS n, households_exact AS exact, households_basis AS basis FROM ${table} t
        WHERE county = $1 ${more} ORDER BY 1`,
    );
  const buildings = () => households("building", "code");

  beforeAll(async () => {
    database = (await open()).database;
    runner = await commandRunner(database);
    expect((await runner.run("county", "add", county, "--name", "试验县", "--timezone", "Asia/Shanghai")).code).toBe(0);
    await load(
      "areas",
      layer("community.geojson", box({ code: "140297001001", name: "云兴社区", 户数: 1000 }, [0, 0, 20, 10])),
      "--level",
      "community",
    );
    await load(
      "grids",
      layer("grids.geojson", box({ code: GRID_1 }, [0, 0, 10, 10]), box({ code: GRID_2 }, [10, 0, 20, 10])),
    );
  });

  test("a compound lies in the grids that its ground meets; its total is spread by floor area, the rest over the community", async () => {
    const report = await load(
      "buildings",
      layer(
        "houses.geojson",
        box({ 编码: "a", 层数: 6 }, [8, 2, 9, 3]),
        box({ 编码: "b", 层数: 3 }, [11, 2, 12, 3]),
        box({ 编码: "c", 层数: 9, 户数: 101 }, [12, 2, 13, 3]),
        box({ 编码: "d", 层数: 1 }, [1, 8, 2, 9]),
        box({ 编码: "e", 层数: 2 }, [18, 8, 19, 9]),
      ),
    );
    expect(report.flags.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["households_missing", "households_spread"]),
    );
    const compounds = await load(
      "compounds",
      layer(
        "compounds.geojson",
        box({ 小区编码: "X1", 小区名称: "云泰园", 户数: "400", 类型: "住宅" }, [7, 1, 15, 5]),
        point({ 小区编码: "X2", 小区名称: "商贸城", 户数: "约50", 类型: "商业" }, 3, 3),
      ),
    );
    expect(compounds).toMatchObject({ kind: "compounds", read: 2, loaded: 2, skipped: [] });
    expect(await households("compound", "name")).toEqual([
      { name: "云泰园", n: 400, exact: true, basis: "counted" },
      { name: "商贸城", n: 50, exact: false, basis: "stated" },
    ]);
    const shares = await runner.rows<{ name: string; code: string; share: number }>(
      county,
      `SELECT c.name, v.code, round(g.share::numeric, 3) AS share FROM grid_compound g
         JOIN compound c ON c.county = $1 AND c.id = g.compound_id
         JOIN area_version v ON v.county = $1 AND v.area_id = g.grid_id AND upper_inf(v.valid)
        WHERE g.county = $1 ORDER BY c.name_sort, v.code`,
    );
    // 商贸城 has no building: its point says where it is. 云泰园 has one counted building, in the second grid.
    expect(shares).toEqual([
      { name: "商贸城", code: GRID_1, share: 1 },
      { name: "云泰园", code: GRID_2, share: 1 },
    ]);
    // 400 − 101 = 299 over 6 and 3 floors; 1000 − 400 − 50 = 550 over 1 and 2.
    expect(await buildings()).toEqual([
      { name: "a", n: 199, exact: false, basis: "floor_area" },
      { name: "b", n: 100, exact: false, basis: "floor_area" },
      { name: "c", n: 101, exact: true, basis: "counted" },
      { name: "d", n: 183, exact: false, basis: "floor_area" },
      { name: "e", n: 367, exact: false, basis: "floor_area" },
    ]);
    expect(await households("area_version", "code", "AND level IN ('community', 'grid')")).toEqual([
      { name: "140297001001", n: 1000, exact: true, basis: "counted" },
      { name: GRID_1, n: 432, exact: false, basis: "sum" },
      { name: GRID_2, n: 568, exact: false, basis: "sum" },
    ]);
  });

  test("better numbers replace estimates; estimates never replace a count", async () => {
    const report = await load(
      "buildings",
      layer(
        "better.geojson",
        box({ 编码: "a", 层数: 6, 户数: 150, 统计日期: "2025-11-01" }, [8, 2, 9, 3]),
        box({ 编码: "c", 层数: 9, 户数: "约120" }, [12, 2, 13, 3]),
      ),
    );
    expect(report).toMatchObject({ updated: 1, unchanged: 1 });
    expect((await buildings()).slice(0, 3)).toEqual([
      { name: "a", n: 150, exact: true, basis: "counted" },
      { name: "b", n: 149, exact: false, basis: "floor_area" },
      { name: "c", n: 101, exact: true, basis: "counted" },
    ]);
    expect(
      await runner.rows(
        county,
        "SELECT households_source AS s, households_date AS d FROM building WHERE county = $1 AND code = 'a'",
      ),
    ).toEqual([{ s: "better.geojson", d: "2025-11-01" }]);
  });

  test("organisations by their checked codes; staff on posts, their private columns left unread", async () => {
    const organisations = await load(
      "organisations",
      file(
        "units.csv",
        `单位名称,统一社会信用代码,单位类型,级别,值班电话\n县城市管理局,${CREDIT},机关,一级,0352-3820000\n假单位,111402260000000000,机关,,\n福兴物业公司,,,,\n`,
      ),
    );
    expect(organisations).toMatchObject({ read: 3, loaded: 2, skipped: [{ reason: "bad_credit_code", count: 1 }] });
    const staff = await load(
      "staff",
      file(
        "staff.csv",
        `姓名,单位,岗位类型,网格编码,AB岗,工作电话,身份证号,家庭住址\n张三,县城市管理局,网格长,${GRID_1};${GRID_2},A,0352-3820001,140226198001011234,某街1号\n李四,,专职网格员,${GRID_1},A,13900000000,,\n王五,,专职网格员,${GRID_1},B,,,\n赵六,,专职网格员,999,,,,\n`,
      ),
    );
    expect(staff).toMatchObject({ read: 4, loaded: 3, skipped: [{ reason: "area_not_found", count: 1 }] });
    expect(staff.flags.find(({ kind }) => kind === "private_columns_dropped")).toMatchObject({
      count: 2,
      message: expect.stringContaining("身份证号, 家庭住址"),
    });
    const held = await runner.rows<{ name: string; kind: string; slot: string; scope: string; unit: string | null }>(
      county,
      `SELECT s.name, p.kind, h.slot, h.scope_code AS scope, o.name AS unit FROM post_holder h
         JOIN duty_staff s ON s.county = $1 AND s.id = h.staff_id
         JOIN post p ON p.county = $1 AND p.id = h.post_id
         LEFT JOIN organisation o ON o.county = $1 AND o.id = s.organisation_id
        WHERE h.county = $1 ORDER BY s.name_sort`,
    );
    expect(held).toEqual([
      { name: "李四", kind: "full_time", slot: "A", scope: GRID_1, unit: null },
      { name: "王五", kind: "full_time", slot: "B", scope: GRID_1, unit: null },
      { name: "张三", kind: "grid_leader", slot: "A", scope: "140297001001", unit: "县城市管理局" },
    ]);
    const [posts] = await runner.rows<{ posts: number; served: number; told: string }>(
      county,
      `SELECT (SELECT count(*) FROM post WHERE county = $1) AS posts, (SELECT count(*) FROM post_area WHERE county = $1) AS served,
              (SELECT string_agg(work_phone, ' ' ORDER BY work_phone) FROM duty_staff_contact WHERE county = $1) AS told`,
    );
    expect(posts).toEqual({ posts: 2, served: 3, told: "0352-3820001 13900000000" });
    const whole = await runner.rows<{ text: string }>(
      county,
      "SELECT (SELECT string_agg(report::text, ' ') FROM import_batch WHERE county = $1) AS text",
    );
    expect(JSON.stringify(whole)).not.toContain("140226198001011234");
  });

  test("stations, gauges and notice boards from tables with coordinates", async () => {
    const stations =
      "编码,名称,类型,开放时间,服务电话,经度,纬度\nS1,云兴党群服务中心,党群服务中心,8:00-18:00,0352-1234567,112.003,40.003\nS2,暖蜂驿站,,,,112.015,40.004\nS3,远方驿站,,,,113,41\n";
    expect(await load("stations", file("stations.csv", stations))).toMatchObject({
      loaded: 2,
      skipped: [{ reason: "outside_areas" }],
    });
    expect(
      await load(
        "gauges",
        file(
          "gauges.csv",
          "站码,站名,站类,警戒水位,经度,纬度\n1,十里河,水位站,3.5,112.004,40.004\n2,云兴,雨量站,,112.005,40.005\n",
        ),
      ),
    ).toMatchObject({ loaded: 2 });
    expect(
      await load(
        "boards",
        file(
          "boards.csv",
          `编号,网格编码,状态,制作日期,经度,纬度\n1,${GRID_2},完好,2025年3月1日,112.001,40.001\n2,,破损,,112.002,40.001\n`,
        ),
      ),
    ).toMatchObject({ loaded: 2 });
    const places = await runner.rows(
      county,
      `SELECT kind AS what, scope_code AS code, duty_phone AS more FROM station WHERE county = $1
       UNION ALL SELECT kind, scope_code, warn_level_m::text FROM gauge WHERE county = $1
       UNION ALL SELECT state, scope_code, printed_on::text FROM notice_board WHERE county = $1 ORDER BY 1, 2`,
    );
    expect(places).toEqual([
      { what: "damaged", code: GRID_1, more: null },
      { what: "good", code: GRID_2, more: "2025-03-01" },
      { what: "party_service", code: GRID_1, more: "0352-1234567" },
      { what: "rain", code: GRID_1, more: null },
      { what: "rest_stop", code: GRID_2, more: null },
      { what: "water_level", code: GRID_1, more: "3.5" },
    ]);
  });

  test("a table of stations, or of buildings as points, that pile up on a default point is told so", async () => {
    const ordinary = Array.from({ length: 40 }, (_, n) => [112.001 + n / 4000, 40.002] as const);
    const piled = Array.from({ length: 25 }, () => [112.0151, 40.0051] as const);
    const lines = [...ordinary, ...piled].map(([lon, lat], n) => `P${n},驿站${n},${lon},${lat}`).join("\n");
    for (const [kind, header] of [
      ["stations", "编码,名称,经度,纬度"],
      ["buildings", "编码,小区,经度,纬度"],
    ] as const) {
      const path = file(`piled-${kind}.csv`, `${header}\n${lines}\n`);
      const argv = ["--county", county, "--dry-run"];
      const { flags } = await runner.report(kind, path, ...argv);
      expect(flags.filter((flag) => flag.kind === "default_points")).toMatchObject([
        { count: 25, message: expect.stringContaining("40.0051, 112.0151") },
      ]);
      const even = file(`even-${kind}.csv`, `${header}\n${lines.split("\n").slice(0, 40).join("\n")}\n`);
      expect((await runner.report(kind, even, ...argv)).flags.map((flag) => flag.kind)).not.toContain("default_points");
    }
  });

  test("roads of a shapefile without .prj are drawn as tiles and carried to the boundary desk", async () => {
    const { fromWgs84 } = crsOf("EPSG:4525");
    const street = [
      [112.002, 40.005],
      [112.01, 40.0052],
      [112.018, 40.005],
    ] as const;
    const record = polygonRecord([street.map(([lon, lat]) => fromWgs84(lon, lat))]);
    record.writeInt32LE(3, 0);
    const bytes = shpBytes([record]);
    bytes.writeInt32LE(3, 32);
    writeFileSync(join(dir, "streets.shp"), bytes);
    writeFileSync(
      join(dir, "streets.dbf"),
      dbfBytes([{ name: "name", type: "C", length: 20 }], [[encodeGbk("经纬大街")]]),
    );
    expect(await load("roads", join(dir, "streets.shp"))).toMatchObject({
      loaded: 1,
      crs: expect.stringContaining("EPSG:4525"),
    });
    const api = await testApiOver(database, { datasets: [], classes: [], now: runner.now });
    try {
      const headers = viewerHeaders(viewerAs("planner", county));
      const tile = tileAt(toLattice(112.01), toLattice(40.0052), 15) as TileId;
      const url = `/tiles/reference/15/${tile.x}/${tile.y}.mvt?county=${county}&kinds=road`;
      const drawn = readTile((await api.app.inject({ url, headers })).rawPayload);
      expect(drawn).toMatchObject([{ name: "roads", features: [{ properties: { name: "经纬大街" } }] }]);
      const base = (await api.app.inject({ url: `/columns/plan-base?scope=140297001001`, headers })).json<PlanBase>();
      const [road] = base.reference.filter(({ kind }) => kind === "road");
      expect(road?.name).toBe("经纬大街");
      const line = unpackLine(road?.lines[0] ?? [], false);
      expect(line).toHaveLength(street.length);
      for (const [n, [lon, lat]] of street.entries()) {
        // Two lattice units: what a projected shapefile rounds to.
        expect(Math.abs((line[n]?.[0] ?? 0) - lon)).toBeLessThanOrEqual(2e-7);
        expect(Math.abs((line[n]?.[1] ?? 0) - lat)).toBeLessThanOrEqual(2e-7);
      }
    } finally {
      await api.close();
    }
  });

  test("railways and water are reference layers: lines, and water also as ground", async () => {
    const line = {
      type: "Feature",
      properties: { name: "大秦线" },
      geometry: {
        type: "LineString",
        coordinates: [
          [112, 40],
          [112.02, 40.01],
        ],
      },
    };
    expect(await load("railways", layer("railways.geojson", line, box({}, [0, 0, 1, 1])))).toMatchObject({
      loaded: 1,
      skipped: [{ reason: "wrong_shape", count: 1 }],
    });
    expect(await load("water", layer("water.geojson", line, box({ 类型: "水库" }, [0, 0, 1, 1])))).toMatchObject({
      loaded: 2,
    });
    expect(
      await runner.rows(county, "SELECT kind, rank, name FROM context_feature WHERE county = $1 ORDER BY kind, rank"),
    ).toEqual([
      { kind: "rail", rank: "rail", name: "大秦线" },
      { kind: "road", rank: "local", name: "经纬大街" },
      { kind: "water", rank: "lake", name: null },
      { kind: "water", rank: "river", name: "大秦线" },
    ]);
  });

  test.each([
    ["compounds", "no-name.csv", "经度,纬度\n112.001,40.001\n", /has no column for name/],
    ["staff", "no-area.csv", "姓名\n张三\n", /has no column for area/],
    ["stations", "bare.csv", "x1,x2\n1,2\n", /has no column for name/],
  ])("%s without what they need name it", async (kind, name, text, message) => {
    const before = await rows();
    const end = await runner.run("import", kind, file(name, text), "--county", county);
    expect(end).toMatchObject({ code: 1, err: expect.stringMatching(message) });
    expect(await rows()).toEqual(before);
  });

  test("every one of them is undone to the rows before it", async () => {
    expect(states).toHaveLength(13);
    for (const { batch, before } of states.reverse()) {
      expect(await runner.run("import", "undo", batch, "--county", county)).toMatchObject({ code: 0, err: "" });
      expect(await rows()).toEqual(before);
    }
  });
});
