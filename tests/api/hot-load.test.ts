import { afterAll, beforeAll, expect, it } from "vitest";
import { HotCounties } from "../../api/hot/hot-counties.ts";
import type { HotCounty } from "../../api/hot/types.ts";
import type { ColumnTable } from "../../data/columns/format.ts";
import { HOLE, type IncidentColumns, incidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

const rowsOf = (columns: IncidentColumns): string[] => {
  const rows: string[] = [];
  for (let i = columns.first ?? 0; i < columns.rows; i++) {
    if (columns.state[i] === HOLE) continue;
    const grid = columns.grid[i] as number;
    rows.push(
      [
        columns.ref[i],
        columns.lon[i],
        columns.lat[i],
        columns.opened[i],
        columns.closed[i],
        columns.due[i],
        columns.flags[i],
        columns.classes[columns.classIndex[i] as number],
        columns.state[i],
        columns.severity[i],
        columns.source[i],
        grid === NO_GRID ? "" : columns.grids[grid],
      ].join(),
    );
  }
  return rows.sort();
};

describeOnBothDatabases("hot columns", (open) => {
  let database: Database;
  let hot: HotCounties;
  let stop: () => Promise<void>;
  const errors: unknown[] = [];
  beforeAll(async () => {
    database = (await open()).database;
    await loadReference(database, SMALL_CLASSES);
    await loadCounty(database, smallCounty(400), { now: SMALL_NOW });
    hot = new HotCounties(database, {
      bytes: 1e9,
      log: (fields, message) => errors.push([message, fields]),
      chunkRows: 90,
    });
    stop = hot.start();
  });
  afterAll(() => stop());

  const inSql = (): Promise<ColumnTable> =>
    database.transaction({ kind: "county", county: SMALL_COUNTY }, (tx) =>
      incidentColumnTable(tx, { county: SMALL_COUNTY, asOf: SMALL_NOW, now: SMALL_NOW }, { inside: SMALL_COUNTY }),
    );

  it("hold what the database holds, at its version", async () => {
    await hot.settled(SMALL_COUNTY, "0.0", 0);
    await hot.idle();
    const table = await inSql();
    const held = (await hot.settled(SMALL_COUNTY, table.version, 1000)) as HotCounty;
    expect(errors).toEqual([]);
    expect(held.dataVersion).toBe(table.version);
    expect(rowsOf(held.columns)).toEqual(rowsOf(incidentColumns(table)));
    expect(hot.at(SMALL_COUNTY, table.version)).toBe(held);
  });
});
