import type { AreaRecord } from "../../model/area.ts";
import { parentCode } from "../../model/codes.ts";
import { bugError } from "../../model/errors.ts";

/** Areas of a county by code, with what the population asks of them. All lists are in the order of codes. */
export interface AreaTree {
  readonly county: AreaRecord;
  readonly towns: readonly AreaRecord[];
  /** Communities and villages. */
  readonly places: readonly AreaRecord[];
  readonly grids: readonly AreaRecord[];
  /** Micro-grids, and grids that have none: what a responsible unit answers for. */
  readonly lowest: readonly AreaRecord[];
  /** Areas without children: they tile the county. */
  readonly leaves: readonly AreaRecord[];
  get(code: string): AreaRecord;
  /** The ancestor (or the area itself) at a length of code: 9 town, 12 community, 15 grid; undefined above it. */
  at(code: string, length: 9 | 12 | 15): AreaRecord | undefined;
  childrenOf(code: string): readonly AreaRecord[];
}

export function buildAreaTree(areas: readonly AreaRecord[]): AreaTree {
  const sorted = [...areas].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const byCode = new Map(sorted.map((area) => [area.code, area]));
  const children = new Map<string, AreaRecord[]>();
  for (const area of sorted) {
    const parent = parentCode(area.code);
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(area);
    else children.set(parent, [area]);
  }
  const get = (code: string): AreaRecord => {
    const area = byCode.get(code);
    if (!area) throw bugError(`the geography has no area ${code}`);
    return area;
  };
  const ofLevel = (level: AreaRecord["level"]): AreaRecord[] => sorted.filter((area) => area.level === level);
  const county = ofLevel("county")[0];
  if (!county) throw bugError("the geography has no county");
  const leaves = sorted.filter((area) => !children.has(area.code));
  return {
    county,
    towns: ofLevel("town"),
    places: ofLevel("community"),
    grids: ofLevel("grid"),
    lowest: leaves.filter((area) => area.level === "grid" || area.level === "micro"),
    leaves,
    get,
    at: (code, length) => (code.length < length ? undefined : byCode.get(code.slice(0, length))),
    childrenOf: (code) => children.get(code) ?? [],
  };
}
