import { beforeAll, expect, it } from "vitest";
import { uuidV7 } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { makeComingPartitions } from "../../db/load/partitions.ts";
import { insertCase } from "../../db/repositories/new-case-repository.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { standardStart } from "../helpers/new-case.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const COUNTY = "990001";

describeOnBothDatabases("partitions of the coming months", (open) => {
  let database: Database;
  const report = (openedAt: string, n: number): Promise<unknown> =>
    database.transaction({ kind: "county", county: COUNTY }, (tx) =>
      insertCase(tx, {
        county: COUNTY,
        id: uuidV7(Date.parse(openedAt), 1, 2, n),
        dueAt: null,
        ref: 9000 + n,
        classCode: "01001",
        sensitive: false,
        severity: "normal",
        source: "app",
        title: "测",
        drawn: [112.5, 39.9],
        gridId: null,
        gridCode: null,
        scopeCode: COUNTY,
        border: false,
        openedAt,
        ...standardStart(COUNTY),
      }),
    );
  /** Partitions that hold the cases of a time. */
  const partitionsOf = (openedAt: string): Promise<{ name: string; cases: number }[]> =>
    database.transaction({ kind: "loader", county: COUNTY }, (tx) =>
      tx.rows(
        `SELECT i.tableoid::regclass::text AS name, count(*)::int AS cases FROM incident i
         WHERE i.county = $1 AND i.opened_at = $2::timestamptz GROUP BY 1`,
        [COUNTY, openedAt],
      ),
    );

  beforeAll(async () => {
    database = (await open()).database;
    expect(await makeComingPartitions(database, Date.parse("2026-05-31T23:00:00Z"))).toEqual([]);
    await loadCounty(database, smallDataset({ county: COUNTY, incidents: 3 }), { now: "2026-01-15T00:00:00.000Z" });
  });

  it("are made for the month that runs and two more, once, also when two ask at the same time", async () => {
    const now = Date.parse("2026-05-31T23:00:00Z");
    const made = await Promise.all([makeComingPartitions(database, now), makeComingPartitions(database, now)]);
    expect(made.flat().sort()).toEqual(
      ["2026_05", "2026_06", "2026_07"].flatMap((month) => [`incident_${month}`, `incident_event_${month}`]).sort(),
    );
    expect(await makeComingPartitions(database, now)).toEqual([]);
    await report("2026-07-31T23:59:59.000Z", 1);
    expect(await partitionsOf("2026-07-31T23:59:59.000Z")).toEqual([{ name: "incident_2026_07", cases: 1 }]);
  });

  it("leave a month alone whose cases lie in the DEFAULT partition already, and make the next ones", async () => {
    const stray = "2026-09-10T00:00:00.000Z";
    await report(stray, 2);
    expect(await partitionsOf(stray)).toEqual([{ name: "incident_default", cases: 1 }]);
    const made = await makeComingPartitions(database, Date.parse("2026-09-12T00:00:00Z"));
    expect(made).not.toContain("incident_2026_09");
    expect(made).toEqual(expect.arrayContaining(["incident_event_2026_09", "incident_2026_10", "incident_2026_11"]));
    await report("2026-09-13T00:00:00.000Z", 3);
    await report("2026-10-13T00:00:00.000Z", 4);
    expect(await partitionsOf(stray)).toEqual([{ name: "incident_default", cases: 1 }]);
    expect(await partitionsOf("2026-09-13T00:00:00.000Z")).toEqual([{ name: "incident_default", cases: 1 }]);
    expect(await partitionsOf("2026-10-13T00:00:00.000Z")).toEqual([{ name: "incident_2026_10", cases: 1 }]);
  });
});
