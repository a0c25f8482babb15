import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import type { Transaction } from "../driver.ts";

/**
 * Five-digit codes of the classes whose cases are sensitive in a county: those that the loaded table, the county's own
 * classes or the shipped table mark so. A code is sensitive if any of them says so.
 */
export async function sensitiveClasses(tx: Transaction, county: string): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ code: string }>(
    `SELECT c.code FROM class_code c WHERE c.sensitive
     UNION
     SELECT extra ->> 'code' FROM county_profile p, jsonb_array_elements(p.extra_classes) AS extra
     WHERE p.county = $1 AND extra ->> 'sensitive' = 'true'`,
    [county],
  );
  const shipped = CLASS_CODES.filter(({ sensitive }) => sensitive);
  return new Set([...shipped, ...rows].map(({ code }) => code));
}

/** Step of `coarsePoint`, degrees: about five kilometres. */
export const COARSE_DEGREES = 0.05;

const coarse = (degrees: number): number =>
  Math.round(Math.round(degrees / COARSE_DEGREES) * COARSE_DEGREES * 1e7) / 1e7;

/** Where a sensitive case is drawn in a county that has no areas yet, so that its place is not told. */
export const coarsePoint = ([lon, lat]: LonLat): LonLat => [coarse(lon), coarse(lat)];
