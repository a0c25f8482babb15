import { LoadedCounty } from "../../api/hot/loaded-county.ts";
import type { HotColumns } from "../../api/hot/types.ts";
import { HOLE, incidentColumns } from "../../data/columns/incident-columns.ts";
import { type IncidentRow, IncidentStore } from "../../data/columns/store.ts";
import type { Database } from "../../db/driver.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";

/**
 * A county's cases in memory, read by SQL: those opened from an instant on. Every seventh is put into the tail, every
 * eleventh slot was once another case, so that whoever counts meets rows out of order and holes.
 *
 * @param from epoch seconds; -Infinity = all
 */
export async function memoryOf(database: Database, county: string, asOf: string, from: number): Promise<HotColumns> {
  const { table, versions } = await database.transaction({ kind: "county", county }, async (tx) => {
    const [versions] = await tx.rows<{ contentVersion: string; liveVersion: string }>(
      `SELECT p.content_version::text AS "contentVersion", p.live_version::text AS "liveVersion"
       FROM county_profile p WHERE p.county = $1`,
      [county],
    );
    if (!versions) throw new Error(`county ${county} is not loaded`);
    const reading = { county, asOf, now: asOf };
    return { table: await incidentColumnTable(tx, reading, { inside: county }), versions };
  });
  const version = table.version;
  const cases = incidentColumns(table);
  const { classes, grids } = cases;
  const store = new IncidentStore({ county, version, asOf: cases.asOf, classes, grids });
  const rows = Array.from({ length: cases.rows }, (_, i) => i).filter((i) => (cases.opened[i] as number) >= from);
  for (const i of rows.filter((_, n) => n % 7 !== 0)) store.upsertFrom(cases, i);
  for (const i of rows.filter((_, n) => n % 11 === 0)) store.remove(cases.ref[i] as number);
  for (const i of rows.filter((_, n) => n % 7 === 0 || n % 11 === 0)) store.upsertFrom(cases, i);
  if (rows.length > 50 && (store.sorted === store.rows || !store.state.subarray(0, store.rows).includes(HOLE)))
    throw new Error("the memory of this test has no tail or no hole");
  const held = new LoadedCounty(store, versions.contentVersion, Number(versions.liveVersion), 0, from);
  // Of instants a few cases apart, so that heats come from counts made ahead as far as these go.
  for (const _ of held.countAhead(64_000_000, 5));
  return {
    at: (asked, at) => (asked === county && at === version ? held : undefined),
    settled: (asked) => Promise.resolve(asked === county ? held : undefined),
  };
}

/** Takes a next version in, with cases as they are now and numbers of those that are gone. @returns whether it could */
export const applyChanges = (county: LoadedCounty, rows: Iterable<IncidentRow>, gone: Iterable<number> = []): boolean =>
  county.apply({
    contentVersion: county.contentVersion,
    liveVersion: county.liveVersion + 1,
    versions: 1,
    bulk: false,
    moved: false,
    seq: 0,
    rows: [...rows],
    gone: [...gone],
  });
