import type { AreaFeature } from "../../../data/county-data.ts";
import { bandOf } from "./band.ts";

/** Grids of a community that a planner should look at. */
export interface GridsBeyond {
  readonly many: number;
  readonly few: number;
}

/** Digits of a community's code (data rule 3: division 6, street 3, community 3). */
const COMMUNITY_DIGITS = 12;

/**
 * Basic grids with more or fewer households than a grid should have, by community. In villages only those with more: a
 * hamlet is a grid of its own however small (domain.md 2.1).
 *
 * @returns communities with such grids only
 */
export function gridsBeyond(
  areas: readonly Pick<AreaFeature, "code" | "level" | "kind" | "households">[],
): ReadonlyMap<string, GridsBeyond> {
  const villages = new Set(areas.filter(({ kind }) => kind === "village").map(({ code }) => code));
  const beyond = new Map<string, GridsBeyond>();
  for (const { code, level, kind, households } of areas) {
    if (level !== "grid" || kind !== "basic" || households === null) continue;
    const community = code.slice(0, COMMUNITY_DIGITS);
    const band = bandOf(households);
    if (band === "right" || (band === "few" && villages.has(community))) continue;
    const { many, few } = beyond.get(community) ?? { many: 0, few: 0 };
    beyond.set(community, band === "many" ? { many: many + 1, few } : { many, few: few + 1 });
  }
  return beyond;
}
