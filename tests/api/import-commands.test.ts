import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CommandIo } from "../../api/cli/command.ts";
import { main } from "../../api/cli/main.ts";
import { openStore } from "../../api/cli/open-store.ts";
import type { ImportReport } from "../../data/importers/report.ts";
import type { Database } from "../../db/driver.ts";
import { openDatabase } from "../../db/open-database.ts";

const BOSTON = resolve("../shared/data/boston-311-2011");
const dir = mkdtempSync(join(tmpdir(), "jingwei-import-"));
let database: Database;

beforeAll(async () => {
  ({ database } = await openStore(join(dir, "data"), undefined, () => undefined));
});
afterAll(async () => {
  await database.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Runs a command line on the test's database, which stays open behind the command's close. */
async function run(...argv: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const text = { out: "", err: "" };
  const open = Object.assign(Object.create(database) as Database, {
    transaction: database.transaction.bind(database),
    describe: database.describe.bind(database),
    adminSession: database.adminSession.bind(database),
    close: async () => undefined,
  });
  const io: CommandIo = {
    out: (chunk) => {
      text.out += chunk;
    },
    err: (chunk) => {
      text.err += chunk;
    },
    env: {},
    now: () => Date.parse("2026-01-15T00:00:00Z"),
    openDatabase: async () => ({ database: open, fresh: false, migrated: [] }),
  };
  return { code: await main(argv, io), ...text };
}

const report = async (...argv: string[]): Promise<ImportReport> => {
  const { code, out, err } = await run("import", ...argv, "--json");
  expect(err.includes("错误") ? err : code).toBe(0);
  return JSON.parse(out) as ImportReport;
};

const rows = <Row>(county: string, sql: string): Promise<Row[]> =>
  database.transaction({ kind: "county", county }, (tx) => tx.rows<Row>(sql, [county]));

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

const square = (code: string, west: number): unknown => ({
  type: "Feature",
  properties: { code, households: 100 },
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [west, 40],
        [west + 1, 40],
        [west + 1, 41],
        [west, 41],
        [west, 40],
      ],
    ],
  },
});
const collection = (...features: unknown[]): string => JSON.stringify({ type: "FeatureCollection", features });

describe("a small county", () => {
  const county = "140299";
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

  test("gets codes from west to east, synthetic levels and a skipped point", async () => {
    expect((await run("county", "add", county, "--name", "试验县", "--timezone", "Asia/Shanghai")).code).toBe(0);
    const loaded = await report("grids", grids(), "--county", county);
    expect(loaded).toMatchObject({ kind: "grids", read: 3, loaded: 2, updated: 0, unchanged: 0 });
    expect(loaded.skipped).toMatchObject([{ reason: "not_polygon", count: 1, samples: [{ at: "grids.geojson#2" }] }]);
    expect(loaded.flags.map((flag) => flag.kind)).toContain("synthetic_level");
    const areas = await rows<{ code: string; source_ref: string | null; households: number }>(
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
    expect(await report("grids", grids(), "--county", county)).toMatchObject({ loaded: 0, updated: 0, unchanged: 2 });
  });

  test("dry runs write nothing; a second import of the same file changes nothing; a change is an update", async () => {
    const count = () => rows<{ n: number }>(county, "SELECT count(*) AS n FROM incident WHERE county = $1");
    expect(await report("incidents", cases(), "--county", county, "--dry-run")).toMatchObject({ read: 3, loaded: 3 });
    expect(await count()).toEqual([{ n: 0 }]);
    expect(await report("incidents", cases(), "--county", county)).toMatchObject({ read: 3, loaded: 3 });
    expect(await report("incidents", cases(), "--county", county)).toMatchObject({
      loaded: 0,
      updated: 0,
      unchanged: 3,
    });
    const more = cases("1,2025-03-01 08:00,2025-03-05,Closed,112.5,40.5\nbroken,line\n");
    const again = await report("incidents", more, "--county", county);
    expect(again).toMatchObject({ read: 5, loaded: 0, updated: 1, unchanged: 2 });
    expect(again.skipped.map((group) => [group.reason, group.samples[0]?.at])).toEqual([
      ["wrong_column_count", "cases.csv:6"],
      ["duplicate_id", "cases.csv:2"],
    ]);
    expect(
      await rows(
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
    ["a kind that comes later", () => ["import", "cameras", "x", "--county", county], 2, /not built yet/],
    ["an unknown command", () => ["launch"], 2, /not a command/],
  ] as const)("%s is refused clearly and nothing is written", async (_name, argv, exit, message) => {
    const state = () =>
      rows(
        county,
        "SELECT (SELECT count(*) FROM incident WHERE county = $1) AS i, (SELECT count(*) FROM area_version WHERE county = $1) AS a, content_version FROM county_profile WHERE county = $1",
      );
    const before = await state();
    const { code, out, err } = await run(...argv());
    expect(err).toMatch(message);
    expect({ code, out }).toEqual({ code: exit, out: "" });
    expect(await state()).toEqual(before);
  });
});

test("a second process on the folder is refused", async () => {
  await expect(openDatabase({ dir: join(dir, "data") })).rejects.toMatchObject({ code: "CONFLICT" });
});

const hasBoston = existsSync(BOSTON);
describe.skipIf(!hasBoston)(`Boston${hasBoston ? "" : " (skipped: ../shared/data/boston-311-2011 is absent)"}`, () => {
  const county = "925000";
  test("loads with the figures of its source", { timeout: 240_000 }, async () => {
    await run("county", "add", county, "--name", "Boston", "--timezone", "America/New_York");
    const wards = join(BOSTON, "wards_22.geojson");
    expect(
      await report("areas", wards, "--county", county, "--level", "community", "--map", "code=WARD"),
    ).toMatchObject({ loaded: 22 });
    const precincts = join(BOSTON, "precincts_255.geojson");
    const map = "code=WARD_PRECINCT,households=TOTPOP";
    const grids = await report("grids", precincts, "--county", county, "--map", map);
    expect(grids).toMatchObject({ read: 255, loaded: 255, skipped: [] });
    expect(grids.flags.map((flag) => flag.kind)).toEqual(
      expect.arrayContaining(["overlap", "gap", "population_as_households"]),
    );
    const loaded = await report("incidents", join(BOSTON, "311_service_requests_2011.zip"), "--county", county);
    expect(loaded).toMatchObject({ read: 58_251, loaded: 58_251, updated: 0, unchanged: 0, skipped: [] });
    expect(loaded.flags.find((flag) => flag.kind === "default_point")?.count).toBe(4775);
    const [figures] = await rows<Record<string, number>>(
      county,
      `SELECT count(*) FILTER (WHERE state = 'closed') AS closed, count(*) FILTER (WHERE state = 'accepted') AS open,
              count(*) FILTER (WHERE source_verdict = 'overdue') AS overdue, count(*) FILTER (WHERE suspicious) AS suspicious,
              round(100.0 * count(grid_id) / count(*), 2) AS placed FROM incident WHERE county = $1`,
    );
    expect(figures).toEqual({ closed: 54_570, open: 3681, overdue: 11_521, suspicious: 4775, placed: 99.97 });
  });
});
