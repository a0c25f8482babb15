import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ExportFormat, ExportKind } from "../../data/exporters/registry.ts";
import { EXPORT_KINDS, exportOf } from "../../data/exporters/registry.ts";
import { IMPORT_KINDS, IMPORTERS, isImportKind } from "../../data/importers/registry.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const COUNTY = "990001";

interface Collection {
  readonly features: readonly {
    readonly id: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
  }[];
  readonly [member: string]: unknown;
}

const at = (x: number, y: number): [number, number] => [112.5 + x / 1000, 39.9 + y / 1000];
const feature = (properties: object, type: string, coordinates: unknown) => ({
  type: "Feature",
  properties,
  geometry: { type, coordinates },
});
/** Kinds that the fixture has nothing of. */
const MORE = {
  railways: [feature({ name: "试验铁路", class: "rail", date: "2025-03-01" }, "LineString", [at(1, 1), at(9, 7)])],
  blocks: [feature({ id: "B-1", name: "一区" }, "Polygon", [[at(1, 1), at(3, 1), at(3, 3), at(1, 1)]])],
  layers: [
    feature(
      { code: "ZZ-1", name: "综治一片", layer: "综治网格", unit: "综治中心", date: "2025-06-01" },
      "MultiPolygon",
      [[[at(1, 1), at(5, 1), at(5, 5), at(1, 1)]]],
    ),
    feature({ code: "DJ-1", name: "党建一片", layer: "党建网格" }, "MultiPolygon", [
      [[at(2, 1), at(6, 1), at(6, 4), at(2, 1)]],
    ]),
  ],
  stations: [
    feature(
      { id: "S-1", name: "试验驿站", kind: "零工", hours: "8:00-18:00", phone: "0352-3820000" },
      "Point",
      at(5, 5),
    ),
    feature({ name: "水位食堂" }, "Point", at(6, 5)),
  ],
  gauges: [
    feature({ name: "桥头", kind: "水位", warning: 3.25 }, "Point", at(7, 5)),
    feature({ name: "水位广场", kind: "rain" }, "Point", at(8, 5)),
  ],
  boards: [
    feature({ name: "公示牌一", grid: `${COUNTY}002002001`, state: "破损", printed: "2025-06-01" }, "Point", at(9, 5)),
  ],
} as const;

