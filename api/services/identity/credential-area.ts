import { countyOfCode, isInside, requireLevel } from "../../../data/model/codes.ts";
import { AppError, notFound } from "../../../data/model/errors.ts";
import { ROOT_COUNTY } from "../../../data/policy/roles.ts";
import type { Transaction } from "../../../db/driver.ts";
import { areaToGrant, countyFacts } from "../../../db/repositories/grant-repository.ts";
import { type GrantedPlace, placesOf } from "../../auth/granted-area.ts";
import type { Administrator } from "./administrator.ts";

/** An area by its code, as a credential keeps it. */
export interface CredentialArea {
  readonly county: string;
  readonly areaId: string | null;
  readonly place: GrantedPlace;
}

/** Refuses an area that does not lie in the administrator's own. @throws FORBIDDEN */
export function requireOwnArea(admin: Administrator, code: string, at: string): string {
  requireLevel(code, at);
  const county = countyOfCode(code);
  const own = admin.within(county);
  if (own !== undefined && isInside(code, own)) return county;
  throw new AppError("USER", `${code} lies outside the area that you administer`, {
    code: "FORBIDDEN",
    at,
    hint: own ? `Choose an area inside ${own}.` : "Ask an administrator of that area.",
  });
}

/** The area with a code today. Runs under scope `accounts` of its county. @throws NOT_FOUND when there is none */
export async function credentialArea(tx: Transaction, code: string, now: string, at: string): Promise<CredentialArea> {
  const county = countyOfCode(code);
  if (code === ROOT_COUNTY)
    return {
      county,
      areaId: null,
      place: (await placesOf(tx, [{ areaCounty: county, areaId: null }], now))[0] ?? { code, name: code },
    };
  if (code === county) {
    const facts = await countyFacts(tx, county);
    if (facts) return { county, areaId: null, place: { code, name: facts.name } };
  } else {
    const area = await areaToGrant(tx, county, code, now);
    if (area) return { county, areaId: area.areaId, place: { code: area.code, name: area.name } };
  }
  throw notFound(`there is no area ${code} on this server`, { at, hint: "Query.search finds areas by name or code." });
}

/** Rows with their areas as they are called now; what lies outside the administrator's own area is left out. */
export async function inOwnArea<Row extends { readonly county: string; readonly areaId: string | null }>(
  tx: Transaction,
  admin: Administrator,
  rows: readonly Row[],
  now: string,
): Promise<{ readonly row: Row; readonly place: GrantedPlace }[]> {
  const places = await placesOf(
    tx,
    rows.map(({ county, areaId }) => ({ areaCounty: county, areaId })),
    now,
  );
  return rows.flatMap((row, i) => {
    const own = admin.within(row.county);
    // Of an area that is closed only the county's administrator still sees the rest.
    const place = places[i] ?? { code: row.county, name: "已撤销区域" };
    return own !== undefined && isInside(place.code, own) ? [{ row, place }] : [];
  });
}

/** A county that the administrator's grant reaches, to list what is in it. @throws FORBIDDEN */
export function requireOwnCounty(admin: Administrator, county: string, at = "county"): string {
  if (requireLevel(county, at) === "county" && admin.within(county) !== undefined) return county;
  throw new AppError("USER", `${county} is not a county that you administer`, { code: "FORBIDDEN", at });
}
