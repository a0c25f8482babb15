import { parentCode } from "../model/codes.ts";
import type { Role } from "./roles.ts";

/** Counts about people below this are not shown to those without access to the records (domain.md section 5: 1–4 read "<5"). */
export const SMALL = 5;

/** Whether a role is told that one household lives in a building. */
export const readsSmallHomes = (role: Role): boolean => role === "planner" || role === "admin";

/**
 * Households of one building as a role is told them. A building of one household is somebody's home: its count says who lives
 * alone in it to nobody but those who draw boundaries and administer.
 *
 * @returns null where the role is not told
 */
export const householdsOfBuilding = (households: number, role: Role): number | null =>
  households === 1 && !readsSmallHomes(role) ? null : households;

const isSmall = (count: number): boolean => count > 0 && count < SMALL;

/** Whether a count of households is one of a handful. */
export const isSmallCount = isSmall;

/**
 * Which areas' household counts may be published. A count of 1 to 4 is withheld, and so is every count from which such a
 * one could be had by subtraction: that of the area around it, and that of an area whose part outside its smaller areas
 * would be one.
 *
 * @param households count of each area of county, town and community level, by code
 * @returns codes whose counts are withheld
 */
export function withheldHouseholds(households: ReadonlyMap<string, number>): Set<string> {
  const inside = new Map<string, number>();
  const parents = new Set<string>();
  for (const [code, count] of households) {
    const parent = parentCode(code);
    if (!parent) continue;
    parents.add(parent);
    inside.set(parent, (inside.get(parent) ?? 0) + count);
  }
  const withheld = new Set<string>();
  // Deepest first: what is withheld below decides above.
  for (const code of [...households.keys()].sort((a, b) => b.length - a.length)) {
    const count = households.get(code) ?? 0;
    const rest = parents.has(code) ? count - (inside.get(code) ?? 0) : 0;
    if (!isSmall(count) && !isSmall(rest) && !withheld.has(code)) continue;
    withheld.add(code);
    const parent = parentCode(code);
    if (parent) withheld.add(parent);
  }
  return withheld;
}
