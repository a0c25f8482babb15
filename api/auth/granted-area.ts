import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import type { Transaction } from "../../db/driver.ts";
import { countyFacts, grantedAreas } from "../../db/repositories/grant-repository.ts";

/** An area that a role was granted on. */
export interface GrantedPlace {
  /** Code today; the county's code for a whole county, 000000 for every county. */
  readonly code: string;
  readonly name: string;
}

/** Name of every county together. */
const EVERYWHERE = "全部区县";

/**
 * What granted areas are called now. Runs under scope `auth` or `accounts`.
 *
 * @param at instant, ISO 8601
 * @returns undefined for an area that is closed or a county that is gone: a grant on it gives nothing
 */
export async function placesOf(
  tx: Transaction,
  grants: readonly { readonly areaCounty: string; readonly areaId: string | null }[],
  at: string,
): Promise<(GrantedPlace | undefined)[]> {
  const counties = [...new Set(grants.map(({ areaCounty }) => areaCounty))].filter((code) => code !== ROOT_COUNTY);
  const known = new Map<string, GrantedPlace>([[ROOT_COUNTY, { code: ROOT_COUNTY, name: EVERYWHERE }]]);
  const inCounty = new Map<string, GrantedPlace>();
  for (const county of counties) {
    const ids = grants.flatMap(({ areaCounty, areaId }) => (areaCounty === county && areaId ? [areaId] : []));
    if (ids.length < grants.filter(({ areaCounty }) => areaCounty === county).length) {
      const facts = await countyFacts(tx, county);
      if (facts) known.set(county, { code: county, name: facts.name });
    }
    if (ids.length === 0) continue;
    for (const { areaId, code, name } of (await grantedAreas(tx, county, ids, at)).values())
      inCounty.set(areaId, { code, name });
  }
  return grants.map(({ areaCounty, areaId }) => (areaId === null ? known.get(areaCounty) : inCounty.get(areaId)));
}

/** As `placesOf`, for one grant. */
export const placeOf = async (
  tx: Transaction,
  grant: { readonly areaCounty: string; readonly areaId: string | null },
  at: string,
): Promise<GrantedPlace | undefined> => (await placesOf(tx, [grant], at))[0];