describeOnBothDatabases("jingwei export", (open, form) => {
  let commands: CommandRunner;
  const folder = mkdtempSync(join(tmpdir(), "jingwei-export-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const { database } = await open();
    commands = await commandRunner(database);
    await loadCounty(database, smallDataset({ county: COUNTY }), { now: commands.now });
    for (const [kind, features] of Object.entries(MORE)) {
      const file = join(folder, `more-${kind}.geojson`);
      writeFileSync(file, JSON.stringify({ type: "FeatureCollection", features }));
      expect(await commands.report(kind, file, "--county", COUNTY, "--crs", "wgs84")).toMatchObject({
        loaded: features.length,
      });
    }
  });

  const take = async (kind: ExportKind, format: string, ...more: string[]): Promise<string> => {
    const file = join(folder, `${kind}-${more.join("")}.${format}`);
    const end = await commands.run(
      "export",
      kind,
      "--county",
      COUNTY,
      "--format",
      format,
      "-o",
      file,
      "--json",
      ...more,
    );
    expect(end.err).toBe("");
    expect(JSON.parse(end.out)).toMatchObject({ kind, county: COUNTY, format, file });
    return file;
  };
  const collection = async (kind: ExportKind, ...more: string[]): Promise<Collection> =>
    JSON.parse(readFileSync(await take(kind, "geojson", ...more), "utf8")) as Collection;

  it.each(EXPORT_KINDS)("writes %s in every format", async (kind) => {
    const { features, ...members } = await collection(kind);
    expect(features.length).toBeGreaterThan(0);
    expect(members).toMatchObject({
      exportedAt: "2026-01-15T08:00:00+08:00",
      exportedBy: "cli",
      county: { code: COUNTY },
    });
    const csv = readFileSync(await take(kind, "csv"), "utf8");
    expect(csv.trimEnd().split("\r\n").length).toBe(features.length + 1);
    expect(
      readFileSync(await take(kind, "gpkg"))
        .subarray(0, 15)
        .toString(),
    ).toBe("SQLite format 3");
    expect(
      readFileSync(await take(kind, "xlsx"))
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
    const kept = await commands.rows<{ count: number }>(
      COUNTY,
      `SELECT count(*)::int AS count FROM audit_log WHERE county = $1 AND action = 'export.file' AND entity::json->>'kind' = '${kind}'`,
    );
    expect(kept).toEqual([{ count: 4 }]);
  });

  it("cuts by area, window, class, state and date, and refuses what means nothing", async () => {
    // In time by the fixture: one is late by its source, one by its deadline.
    await commands.rows(
      COUNTY,
      "UPDATE incident SET source_verdict = 'overdue' WHERE county = $1 AND ref = 3 RETURNING id",
    );
    await commands.rows(
      COUNTY,
      "UPDATE incident SET state = 'closed', closed_at = opened_at + interval '3 days', due_at = opened_at + interval '2 days' WHERE county = $1 AND ref = 5 RETURNING id",
    );
    const all = (await collection("incidents")).features;
    const inside = (await collection("incidents", "--area", `${COUNTY}001`)).features;
    expect(inside.length).toBe(
      all.filter(({ properties }) => String(properties["area"]).startsWith(`${COUNTY}001`)).length,
    );
    expect(inside.length).toBeLessThan(all.length);
    const days = all.map(({ properties }) => String(properties["opened"]).slice(0, 10)).toSorted();
    const day = days[Math.floor(days.length / 2)] ?? "";
    const window = (await collection("incidents", "--from", day, "--to", day)).features;
    expect(window.length).toBe(days.filter((one) => one === day).length);
    const asOf = (await collection("incidents", "--as-of", day)).features;
    expect(asOf.length).toBe(days.filter((one) => one <= day).length);
    const closed = (await collection("incidents", "--state", "closed")).features;
    expect(closed.length).toBe(all.filter(({ properties }) => properties["state"] === "closed").length);
    for (const name of ["severity", "source"] as const) {
      const wanted = String(all[0]?.properties[name]);
      const found = (await collection("incidents", `--${name}`, wanted)).features;
      expect(found.length, name).toBe(all.filter(({ properties }) => properties[name] === wanted).length);
      expect(found.length).toBeGreaterThan(0);
    }
    const [late, inTime] = [
      (await collection("incidents", "--late", "true")).features,
      (await collection("incidents", "--late", "false")).features,
    ];
    expect([late.length + inTime.length, late.length > 0, inTime.length > 0]).toEqual([all.length, true, true]);
    for (const { properties } of late.filter(({ properties }) => properties["verdict"] === "unjudged"))
      expect(Date.parse(String(properties["due"]))).toBeLessThan(
        Date.parse(String(properties["closed"] ?? "2026-01-15T00:00:00Z")),
      );
    expect((await collection("grids", "--as-of", "1990-01-01")).features).toEqual([]);
    for (const wrong of [
      ["cameras", "--as-of", "2026-01-01"],
      ["areas", "--state", "closed"],
      ["incidents", "--state", "unknown"],
      ["incidents", "--source", "unknown"],
      ["incidents", "--late", "maybe"],
      ["areas", "--severity", "urgent"],
      ["incidents", "--from", "2026-02-30"],
      ["areas", "--level", "grid,town"],
      ["areas", "--area", "110101"],
    ]) {
      const end = await commands.run(
        "export",
        ...wrong,
        "--county",
        COUNTY,
        "--format",
        "csv",
        "-o",
        join(folder, "x"),
      );
      expect(end.code, wrong.join(" ")).toBe(1);
    }
    expect((await commands.run("export", "nothing", "--county", COUNTY, "--format", "csv")).code).toBe(2);
    expect((await commands.run("export", "areas", "--county", COUNTY, "--format", "pdf")).code).toBe(2);
  });

  /** What a second import cannot know: our own ids and times, and what has no place in what importers read. */
  const SOURCE = ["source", "source_ref"];
  const MEASURED = [...SOURCE, "rank", "length_m", "area_m2"];
  const DERIVED: Readonly<Partial<Record<ExportKind, readonly string[]>>> = {
    areas: ["valid_from", "valid_to", "source_crs"],
    incidents: ["severity", "ref"],
    ...{ roads: MEASURED, water: MEASURED, railways: SOURCE, blocks: SOURCE },
    ...{ stations: SOURCE, gauges: SOURCE, boards: SOURCE },
  };
  /** Sheets show whole seconds: what is read back is the nearest. */
  const wholeSecond = (value: unknown): unknown =>
    typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value)
      ? new Date(Math.round(Date.parse(value) / 1000) * 1000).toISOString()
      : value;
  const comparable = ({ features }: Collection, kind: ExportKind, seconds: boolean): string[] =>
    features
      .map(({ id, properties, geometry }) =>
        JSON.stringify([
          ["areas", "incidents", "organisations", "layers"].includes(kind) ? null : id,
          Object.entries(properties)
            .filter(([name]) => !DERIVED[kind]?.includes(name))
            .map(([name, value]) => [name, seconds ? wholeSecond(value) : value]),
          // Sensitive cases stand at the label point that the importing county gives their area.
          properties["sensitive"] === true ? null : geometry,
        ]),
      )
      .toSorted();

  const LEVELS = ["county", "town", "community", "grid"];
  /** In the order in which they build on each other; grids come with the areas. */
  const IN_ORDER = IMPORT_KINDS.filter((kind) => !["grids", "incidents", "cameras"].includes(kind));
  const KINDS = [...IN_ORDER, "incidents"].filter((kind) => EXPORT_KINDS.includes(kind as ExportKind)) as ExportKind[];
  /** Sheets hold no surfaces, and what has no place comes in tables. */
  const carrier = (kind: ExportKind, format: ExportFormat): ExportFormat => {
    if (exportOf(kind).geometry === "none") return format === "gpkg" || format === "xlsx" ? "xlsx" : "csv";
    return format === "xlsx" && exportOf(kind).geometry !== "Point" ? "csv" : format;
  };
  // Readers and writers are the same on both databases: each shows two formats; sheets, which round to seconds, last.
  const FORMATS: readonly ExportFormat[] = form === "embedded" ? ["geojson", "csv"] : ["gpkg", "xlsx"];

  it(`is read again as it was written: ${FORMATS.join(", ")}`, async () => {
    // Whatever can be imported goes round; cameras come from catalogues, with more than a file of theirs may tell.
    const left = IMPORT_KINDS.filter((kind) => !KINDS.includes(kind as ExportKind)).toSorted();
    expect(left).toEqual(["cameras", "grids"]);
    for (const kind of KINDS) expect(isImportKind(kind) && IMPORTERS[kind].formats.length, kind).toBeGreaterThan(0);
    const TITLES = ["=1+1", "'=1+1", "-1.5", "+86 电话", "@某人", "a,b\"c'd", "'引", "-", "＝全角"];
    await commands.rows(
      COUNTY,
      `UPDATE incident SET title = ('${JSON.stringify(TITLES).replaceAll("'", "''")}'::json ->> (ref % ${TITLES.length})::int) WHERE county = $1 RETURNING id`,
    );
    await commands.rows(
      COUNTY,
      "UPDATE area_version SET kind = 'village', urban = false WHERE county = $1 AND level = 'community' AND code LIKE '%002002' RETURNING id",
    );
    await commands.rows(
      COUNTY,
      "UPDATE building SET households_exact = false, households_basis = 'stated' WHERE county = $1 AND scope_code LIKE '%002002001' RETURNING id",
    );
    const before = new Map<ExportKind, Collection>();
    for (const kind of KINDS) before.set(kind, await collection(kind));
    for (const format of FORMATS) {
      const areas: string[] = [];
      for (const level of LEVELS) areas.push(await take("areas", carrier("areas", format), "--level", level));
      const files = new Map<ExportKind, string>();
      for (const kind of KINDS) if (kind !== "areas") files.set(kind, await take(kind, carrier(kind, format)));
      expect((await commands.run("county", "remove", COUNTY)).code).toBe(0);
      const added = await commands.run("county", "add", COUNTY, "--name", "试验县", "--timezone", "Asia/Shanghai");
      expect(added.err, added.out).not.toContain("error");
      for (const [n, level] of LEVELS.entries())
        await commands.report("areas", areas[n] ?? "", "--county", COUNTY, "--level", level);
      for (const [kind, file] of files)
        expect((await commands.report(kind, file, "--county", COUNTY)).skipped, kind).toEqual([]);
      for (const [kind, was] of before) {
        const seconds = format === "xlsx";
        const now = comparable(await collection(kind), kind, seconds);
        expect(now, `${kind} ${format}`).toEqual(comparable(was, kind, seconds));
      }
      // A second time it is all there: known again by our own ids.
      for (const kind of ["compounds", "staff", "stations", "boards"] as const)
        expect(await commands.report(kind, files.get(kind) ?? "", "--county", COUNTY), kind).toMatchObject({
          loaded: 0,
          updated: 0,
        });
    }
  });
});
