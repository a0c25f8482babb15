import { beforeAll, expect, it } from "vitest";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { uuidV7 } from "../../data/model/ids.ts";
import type { IncidentRecord } from "../../data/model/incident.ts";
import type { Database, StatementEvent } from "../../db/driver.ts";
import { bumpContentVersion, loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { areaCounts } from "../../db/repositories/area-counts-repository.ts";
import { type CubeCellRow, cubeCells, cubeMonths, lastStatisticRun } from "../../db/repositories/cube-repository.ts";
import { areaRollups } from "../../db/repositories/rollup-repository.ts";
import { refreshStatistics } from "../../db/statistics/refresh-statistics.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { smallDataset } from "../helpers/small-dataset.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const COUNTY = "990001";
const NOW = "2026-01-15T00:00:00.000Z";
const A1 = `${COUNTY}001001`;
const A2 = `${COUNTY}001002`;

/** Cases of given days (local time of Asia/Shanghai), classes and areas, in place of the dataset's own. */
function dataset(cases: readonly (readonly [local: string, classCode: string, area: string | null])[]): CountyDataset {
  const data = smallDataset({ county: COUNTY, incidents: 1 });
  const [pattern] = data.incidents;
  if (!pattern) throw new Error("the small dataset has no case to copy");
  const incidents = cases.map(([local, classCode, area], k): IncidentRecord => {
    const openedAt = new Date(`${local}+08:00`).toISOString();
    const grid = data.areas.find(({ level, code }) => level === "grid" && area !== null && code.startsWith(area));
    return {
      ...pattern,
      id: uuidV7(Date.parse(openedAt), 7, 7, k),
      ref: k + 1,
      classCode,
      openedAt,
      gridId: area?.length === 12 ? (grid?.id ?? null) : null,
      gridCodeAt: area?.length === 12 ? (grid?.code ?? null) : null,
      scopeCode: area?.length === 12 ? (grid?.code ?? null) : area,
      sourceRef: null,
    };
  });
  return { ...data, incidents, incidentEvents: [] };
}

const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

describeOnBothDatabases("published statistics", (open) => {
  let database: Database;
  const statements: StatementEvent[] = [];
  const read = async (): Promise<CubeCellRow[]> =>
    database.transaction({ kind: "county", county: COUNTY }, async (tx) =>
      cubeCells(tx, COUNTY, { inside: COUNTY, months: await cubeMonths(tx, COUNTY) }, 10_000),
    );
  /** `mark count` of a cell. */
  const cell = (cells: readonly CubeCellRow[], month: string, area: string, major: string, sensitive = true) => {
    const found = cells.find(
      (one) => one.month === month && one.areaCode === area && one.major === major && one.sensitive === sensitive,
    );
    return found && `${found.mark} ${found.count}`;
  };
  const insert = async (local: string, classCode: string, area: string, k: number): Promise<void> => {
    const openedAt = new Date(`${local}+08:00`).toISOString();
    await database.transaction({ kind: "loader", county: COUNTY }, async (tx) => {
      await tx.execute(
        `INSERT INTO incident (county, id, ref, class_code, sensitive, severity, source, state, title, geom, grid_id,
           grid_code_at, scope_code, opened_at, border, suspicious, version)
         SELECT $1, $2, $6, $4, $7, i.severity, i.source, i.state, i.title, i.geom, i.grid_id, $5, $5, $3, false, false, 1
         FROM incident i WHERE i.county = $1 LIMIT 1`,
        [
          COUNTY,
          uuidV7(Date.parse(openedAt), 9, 9, k),
          openedAt,
          classCode,
          `${area}001`,
          1000 + k,
          classCode.startsWith("8"),
        ],
      );
      await bumpContentVersion(tx, COUNTY, NOW);
    });
  };

  beforeAll(async () => {
    database = (await open()).database;
    await loadReference(database, CLASS_CODES);
    database.onStatement = (event) => statements.push(event);
    const november = "2025-11-03T09:00";
    await loadCounty(
      database,
      dataset([
        // Ordinary: two cases, one in a community, one in a town outside its communities, one outside every town.
        [november, "06011", A1],
        [november, "06011", `${COUNTY}001`],
        [november, "06011", null],
        // Disputes: 3 and 7 in town 1, of which 3 are hidden; town 2 has 6 and 5: nothing to hide.
        ...times(3, [november, "80001", A1] as const),
        ...times(7, [november, "80002", A2] as const),
        ...times(6, [november, "80001", `${COUNTY}002001`] as const),
        ...times(5, [november, "80001", `${COUNTY}002002`] as const),
        // One class of an ordinary major is about people.
        [november, "09003", A1],
        [november, "09006", A1],
        // The first minute of December and the last of November, in the county's zone.
        ["2025-12-01T00:00", "81001", A1],
        ["2025-11-30T23:59", "81001", A1],
        // The month that runs: the last one is of today.
        ...times(12, ["2026-01-05T12:00", "80001", A1] as const),
        ...times(2, ["2026-01-06T12:00", "80001", A2] as const),
        ["2026-01-15T00:00", "80001", A2],
      ]),
      { now: NOW },
    );
  });

  it("counts by month of the county's zone, at the place where a case fell", async () => {
    const cells = await read();
    expect(cell(cells, "2025-11", A1, "06", false)).toBe("exact 1");
    expect(cell(cells, "2025-11", `${COUNTY}001*`, "06", false)).toBe("exact 1");
    expect(cell(cells, "2025-11", `${COUNTY}*`, "06", false)).toBe("exact 1");
    expect(cell(cells, "2025-11", `${COUNTY}001`, "06", false)).toBe("exact 2");
    expect(cell(cells, "2025-11", COUNTY, "06", false)).toBe("exact 3");
    expect(cell(cells, "2025-11", A1, "81")).toBe("less_than_five null");
    expect(cell(cells, "2025-12", A1, "81")).toBe("less_than_five null");
    expect(cell(cells, "2025-11", A1, "09")).toBe("less_than_five null");
    expect(cell(cells, "2025-11", A1, "09", false)).toBe("exact 1");
  });

  it("suppresses a month that is over, with what would give it away, and stores no hidden number", async () => {
    const cells = await read();
    expect(cell(cells, "2025-11", A1, "80")).toBe("less_than_five null");
    expect(cell(cells, "2025-11", A2, "80")).toBe("exact 7");
    expect(cell(cells, "2025-11", `${COUNTY}001`, "80")).toBe("hidden null");
    expect(cell(cells, "2025-11", `${COUNTY}002`, "80")).toBe("exact 11");
    expect(cell(cells, "2025-11", COUNTY, "80")).toBe("hidden null");
  });

  it("shows the month that runs through yesterday, in steps and without totals", async () => {
    const cells = await read();
    expect(cell(cells, "2026-01", A1, "80")).toBe("at_least 10");
    // Two of the sixth; that of today is not counted yet.
    expect(cell(cells, "2026-01", A2, "80")).toBe("less_than_five null");
    expect(cell(cells, "2026-01", `${COUNTY}001`, "80")).toBe("hidden null");
    const run = await database.transaction({ kind: "county", county: COUNTY }, (tx) => lastStatisticRun(tx, COUNTY));
    expect(Date.parse(run?.through ?? "")).toBe(Date.parse("2026-01-15T00:00+08:00"));
  });

  it("does nothing while day and content are the same, nor when the clock was set back", async () => {
    expect(await refreshStatistics(database, COUNTY, Date.parse(NOW) + 3600_000)).toBe(false);
    expect(await refreshStatistics(database, COUNTY, Date.parse("2026-01-10T00:00:00Z"))).toBe(false);
  });

  it("counts the next day", async () => {
    expect(await refreshStatistics(database, COUNTY, Date.parse("2026-01-15T16:00:00Z"))).toBe(true);
    const rows = await database.transaction({ kind: "county", county: COUNTY }, (tx) =>
      tx.rows<{ through: string; n: number }>(
        "SELECT through, count(*) AS n FROM incident_cube WHERE county = $1 AND month = '2026-01-01' GROUP BY 1",
        [COUNTY],
      ),
    );
    expect(rows.map(({ through }) => Date.parse(through))).toEqual([Date.parse("2026-01-15T16:00:00Z")]);
  });

  it("never publishes a sensitive month again, whatever is imported into it; ordinary cells follow", async () => {
    const before = await read();
    for (let k = 0; k < 4; k++) await insert("2025-11-10T10:00", "80001", A1, k);
    await insert("2025-11-10T10:00", "06011", A1, 4);
    expect(await refreshStatistics(database, COUNTY, Date.parse("2026-01-15T17:00:00Z"))).toBe(true);
    const after = await read();
    const sensitive = (cells: readonly CubeCellRow[]) => cells.filter((one) => one.sensitive && one.month < "2026-01");
    expect(sensitive(after)).toEqual(sensitive(before));
    expect(cell(after, "2025-11", A1, "06", false)).toBe("exact 2");
    expect(cell(after, "2025-11", COUNTY, "06", false)).toBe("exact 4");
  });

  it("does not count a case anew when boundaries change", async () => {
    const before = await read();
    await database.transaction({ kind: "loader", county: COUNTY }, async (tx) => {
      await tx.execute(
        `UPDATE incident SET scope_code = '${COUNTY}002' || substr(scope_code, 10)
         WHERE county = $1 AND scope_code LIKE '${COUNTY}001___%'`,
        [COUNTY],
      );
      await bumpContentVersion(tx, COUNTY, NOW);
    });
    expect(await refreshStatistics(database, COUNTY, Date.parse("2026-01-15T18:00:00Z"))).toBe(true);
    expect(await read()).toEqual(before);
  });

  it("freezes the month when it is over: exact cells, totals where they are safe", async () => {
    expect(await refreshStatistics(database, COUNTY, Date.parse("2026-02-03T01:00:00Z"))).toBe(true);
    const cells = await read();
    expect(cell(cells, "2026-01", A1, "80")).toBe("exact 12");
    expect(cell(cells, "2026-01", A2, "80")).toBe("less_than_five null");
    expect(cell(cells, "2026-01", `${COUNTY}001`, "80")).toBe("hidden null");
    const open = await database.transaction({ kind: "county", county: COUNTY }, (tx) =>
      tx.rows("SELECT area_code FROM incident_cube WHERE county = $1 AND NOT frozen", [COUNTY]),
    );
    expect(open).toEqual([]);
  });

  it("rolls up what areas hold", async () => {
    const codes = [COUNTY, `${COUNTY}001`, A1];
    const [rollups, counts] = await database.transaction({ kind: "county", county: COUNTY }, async (tx) => [
      await areaRollups(tx, COUNTY, [...codes, `${A1}001`]),
      await areaCounts(tx, COUNTY, codes, NOW),
    ]);
    expect([...rollups.keys()].sort()).toEqual(codes);
    for (const code of codes) {
      const { asOf, level, networks, staff, ...rollup } = rollups.get(code) ?? {};
      expect(rollup, code).toEqual(counts.get(code));
      const cameras = networks?.reduce((sum, { count }) => sum + count, 0);
      expect(cameras ?? 0, code).toBe(counts.get(code)?.cameras);
      expect(Date.parse(asOf ?? "")).toBe(Date.parse("2026-02-03T01:00:00Z"));
      expect(level).toBe({ 6: "county", 9: "town", 12: "community" }[code.length as 6 | 9 | 12]);
      expect(staff).toBeDefined();
    }
  });

  it("keeps the data rules in every statement", () => {
    const breaches = statements.flatMap((event) => lintEvent(event).map((breach) => `${breach}: ${event.sql}`));
    expect(breaches).toEqual([]);
    expect(statements.some(({ sql }) => sql.includes("INSERT INTO incident_cube"))).toBe(true);
  });
});
