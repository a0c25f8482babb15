import { withheldHouseholds } from "../../data/policy/small-households.ts";
import type { Transaction } from "../driver.ts";
import { areaCounts, areaStaffCounts } from "../repositories/area-counts-repository.ts";
import { groupBy } from "../repositories/params.ts";
import { networkCounts, replaceRollups, upperAreas } from "../repositories/rollup-repository.ts";

/** Counts every county, town and community anew and publishes the result. @param at instant, ISO 8601 */
export async function refreshRollups(tx: Transaction, county: string, at: string): Promise<void> {
  const areas = await upperAreas(tx, county, at);
  const codes = areas.map(({ code }) => code);
  const counts = await areaCounts(tx, county, codes, at);
  const staff = await areaStaffCounts(tx, county, codes, at);
  const networks = groupBy(await networkCounts(tx, county, codes), ({ code }) => code);
  const withheld = withheldHouseholds(new Map([...counts].map(([code, { households }]) => [code, households])));
  const rollups = areas.flatMap(({ code, level }) => {
    const row = counts.get(code);
    if (!row) return [];
    const published = {
      ...row,
      households: withheld.has(code) ? null : row.households,
      staff: (staff.get(code) ?? []).map(({ kind, count }) => ({ kind, count })),
      networks: (networks.get(code) ?? []).map(({ network, count }) => ({ network, count })),
    };
    return { code, level, counts: published };
  });
  await replaceRollups(tx, county, at, rollups);
}
