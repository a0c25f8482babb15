import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import type { ImportReport } from "../../data/importers/report.ts";
import type { Database } from "../../db/driver.ts";
import type { ImportBatch } from "../../db/repositories/import-repository.ts";
import { TENANT_TABLES } from "../../db/tenant-tables.ts";
import { FORBIDDEN, type ItemElements, item, type MessageHead, message } from "../helpers/catalogue-xml.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { encodeGbk } from "../helpers/gbk.ts";

const ZUOYUN = resolve("../shared/data/gb28181/authored");
const dir = mkdtempSync(join(tmpdir(), "jingwei-cameras-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
/** A rectangle of a level, in degrees. */
const area = (code: string, west: number, south: number, east: number, north: number): unknown => ({
  type: "Feature",
  properties: { code, name: `区域${code}` },
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  },
});
const layer = (name: string, ...features: unknown[]): string =>
  file(name, JSON.stringify({ type: "FeatureCollection", features }));
const codeOf = (n: number, type = "131"): string => `1402970000${type}0${String(n).padStart(6, "0")}`;
const camera = (n: number, more: ItemElements = {}): string =>
  item({ DeviceID: codeOf(n), Name: `点位${n}`, Status: "ON", Longitude: 112.7 + n / 1e4, Latitude: 40.01, ...more });
const catalogue = (name: string, items: readonly string[], head?: MessageHead): string =>
  file(name, encodeGbk(message(items, { encoding: "GB2312", ...head })));

/** The port of the catalogue's addresses, as a value of its own: the digits alone come by chance in hashes of the audit's seal. */
const PORT = /(?<![\w-])5060(?![\w-])/;

interface Row {
  readonly code: string;
  readonly name: string;
  readonly network: string;
  readonly status: string;
  readonly scope: string | null;
  readonly lon: number;
}

describeOnBothDatabases("import cameras", (open) => {
  const county = "140297";
  const grid = (n: number): string => `14029700100100${n}`;
  let database: Database;
  let runner: CommandRunner;
  const load = async (files: readonly string[], ...flags: string[]): Promise<ImportReport> => {
    runner.now = new Date(Date.parse(runner.now) + 60_000).toISOString();
    return runner.report("cameras", ...files, "--county", county, ...flags);
  };
  const rows = (of = county): Promise<Row[]> =>
    runner.rows<Row>(
      of,
      `SELECT device_code AS code, name, network, status, scope_code AS scope, ST_X(geom) AS lon
         FROM camera WHERE county = $1 ORDER BY device_code`,
    );
  const everything = (of = county) =>
    runner.rows<{ rows: string }>(of, "SELECT c::text AS rows FROM camera c WHERE c.county = $1 ORDER BY c.id");
  const undoLast = async (): Promise<void> => {
    const listed: ImportBatch[] = JSON.parse((await runner.run("import", "list", "--county", county, "--json")).out);
    const done = await runner.run("import", "undo", listed[0]?.id ?? "", "--county", county);
    expect(done.code, done.err).toBe(0);
  };

  beforeAll(async () => {
    ({ database } = await open());
    runner = await commandRunner(database);
    for (const [code, name] of [
      [county, "试验县"],
      ["140226", "左云县"],
    ] as const)
      await runner.run("county", "add", code, "--name", name, "--timezone", "Asia/Shanghai");
    // Two grids, and ground of the community that no grid covers.
    const community = layer("community.geojson", area("140297001001", 112.6, 39.9, 112.9, 40.1));
    await runner.report("areas", community, "--county", county, "--level", "community");
    const grids = layer(
      "grids.geojson",
      area(grid(1), 112.6, 39.9, 112.7, 40.1),
      area(grid(2), 112.7, 39.9, 112.8, 40.1),
    );
    await runner.report("grids", grids, "--county", county);
  });

  test("the catalogue of Zuoyun gives 36 cameras, once, in any order of its parts, and again when repeated", async ({
    skip,
  }) => {
    skip(!existsSync(ZUOYUN), "../shared/data/gb28181 is absent");
    const towns = layer(
      "towns.geojson",
      area("140226100", 112.5, 39.8, 112.8, 40.3),
      area("140226101", 112.8, 39.8, 113.1, 40.3),
    );
    await runner.report("areas", towns, "--county", "140226", "--level", "town");
    const parts = readdirSync(ZUOYUN)
      .filter((name) => /part\d+/.test(name))
      .map((name) => join(ZUOYUN, name));
    const prng = new Prng("parts of a catalogue");
    const loadParts = () => runner.report("cameras", ...prng.shuffle(parts), "--county", "140226");
    expect(await loadParts()).toMatchObject({
      kind: "cameras",
      read: 50,
      loaded: 36,
      skipped: [{ reason: "not_camera", count: 14 }],
      crs: "EPSG:4490 (declared, likely)",
    });
    const first = await everything("140226");
    expect(first).toHaveLength(36);
    const misplaced = await runner.rows(
      "140226",
      `SELECT c.device_code FROM camera c JOIN area_version v ON v.county = $1 AND v.code = c.scope_code
        WHERE c.county = $1 AND NOT ST_Covers(v.geom, c.geom)`,
    );
    expect(misplaced).toEqual([]);
    expect(await loadParts()).toMatchObject({ read: 50, loaded: 0, updated: 0, unchanged: 36 });
    // A part that comes late and alone wipes nothing out.
    for (const part of prng.shuffle(parts).slice(0, 2)) await runner.report("cameras", part, "--county", "140226");
    expect(await everything("140226")).toEqual(first);

    const later = (name: string) => runner.report("cameras", join(ZUOYUN, name), "--county", "140226");
    expect(await later("2022_zuoyun_catalog_utf8.xml")).toMatchObject({ read: 6, loaded: 0, updated: 6 });
    expect(await later("notify_catalog_gb2312.xml")).toMatchObject({ read: 4, loaded: 1, updated: 3, unchanged: 0 });
    expect(
      (await rows("140226")).filter(({ code }) => /(004|005|006|990)$/.test(code)).map((row) => [row.code, row.status]),
    ).toEqual([
      ["14022610001180000004", "offline"],
      ["14022610001310000005", "online"],
      ["14022610001310000990", "online"],
    ]);
    await expectNowhere("140226", [/192\.0\.2\./, /左云县云兴镇/, /示例管理单位/, /000-0000000/, PORT]);
  });

  /** Looks through every row of every table, and every report. */
  async function expectNowhere(of: string, patterns: readonly RegExp[]): Promise<void> {
    const held = TENANT_TABLES.map(
      (table) => `SELECT '${table}' AS at, t::text AS text FROM ${table} t WHERE t.county = $1`,
    );
    const all = await database.transaction({ kind: "loader", county: of }, (tx) =>
      tx.rows<{ at: string; text: string }>(held.join(" UNION ALL "), [of]),
    );
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter(({ text }) => patterns.some((pattern) => pattern.test(text)))).toEqual([]);
  }

  test("only what may be held comes in; the names of the rest are told", async () => {
    const rejected = join(dir, "rejected.csv");
    const values = Object.values(FORBIDDEN);
    const xml = catalogue("forbidden.xml", [
      camera(1, { ...FORBIDDEN, Manufacturer: "甲厂", Model: "IPC 192.0.2.77:8000" }),
      item({ DeviceID: "14029700002000000001", Name: "平台", ...FORBIDDEN }),
    ]);
    const table = file(
      "forbidden.csv",
      `设备编码,名称,IP地址,端口,密码,取流地址,联系人,经度,纬度\n${codeOf(2)},点位2,192.0.2.77,50603,hunter2secret,rtsp://admin:pw@192.0.2.77/live,王某某之机,112.75,40.01\n${codeOf(3)},hunter2secret\n`,
    );
    const run = await runner.run("import", "cameras", xml, table, "--county", county, "--rejected", rejected);
    expect(run.code, run.err).toBe(0);
    expect(run.out).toMatch(/never imported, neither read nor kept: .*IPAddress.*Password/);
    const told = [run.out, run.err, readFileSync(rejected, "utf8")].join("\n");
    for (const value of values) expect(told).not.toContain(value);
    await expectNowhere(
      county,
      values.map((value) => new RegExp(value.replace(/[.*+?()/|]/g, "\\$&"))),
    );
    expect(await rows()).toMatchObject([
      { name: "点位1", scope: grid(2) },
      { name: "点位2", scope: grid(2) },
    ]);
    const mapped = await runner.run("import", "cameras", table, "--county", county, "--map", "name=密码");
    expect(mapped).toMatchObject({ code: 1, err: expect.stringMatching(/has no column "密码"/) });
    await undoLast();
    expect(await rows()).toEqual([]);
  });

  test("places that cannot be believed are not taken; known cameras keep theirs; the lowest area round each is its scope", async () => {
    const group = "14029700002150000001";
    const answer = catalogue("places.xml", [
      item({ DeviceID: group, Name: "雪亮工程一期" }),
      camera(1, { BusinessGroupID: group, Longitude: 112.65 }),
      camera(2, { Longitude: 112.85, DeviceID: codeOf(2, "118") }),
      camera(3, { Longitude: 0, Latitude: 0 }),
      camera(4, { Longitude: 40.01, Latitude: 112.7 }),
      camera(5, { Longitude: undefined }),
      camera(6, { Longitude: 113.5 }),
      camera(7, { Secrecy: 1, Name: "机密点位" }),
    ]);
    const report = await load([answer]);
    expect(report).toMatchObject({ read: 8, loaded: 2 });
    expect(Object.fromEntries(report.skipped.map(({ reason, count }) => [reason, count]))).toEqual({
      not_camera: 1,
      zero_position: 1,
      bad_position: 1,
      no_position: 1,
      outside_areas: 1,
      secret: 1,
    });
    expect(JSON.stringify(report)).not.toMatch(/机密点位|14029700001310000007/);
    expect(await rows()).toMatchObject([
      { code: codeOf(2, "118"), network: "tianwang", scope: "140297001001" },
      { code: codeOf(1), network: "xueliang", scope: grid(1) },
    ]);
    // Many on one spot, among cameras that stand for themselves.
    const pile = [
      ...Array.from({ length: 30 }, (_, i) => camera(100 + i)),
      ...Array.from({ length: 25 }, (_, i) => camera(200 + i, { Longitude: 112.72, Latitude: 40.02 })),
      camera(1, { Longitude: 112.72, Latitude: 40.02 }),
    ];
    const piled = await load([catalogue("pile.xml", pile)]);
    expect(piled).toMatchObject({ read: 56, loaded: 30, unchanged: 1 });
    expect(piled.skipped).toMatchObject([{ reason: "default_point", count: 25 }]);
    expect(piled.flags.map(({ kind, count }) => [kind, count])).toEqual(
      expect.arrayContaining([
        ["default_points", 26],
        ["position_kept", 1],
      ]),
    );
    await undoLast();
  });

  test("notifications change, add and take away; what is not said stays; an undo puts all back", async () => {
    const before = await everything();
    const notify = (name: string, items: readonly string[], sn: number) =>
      catalogue(name, items, { form: "Notify", sn });
    const report = await load([
      notify(
        "n2.xml",
        [item({ DeviceID: codeOf(2, "118"), Event: "DEL" }), item({ DeviceID: codeOf(99), Event: "OFF" })],
        2,
      ),
      notify(
        "n1.xml",
        [
          item({ DeviceID: codeOf(1), Event: "VLOST" }),
          camera(50, { Event: "ADD" }),
          item({ DeviceID: codeOf(98), Event: "DEL" }),
        ],
        1,
      ),
    ]);
    expect(report).toMatchObject({ read: 5, loaded: 1, updated: 2, unchanged: 0 });
    expect(report.skipped).toMatchObject([{ reason: "not_known", count: 2 }]);
    expect(report.flags).toEqual([expect.objectContaining({ kind: "removed", count: 1 })]);
    expect(await rows()).toMatchObject([
      { code: codeOf(1), name: "点位1", network: "xueliang", status: "faulty", scope: grid(1) },
      { code: codeOf(50), name: "点位50" },
    ]);
    await undoLast();
    expect(await everything()).toEqual(before);
    // Only what is said to be classified goes; a camera that an answer does not name stays.
    expect(await load([catalogue("secret.xml", [camera(1, { Secrecy: 1 })])])).toMatchObject({
      read: 1,
      loaded: 0,
      updated: 1,
    });
    expect((await rows()).map(({ code }) => code)).toEqual([codeOf(2, "118")]);
    await undoLast();
    expect(await everything()).toEqual(before);
  });

  test("tables and layers: words of both languages, one row for a code, an export comes back unchanged", async () => {
    const table = file(
      "ledger.csv",
      `设备国标编码,点位名称,所属项目,在线状态,厂商,朝向,水平视场角,视距(米),室内外,提示标识,备案号,启用日期,经度,纬度\n${codeOf(60)},学校门口,慧眼工程,离线,甲厂,东北,90,80,室外,有,晋公备2025-1,2025-05-01,112.75,40.01\n${codeOf(60)},again,,,,,,,,,,,112.75,40.01\n1402.97E+16,rounded,,,,,,,,,,,112.75,40.01\n${codeOf(61, "215")},group,,,,,,,,,,,112.75,40.01\n`,
    );
    const report = await load([table]);
    expect(report).toMatchObject({ read: 4, loaded: 1 });
    expect(report.skipped.map(({ reason, count }) => [reason, count])).toEqual([
      ["duplicate_code", 1],
      ["bad_code", 2],
    ]);
    const [row] = await runner.rows<object>(
      county,
      `SELECT name, network, status, manufacturer, azimuth_deg, angle_deg, range_m, indoor, sign, filing_no,
              in_use_since::text AS since, scope_code AS scope FROM camera WHERE county = $1 AND device_code LIKE '%60'`,
    );
    expect(row).toEqual({
      name: "学校门口",
      network: "huiyan",
      status: "offline",
      manufacturer: "甲厂",
      azimuth_deg: 45,
      angle_deg: 90,
      range_m: 80,
      indoor: false,
      sign: true,
      filing_no: "晋公备2025-1",
      since: "2025-05-01",
      scope: grid(2),
    });
    const before = await everything();
    for (const format of ["geojson", "xlsx"]) {
      const out = join(dir, `out.${format}`);
      const run = await runner.run("export", "cameras", "--county", county, "--format", format, "-o", out);
      expect(run.code, run.err).toBe(0);
      expect(await load([out]), format).toMatchObject({ read: 3, loaded: 0, updated: 0, unchanged: 3 });
    }
    expect(await everything()).toEqual(before);
  });

  test("positions in GCJ-02 are moved where it is said; exchanged ones of a whole catalogue are refused with what they look like", async () => {
    const [before] = await rows();
    const moved = catalogue("gcj.xml", [camera(1, { Longitude: 112.706709, Latitude: 40.011095 })]);
    expect(await load([moved], "--crs", "gcj02")).toMatchObject({ updated: 1, crs: expect.stringMatching(/GCJ-02/) });
    const [after] = (await rows()).filter(({ code }) => code === codeOf(1));
    expect(after?.lon).toBeCloseTo(112.7, 5);
    expect(before).toBeDefined();
    const swapped = Array.from({ length: 5 }, (_, i) => camera(i, { Longitude: 40.01, Latitude: 112.7 + i / 1e4 }));
    const run = await runner.run("import", "cameras", catalogue("swapped.xml", swapped), "--county", county);
    expect(run).toMatchObject({ code: 1, err: expect.stringMatching(/axes swapped/) });
    expect(await load([catalogue("swapped.xml", swapped)], "--crs", "cgcs2000", "--dry-run")).toMatchObject({
      loaded: 4,
      updated: 1,
    });
  });
});
