import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeColumns, NULL_TIME } from "../../data/columns/format.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { Database } from "../../db/driver.ts";
import { testApiOver } from "../helpers/api.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { encodeGbk } from "../helpers/gbk.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-import-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

/** A grid from 40° to 41° north. */
const box = (code: string, west: number, east: number): unknown => ({
  type: "Feature",
  properties: { code, households: 100 },
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [west, 40],
        [east, 40],
        [east, 41],
        [west, 41],
        [west, 40],
      ],
    ],
  },
});
const square = (code: string, west: number): unknown => box(code, west, west + 1);
const collection = (...features: unknown[]): string => JSON.stringify({ type: "FeatureCollection", features });
const grids = () =>
  file(
    "grids.geojson",
    `\uFEFF${collection(square("east", 113), { type: "Feature", properties: { code: "p" }, geometry: { type: "Point", coordinates: [112, 40] } }, square("west", 112))}`,
  );
const cases = (extra = "") =>
  file(
    "cases.csv",
    `id,opened,closed,status,lon,lat\n1,2025-03-01 08:00,,Open,112.5,40.5\n2,2025-03-01 09:00,2025-03-02,Closed,113.5,40.5\n3,2025-03-01 10:00,,Open,113,40.5\n${extra}`,
  );

describeOnBothDatabases("imports", (open) => {
  const county = "140299";
  let database: Database;
  let runner: CommandRunner;
  beforeAll(async () => {
    ({ database } = await open());
    runner = await commandRunner(database);
    expect((await runner.run("county", "add", county, "--name", "试验县", "--timezone", "Asia/Shanghai")).code).toBe(0);
  });

  test("gets codes from west to east, synthetic levels and a skipped point", async () => {
    const loaded = await runner.report("grids", grids(), "--county", county);
    expect(loaded).toMatchObject({ kind: "grids", read: 3, loaded: 2, updated: 0, unchanged: 0 });
    expect(loaded.skipped).toMatchObject([{ reason: "not_polygon", count: 1, samples: [{ at: "grids.geojson#2" }] }]);
    expect(loaded.flags.map((flag) => flag.kind)).toContain("synthetic_level");
    const areas = await runner.rows<{ code: string; source_ref: string | null; households: number }>(
      county,
      "SELECT code, source_ref, households FROM area_version WHERE county = $1 ORDER BY code",
    );
    expect(areas).toEqual([
      { code: "140299", source_ref: null, households: 200 },
      { code: "140299099", source_ref: null, households: 200 },
      { code: "140299099199", source_ref: null, households: 200 },
      { code: "140299099199001", source_ref: "west", households: 100 },
      { code: "140299099199002", source_ref: "east", households: 100 },
    ]);
    expect(await runner.report("grids", grids(), "--county", county)).toMatchObject({
      loaded: 0,
      updated: 0,
      unchanged: 2,
    });
  });

  test("dry runs write nothing; a second import of the same file changes nothing; a change is an update", async () => {
    const count = () => runner.rows<{ n: number }>(county, "SELECT count(*) AS n FROM incident WHERE county = $1");
    expect(await runner.report("incidents", cases(), "--county", county, "--dry-run")).toMatchObject({
      read: 3,
      loaded: 3,
    });
    expect(await count()).toEqual([{ n: 0 }]);
    expect(await runner.report("incidents", cases(), "--county", county)).toMatchObject({ read: 3, loaded: 3 });
    expect(await runner.report("incidents", cases(), "--county", county)).toMatchObject({
      loaded: 0,
      updated: 0,
      unchanged: 3,
    });
    const more = cases("1,2025-03-01 08:00,2025-03-05,Closed,112.5,40.5\nbroken,line\n");
    const again = await runner.report("incidents", more, "--county", county);
    expect(again).toMatchObject({ read: 5, loaded: 0, updated: 1, unchanged: 2 });
    expect(again.skipped.map((group) => [group.reason, group.samples[0]?.at])).toEqual([
      ["duplicate_id", "cases.csv:2"],
      ["wrong_column_count", "cases.csv:6"],
    ]);
    expect(
      await runner.rows(
        county,
        "SELECT source_ref, scope_code, border, state, version FROM incident WHERE county = $1 ORDER BY source_ref",
      ),
    ).toEqual([
      { source_ref: "1", scope_code: "140299099199001", border: false, state: "closed", version: 2 },
      { source_ref: "2", scope_code: "140299099199002", border: false, state: "closed", version: 1 },
      { source_ref: "3", scope_code: "140299099199001", border: true, state: "accepted", version: 1 },
    ]);
  });

  test.each([
    ["a county that is not there", () => ["import", "grids", grids(), "--county", "999999"], 1, /no county 999999/],
    [
      "a file that is not there",
      () => ["import", "incidents", join(dir, "none.csv"), "--county", county],
      1,
      /does not exist/,
    ],
    [
      "GBK in a GeoJSON file",
      () => [
        "import",
        "grids",
        file(
          "gbk.geojson",
          Buffer.concat([Buffer.from('{"type":\n"'), Buffer.from([0xcd, 0xf8, 0xb8, 0xf1]), Buffer.from('"}')]),
        ),
        "--county",
        county,
      ],
      1,
      /GBK.*line 2/,
    ],
    [
      "feet in place of degrees",
      () => ["import", "grids", file("feet.geojson", collection(square("x", 787_723))), "--county", county],
      1,
      /not degrees/,
    ],
    [
      "an open quotation mark",
      () => [
        "import",
        "incidents",
        file("quote.csv", 'id,opened,lon,lat\n9,2025-03-01,112.5,40.5\n8,"2025-03-01,112.5,40.5\n'),
        "--county",
        county,
      ],
      1,
      /never closed/,
    ],
    [
      "a file without its columns",
      () => ["import", "incidents", file("cols.csv", "a,b\n1,2\n"), "--county", county],
      1,
      /no column for opened, lon, lat/,
    ],
    [
      "an unknown flag",
      () => ["import", "grids", grids(), "--county", county, "--colour"],
      2,
      /Unknown option '--colour'/,
    ],
    ["a kind that is none", () => ["import", "lamps", "x", "--county", county], 2, /not a kind that can be imported/],
    [
      "a file that cannot carry the kind",
      () => [
        "import",
        "roads",
        file("answer.xml", "<Response><CmdType>Catalog</CmdType></Response>"),
        "--county",
        county,
      ],
      1,
      /holds cameras only/,
    ],
    ["an unknown command", () => ["launch"], 2, /not a command/],
  ] as const)("%s is refused clearly and nothing is written", async (_name, argv, exit, message) => {
    const state = () =>
      runner.rows(
        county,
        "SELECT (SELECT count(*) FROM incident WHERE county = $1) AS i, (SELECT count(*) FROM area_version WHERE county = $1) AS a, content_version FROM county_profile WHERE county = $1",
      );
    const before = await state();
    const { code, out, err } = await runner.run(...argv());
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: exit, out: "" });
    expect(await state()).toEqual(before);
  });

  test("GBK cases with Chinese headers come in as they are written", async () => {
    const path = file(
      "gbk.csv",
      encodeGbk(
        "案件编号,上报时间,结案时间,案件状态,小类,经度,纬度,责任单位,问题来源,问题描述\r\n" +
          '左[2025]7号,2025年3月1日8时5分,2025/3/2 9:00,已结案,暴露垃圾,112.25,40.25,城市管理局,12345热线,"巷口,垃圾两堆"\r\n',
      ),
    );
    expect(await runner.report("incidents", path, "--county", county)).toMatchObject({
      read: 1,
      loaded: 1,
      skipped: [],
    });
    expect(
      await runner.rows(
        county,
        `SELECT i.title, i.state, i.source, i.scope_code, o.name AS organisation, c.name AS class,
                to_char(i.opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS opened
           FROM incident i JOIN organisation o ON o.county = $1 AND o.id = i.organisation_id
           JOIN class_code c ON c.code = i.class_code WHERE i.county = $1 AND i.source_ref = '左[2025]7号'`,
      ),
    ).toEqual([
      {
        title: "巷口,垃圾两堆",
        state: "closed",
        source: "hotline",
        scope_code: "140299099199001",
        organisation: "城市管理局",
        class: "暴露垃圾",
        opened: "2025-03-01 08:05",
      },
    ]);
  });

  test("a due date later than the map can say is kept, said and drawn as the last that it can", async () => {
    const path = file("due.csv", "id,opened,due,lon,lat\n5,2025-03-01 08:00,2059-12-31 19:00,112.5,40.5\n");
    const { loaded, flags } = await runner.report("incidents", path, "--county", county);
    expect([loaded, flags.find(({ kind }) => kind === "time_beyond_2038")?.count]).toEqual([1, 1]);
    expect(
      await runner.rows(
        county,
        "SELECT extract(year FROM due_at)::int AS year FROM incident WHERE county = $1 AND source_ref = '5'",
      ),
    ).toEqual([{ year: 2059 }]);
    const api = await testApiOver(database, { datasets: [], classes: CLASS_CODES, now: runner.now });
    const answer = await api.app.inject({ url: `/columns/incidents?county=${county}` });
    await api.close();
    expect(answer.statusCode, answer.statusCode === 200 ? "" : answer.body).toBe(200);
    const { due } = incidentColumns(decodeColumns(answer.rawPayload));
    expect([...due].filter((seconds) => seconds !== NULL_TIME)).toEqual([2 ** 31 - 1]);
  });

  test("buildings: footprints and points, found again by their id, refused outside every area", async () => {
    const building = (id: string, floors: number, lon: number): unknown => ({
      type: "Feature",
      properties: { id, floors, households: 12 },
      geometry: { type: "Point", coordinates: [lon, 40.5] },
    });
    const footprint = {
      type: "Feature",
      properties: { id: "b2", 楼层数: 3 },
      geometry: {
        type: "Polygon",
        coordinates: [
          [
            [113.5, 40.5],
            [113.5002, 40.5],
            [113.5002, 40.5001],
            [113.5, 40.5001],
            [113.5, 40.5],
          ],
        ],
      },
    };
    const first = file("buildings.geojson", collection(building("b1", 6, 112.5), footprint, building("far", 6, 120)));
    const loaded = await runner.report("buildings", first, "--county", county);
    expect(loaded).toMatchObject({ read: 3, loaded: 2, updated: 0, unchanged: 0 });
    expect(loaded.skipped).toMatchObject([
      { reason: "outside_areas", count: 1, samples: [{ at: "buildings.geojson#3" }] },
    ]);
    const second = file("buildings.geojson", collection(building("b1", 7, 112.5), footprint));
    expect(await runner.report("buildings", second, "--county", county)).toMatchObject({
      loaded: 0,
      updated: 1,
      unchanged: 1,
    });
    expect(
      await runner.rows(
        county,
        `SELECT scope_code, floors, households, households_exact AS exact, round(ST_Area(geom::geography))::int BETWEEN 80 AND 220 AS sized
           FROM building WHERE county = $1 ORDER BY scope_code`,
      ),
    ).toEqual([
      { scope_code: "140299099199001", floors: 7, households: 12, exact: true, sized: true },
      // Nobody counted it: it gets all of its grid's hundred.
      { scope_code: "140299099199002", floors: 1, households: 100, exact: false, sized: true },
    ]);
  });

  test("a boundary that comes with another line opens a version; cases keep the code they fell in", async () => {
    const versions = () =>
      runner.rows<{ code: string; from: string; to: string | null; west: number; east: number }>(
        county,
        `SELECT code, to_char(lower(valid) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS from,
                to_char(upper(valid) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS to,
                ST_XMin(geom) AS west, ST_XMax(geom) AS east
           FROM area_version WHERE county = $1 AND level = 'grid' ORDER BY code, lower(valid)`,
      );
    const placed = () =>
      runner.rows<{ source_ref: string; scope_code: string; grid_code_at: string }>(
        county,
        "SELECT source_ref, scope_code, grid_code_at FROM incident WHERE county = $1 AND source_ref = '4'",
      );
    const incident = cases("4,2025-03-01 11:00,,Open,113.05,40.5\n");
    await runner.report("incidents", incident, "--county", county);
    const redrawn = (border: number) =>
      file("grids.geojson", collection(box("east", border, 114), box("west", 112, border)));

    const changed = await runner.report("grids", redrawn(113.1), "--county", county);
    expect(changed).toMatchObject({ loaded: 0, updated: 2, unchanged: 0 });
    expect(changed.flags.map(({ kind }) => kind)).toContain("incidents_not_relocated");
    const west = { code: "140299099199001", west: 112 };
    const east = { code: "140299099199002", east: 114 };
    const first = { from: "2000-01-01 00:00", to: "2026-01-15 00:00" };
    expect(await versions()).toEqual([
      { ...west, ...first, east: 113 },
      { ...west, from: "2026-01-15 00:00", to: null, east: 113.1 },
      { ...east, ...first, west: 113 },
      { ...east, from: "2026-01-15 00:00", to: null, west: 113.1 },
    ]);
    expect(await placed()).toEqual([{ source_ref: "4", scope_code: east.code, grid_code_at: east.code }]);

    // Later on the same day the line is corrected where it stands; the day after, the next version opens.
    await runner.report("grids", redrawn(113.2), "--county", county);
    expect((await versions()).map((one) => one.to)).toEqual(["2026-01-15 00:00", null, "2026-01-15 00:00", null]);
    runner.now = "2026-01-16T00:00:00Z";
    await runner.report("grids", redrawn(113.3), "--county", county);
    const last = await versions();
    expect(last.filter(({ code }) => code === west.code).map(({ from, to, east }) => [from, to, east])).toEqual([
      ["2000-01-01 00:00", "2026-01-15 00:00", 113],
      ["2026-01-15 00:00", "2026-01-16 00:00", 113.2],
      ["2026-01-16 00:00", null, 113.3],
    ]);
    const overlapping = await runner.rows(
      county,
      `SELECT a.code FROM area_version a JOIN area_version b
           ON b.county = $1 AND b.area_id = a.area_id AND b.id <> a.id AND a.valid && b.valid WHERE a.county = $1`,
    );
    expect(overlapping).toEqual([]);

    // Imported again, the case moves to the grid it lies in now and keeps the one that it fell in then.
    expect(await runner.report("incidents", incident, "--county", county)).toMatchObject({ loaded: 0 });
    expect(await placed()).toEqual([{ source_ref: "4", scope_code: west.code, grid_code_at: east.code }]);
  });
});
