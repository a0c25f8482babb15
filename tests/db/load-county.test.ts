import { beforeAll, expect, it } from "vitest";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { Database, StatementEvent } from "../../db/driver.ts";
import { yearIn, yearStart } from "../../db/load/county-time.ts";
import { bumpContentVersion, loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { ensureIncidentPartitions, monthsBetween } from "../../db/load/partitions.ts";
import { removeCounty } from "../../db/load/remove-county.ts";
import { TENANT_TABLES } from "../../db/tenant-tables.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { expectedRollups } from "../helpers/rollup-oracle.ts";
import { smallDataset } from "../helpers/small-dataset.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const A = "990001";
const B = "990002";
const NOW = "2026-01-15T00:00:00.000Z";

/** Cells of a cube without sensitive classes: one for each area that a case lies in, by major and month, until yesterday. */
function cubeCells({ incidents }: CountyDataset): number {
  const cells = new Set<string>();
  for (const { openedAt, classCode, gridCodeAt } of incidents) {
    const local = new Date(Date.parse(openedAt) + 8 * 3600_000).toISOString();
    if (local.slice(0, 10) >= "2026-01-15") continue;
    for (const length of [6, 9, 12])
      cells.add(`${local.slice(0, 7)} ${gridCodeAt?.slice(0, length)} ${classCode.slice(0, 2)}`);
  }
  return cells.size;
}

it("finds the start of a year in the county's zone", () => {
  expect(yearStart(2025, "Asia/Shanghai")).toBe("2024-12-31T16:00:00.000Z");
  expect(yearStart(2010, "America/New_York")).toBe("2010-01-01T05:00:00.000Z");
  expect(yearIn(Date.parse("2025-12-31T16:00:00Z"), "Asia/Shanghai")).toBe(2026);
});

it("counts months by the calendar in UTC", () => {
  const months = monthsBetween(Date.UTC(2025, 10, 30), Date.UTC(2026, 0, 1));
  expect(months.map(({ name }) => name)).toEqual(["2025_11", "2025_12", "2026_01"]);
  expect(months[0]?.to).toBe(months[1]?.from);
});

describeOnBothDatabases("loading a county", (open) => {
  let database: Database;
  const statements: StatementEvent[] = [];
  const count = async (county: string): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    await database.transaction({ kind: "loader", county }, async (tx) => {
      for (const table of TENANT_TABLES) {
        const rows = await tx.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE county = $1`, [county]);
        counts[table] = rows[0]?.n ?? -1;
      }
      const outlines = await tx.rows<{ n: number }>("SELECT count(*) AS n FROM county_outline WHERE code = $1", [
        county,
      ]);
      counts["county_outline"] = outlines[0]?.n ?? -1;
    });
    return counts;
  };
  const zero = Object.fromEntries([...TENANT_TABLES, "county_outline"].map((table) => [table, 0]));
  const sizes = (data: CountyDataset): Record<string, number> => ({
    ...zero,
    incident_sealed_place: data.incidents.filter(({ classCode }) => classCode === "80001").length,
    incident_event: data.incidentEvents.length,
    // Cases with a deadline, each with its business clock.
    incident_clock: data.incidents.filter(({ dueAt }) => dueAt !== null).length,
    incident: data.incidents.length,
    camera: data.cameras.length,
    staff_absence: 1,
    duty_shift: 1,
    post_holder: 2,
    duty_staff_contact: 2,
    post_area: data.postAreas.length,
    post: 1,
    duty_staff: 2,
    admission_item: data.admissionItems?.length ?? 0,
    organisation_role: data.organisationRoles.length,
    organisation: 1,
    building: data.buildings.length,
    grid_compound: data.gridCompounds.length,
    compound: data.compounds.length,
    context_feature: 2,
    area_version: data.areas.length,
    area: data.areas.length,
    outbox: 1,
    change_feed: 0,
    audit_log: 1,
    import_batch: 0,
    import_job: 0,
    incident_cube: cubeCells(data),
    area_rollup: data.areas.filter(({ code }) => code.length <= 12).length,
    statistic_run: 1,
    county_profile: 1,
    county_outline: 1,
  });

  const rollups = async (county: string): Promise<Record<string, number>> => {
    const { day, cell } = await expectedRollups(database, county);
    return { incident_day: day.length, incident_cell_month: cell.length };
  };

  beforeAll(async () => {
    database = (await open()).database;
    database.onStatement = (event) => statements.push(event);
    await loadCounty(database, smallDataset({ county: A }), { now: NOW });
    database.onStatement = undefined;
    await loadCounty(database, smallDataset({ county: B }), { now: NOW });
  });

  it("writes every row of every table", async () => {
    expect(await count(A)).toEqual({ ...sizes(smallDataset({ county: A })), ...(await rollups(A)) });
  });

  it("seals the true place of sensitive cases and draws them at the label of their area", async () => {
    const data = smallDataset({ county: A });
    const label = new Map(data.areas.map((area) => [area.code, area.label]));
    const rows = await database.transaction({ kind: "loader", county: A }, (tx) =>
      tx.rows<{ id: string; sensitive: boolean; lon: number; lat: number; place: number[] | null }>(
        `SELECT i.id, i.sensitive, ST_X(i.geom) AS lon, ST_Y(i.geom) AS lat,
           CASE WHEN p.geom IS NOT NULL THEN json_build_array(ST_X(p.geom), ST_Y(p.geom)) END AS place
         FROM incident i LEFT JOIN incident_sealed_place p ON p.county = $1 AND p.incident_id = i.id
         WHERE i.county = $1`,
        [A],
      ),
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { id, classCode, scopeCode, point } of data.incidents) {
      const sensitive = classCode === "80001";
      const [lon, lat] = sensitive ? (label.get(scopeCode ?? A) ?? point) : point;
      expect(byId.get(id)).toEqual({ id, sensitive, lon, lat, place: sensitive ? [...point] : null });
      if (sensitive) expect(point).not.toEqual([lon, lat]);
    }
    expect(rows.filter(({ sensitive }) => sensitive).length).toBeGreaterThan(3);
  });

  it("writes the area that each row belongs to", async () => {
    const data = smallDataset({ county: A });
    const scopes = await database.transaction({ kind: "loader", county: A }, async (tx) => {
      const seen: Record<string, string[]> = {};
      for (const table of ["organisation_role", "post_area", "post", "duty_staff", "duty_staff_contact", "post_holder"])
        seen[table] = (
          await tx.rows<{ code: string }>(
            `SELECT DISTINCT scope_code AS code FROM ${table} WHERE county = $1 ORDER BY 1`,
            [A],
          )
        ).map(({ code }) => code);
      return seen;
    });
    const grids = data.areas.filter(({ level }) => level === "grid").map(({ code }) => code);
    expect(scopes["organisation_role"]).toEqual(grids.sort());
    expect(scopes["post_area"]).toEqual(grids);
    // The one post serves every grid of both towns: it belongs to the county.
    for (const table of ["post", "duty_staff", "duty_staff_contact", "post_holder"])
      expect(scopes[table], table).toEqual([A]);
    const events = await database.transaction({ kind: "loader", county: A }, (tx) =>
      tx.rows(
        `SELECT 1 FROM incident_event e JOIN incident i ON i.county = $1 AND i.id = e.incident_id
         WHERE e.county = $1 AND (e.scope_code, e.sensitive) IS DISTINCT FROM (i.scope_code, i.sensitive)`,
        [A],
      ),
    );
    expect(events).toEqual([]);
  });

  it("keeps the data rules in every statement", () => {
    expect(statements.length).toBeGreaterThan(30);
    const breaches = statements.flatMap((event) => lintEvent(event).map((breach) => `${breach}: ${event.sql}`));
    expect(breaches).toEqual([]);
  });

  it("gives areas their time and their size on the spheroid", async () => {
    const [town] = await database.transaction({ kind: "county", county: A }, (tx) =>
      tx.rows<{ since: string; until: string | null; area_m2: number; srid: number; children: number }>(
        `SELECT lower(v.valid) AS since, upper(v.valid) AS until, v.area_m2, ST_SRID(v.geom) AS srid,
           (SELECT sum(g.area_m2) FROM area_version g WHERE g.county = $1 AND g.level = 'grid') AS children
         FROM area_version v WHERE v.county = $1 AND v.level = 'county'`,
        [A],
      ),
    );
    expect(town).toMatchObject({ since: "2024-12-31T16:00:00+00:00", until: null, srid: 4326 });
    // 6 × 6 cells of 0.004° at 39.9° N: a degree is 111,032 m of meridian and 85,513 m of parallel there (WGS 84).
    expect(town?.area_m2).toBeGreaterThan(0.995 * 0.024 ** 2 * 111_032 * 85_513);
    expect(town?.area_m2).toBeLessThan(1.005 * 0.024 ** 2 * 111_032 * 85_513);
    expect(Math.abs((town?.children ?? 0) - (town?.area_m2 ?? 1))).toBeLessThan(1);
  });

  it("puts incidents and events into partitions of their month, none into the default", async () => {
    const [row] = await database.transaction({ kind: "loader", county: A }, (tx) =>
      tx.rows<{ strays: number; parts: number }>(
        `SELECT (SELECT count(*) FROM incident_default) + (SELECT count(*) FROM incident_event_default) AS strays,
           (SELECT count(DISTINCT tableoid) FROM incident WHERE county = $1) AS parts`,
        [A],
      ),
    );
    expect(row?.strays).toBe(0);
    expect(row?.parts).toBeGreaterThan(6);
  });

  it("refuses a county that is loaded already, and changes nothing", async () => {
    const before = await count(A);
    await expect(loadCounty(database, smallDataset({ county: A }), { now: NOW })).rejects.toMatchObject({
      kind: "USER",
      code: "CONFLICT",
    });
    expect(await count(A)).toEqual(before);
  });

  it.each<[string, (data: CountyDataset) => CountyDataset, RegExp]>([
    [
      "an event without its incident",
      (data) => ({ ...data, incidents: data.incidents.slice(1) }),
      /incident_event refer to a row of incident|incident_event_incident_id_fk/,
    ],
    [
      "a broken device code",
      (data) => ({ ...data, cameras: data.cameras.map((c) => ({ ...c, deviceCode: "1" })) }),
      /camera/,
    ],
    [
      "two areas of one code",
      (data) => ({ ...data, areas: data.areas.map((a, i) => (i < 2 ? a : { ...a, code: "990003009" })) }),
      /one_per_code|overlap/,
    ],
    [
      "no area of the county itself",
      (data) => ({ ...data, areas: data.areas.slice(1) }),
      /no area of the county itself/,
    ],
  ])("keeps nothing of data with %s", async (_name, spoil, message) => {
    const county = "990003";
    const data = spoil(smallDataset({ county }));
    const load = loadCounty(database, data, { now: NOW });
    await expect(load).rejects.toMatchObject({ kind: "DATA" });
    await expect(load).rejects.toThrow(message);
    expect(await count(county)).toEqual(zero);
  });

  it("counts the content up, also past a clock that stands still", async () => {
    const versions = await database.transaction({ kind: "county", county: A }, async (tx) => {
      const seen: number[] = [];
      for (const now of [NOW, NOW, "2026-02-01T00:00:00Z"]) {
        await bumpContentVersion(tx, A, now);
        const rows = await tx.rows<{ v: number }>("SELECT content_version AS v FROM county_profile WHERE county = $1", [
          A,
        ]);
        seen.push(rows[0]?.v ?? 0);
      }
      return seen;
    });
    expect(versions).toEqual([Date.parse(NOW) + 1, Date.parse(NOW) + 2, Date.parse("2026-02-01T00:00:00Z")]);
  });

  it("makes partitions once, also from two sides at the same time", async () => {
    const from = Date.UTC(2031, 0, 5);
    const to = Date.UTC(2031, 2, 5);
    const both = await Promise.all([1, 2].map(() => ensureIncidentPartitions(database, A, from, to)));
    expect(both.flat().sort()).toEqual(
      ["01", "02", "03"].flatMap((m) => [`incident_2031_${m}`, `incident_event_2031_${m}`]).sort(),
    );
    expect(await ensureIncidentPartitions(database, A, from, to)).toEqual([]);
  });

  it("refuses a span that only a wrong date format can give", async () => {
    const run = (from: number, to: number) => ensureIncidentPartitions(database, A, from, to);
    await expect(run(Number.NaN, 0)).rejects.toMatchObject({ kind: "USER" });
    await expect(run(0, Date.UTC(2026, 0))).rejects.toMatchObject({ kind: "USER" });
    await expect(run(Date.UTC(2001, 0), Date.UTC(2126, 0))).rejects.toMatchObject({ kind: "USER" });
  });

  it("removes a county completely and leaves the other as it was", async () => {
    const other = await count(B);
    const removed = await removeCounty(database, A, NOW);
    expect(removed["incident_event"]).toBe(200);
    // What happened stays told: the load and the removal.
    expect(await count(A)).toEqual({ ...zero, audit_log: 2 });
    expect(await count(B)).toEqual(other);
    await expect(removeCounty(database, A, NOW)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await loadCounty(database, smallDataset({ county: A }), { now: NOW });
    expect(await count(A)).toEqual({ ...sizes(smallDataset({ county: A })), ...(await rollups(A)), audit_log: 3 });
  });

  it("writes reference codes once and changes them in place", async () => {
    const code = {
      code: "01001",
      kind: "component",
      major: "01",
      name: "上水井盖",
      nameEn: "Water cover",
      standardRef: "GB/T 47678.5-2026",
      isLocalExtension: false,
      sensitive: false,
    } as const;
    expect(await loadReference(database, [code, { ...code, code: "01002" }])).toBe(2);
    expect(await loadReference(database, [code])).toBe(0);
    expect(await loadReference(database, [{ ...code, name: "井盖" }])).toBe(1);
    const rows = await database.transaction({ kind: "reference" }, (tx) =>
      tx.rows("SELECT code, name FROM class_code ORDER BY code"),
    );
    expect(rows).toEqual([
      { code: "01001", name: "井盖" },
      { code: "01002", name: "上水井盖" },
    ]);
  });
});
