import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ExportKind } from "../../data/exporters/registry.ts";
import { EXPORT_KINDS } from "../../data/exporters/registry.ts";
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

describeOnBothDatabases("jingwei export", (open) => {
  let commands: CommandRunner;
  const folder = mkdtempSync(join(tmpdir(), "jingwei-export-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const { database } = await open();
    commands = await commandRunner(database);
    await loadCounty(database, smallDataset({ county: COUNTY }), { now: commands.now });
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
    // The fixture has a road and a lake, no railway and no block.
    expect(features.length > 0).toBe(!["railways", "blocks"].includes(kind));
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
    expect((await collection("grids", "--as-of", "1990-01-01")).features).toEqual([]);
    for (const wrong of [
      ["cameras", "--as-of", "2026-01-01"],
      ["areas", "--state", "closed"],
      ["incidents", "--state", "unknown"],
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
  const MEASURED = ["class", "rank", "length_m", "area_m2", "source", "source_ref"];
  const DERIVED: Readonly<Partial<Record<ExportKind, readonly string[]>>> = {
    areas: ["valid_from", "valid_to", "source_crs"],
    buildings: ["compound"],
    incidents: ["severity", "ref"],
    roads: MEASURED,
    water: MEASURED,
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
          ["buildings", "roads", "water"].includes(kind) ? id : null,
          Object.entries(properties)
            .filter(([name]) => !DERIVED[kind]?.includes(name))
            .map(([name, value]) => [name, seconds ? wholeSecond(value) : value]),
          // Sensitive cases stand at the label point that the importing county gives their area.
          properties["sensitive"] === true ? null : geometry,
        ]),
      )
      .toSorted();

  it("is read again as it was written", async () => {
    const TITLES = ["=1+1", "'=1+1", "-1.5", "+86 电话", "@某人", "a,b\"c'd", "'引", "-", "＝全角"];
    const levels = ["county", "town", "community", "grid"];
    await commands.rows(
      COUNTY,
      `UPDATE incident SET title = ('${JSON.stringify(TITLES).replaceAll("'", "''")}'::json ->> (ref % ${TITLES.length})::int) WHERE county = $1 RETURNING id`,
    );
    await commands.rows(
      COUNTY,
      "UPDATE area_version SET kind = 'village', urban = false WHERE county = $1 AND level = 'community' AND code LIKE '%002002' RETURNING id",
    );
    const kinds: ExportKind[] = ["areas", "buildings", "incidents", "roads", "water"];
    const before = new Map<ExportKind, Collection>();
    for (const kind of kinds) before.set(kind, await collection(kind));
    const areas: string[] = [];
    for (const [n, level] of levels.entries())
      areas.push(await take("areas", ["geojson", "csv", "gpkg"][n % 3] ?? "", "--level", level));
    const places = new Map<ExportKind, string>();
    for (const kind of ["buildings", "roads", "water"] as const) places.set(kind, await take(kind, "gpkg"));
    for (const format of ["csv", "xlsx"]) {
      const incidents = await take("incidents", format);
      expect((await commands.run("county", "remove", COUNTY)).code).toBe(0);
      const added = await commands.run("county", "add", COUNTY, "--name", "试验县", "--timezone", "Asia/Shanghai");
      expect(added.err, added.out).not.toContain("error");
      for (const [n, level] of levels.entries())
        await commands.report("areas", areas[n] ?? "", "--county", COUNTY, "--level", level);
      for (const [kind, file] of places)
        expect((await commands.report(kind, file, "--county", COUNTY)).skipped, kind).toEqual([]);
      // The fixture's points stand in rows: moved by half a kilometre, a quarter of them lie on the outline, as if they were
      // GCJ-02. The flag says that they are not.
      const cases = await commands.report("incidents", incidents, "--county", COUNTY);
      expect(cases.skipped).toEqual([]);
      const seconds = format === "xlsx";
      for (const [kind, was] of before) {
        const now = comparable(await collection(kind), kind, seconds);
        expect(now, `${kind} ${format}`).toEqual(comparable(was, kind, seconds));
      }
    }
  });
});
