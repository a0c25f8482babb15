import { levelOfCode } from "../../model/codes.ts";
import { Keyed } from "./keyed.ts";
import type { PlanCell, PlanGraph } from "./plan-graph.ts";

/** Highest serial in each community: the last three characters of a grid's code where they are digits. */
export function serialsOf(cells: Iterable<Pick<PlanCell, "code">>, usedCodes: Iterable<string>): Keyed<number> {
  const highest = new Map<string, number>();
  const note = (code: string | null): void => {
    if (code === null || levelOfCode(code) !== "grid") return;
    const [parent, serial] = [code.slice(0, 12), code.slice(12)];
    if (/^\d{3}$/.test(serial)) highest.set(parent, Math.max(highest.get(parent) ?? 0, Number(serial)));
  };
  for (const { code } of cells) note(code);
  for (const code of usedCodes) note(code);
  return Keyed.of(highest);
}

/**
 * The next unused code of a community (serial of three digits: DB11, GB/T 47678.3), and the serials with it taken. Null where codes
 * of grids do not apply; `full` when the community has used up 999 serials.
 */
export function nextCode(
  serials: PlanGraph["serials"],
  parent: string | null,
): { readonly code: string | null; readonly serials: PlanGraph["serials"] } | "full" {
  if (parent === null || levelOfCode(parent) !== "community") return { code: null, serials };
  const serial = (serials.get(parent) ?? 0) + 1;
  if (serial > 999) return "full";
  return { code: `${parent}${String(serial).padStart(3, "0")}`, serials: serials.with([[parent, serial]]) };
}
