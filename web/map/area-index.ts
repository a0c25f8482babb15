import { type AreaLevel, levelOfCode, parentCode } from "../../data/model/codes.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import type { AreaFeature } from "../data/county-data.ts";

/** Areas looked up by code; made once per set of areas. */
export interface AreaIndex {
  readonly areas: readonly AreaFeature[];
  readonly byCode: ReadonlyMap<string, AreaFeature>;
  /** Codes directly inside, sorted. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly bboxes: ReadonlyMap<string, Bbox>;
  /** Areas that responsibility is counted on: micro-grids, and grids that have none. */
  readonly lowest: readonly AreaFeature[];
}

function bboxOf(area: AreaFeature): Bbox {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const polygon of area.geometry.coordinates) {
    for (const [lon, lat] of polygon[0] ?? []) {
      if (lon < west) west = lon;
      if (lon > east) east = lon;
      if (lat < south) south = lat;
      if (lat > north) north = lat;
    }
  }
  return [west, south, east, north];
}

const indexes = new WeakMap<readonly AreaFeature[], AreaIndex>();

/** The index of a set of areas; the same array gives the same index. */
export function areaIndex(areas: readonly AreaFeature[]): AreaIndex {
  const known = indexes.get(areas);
  if (known) return known;
  const byCode = new Map(areas.map((area) => [area.code, area]));
  const children = new Map<string, string[]>();
  for (const { code } of areas) {
    const parent = parentCode(code);
    if (!parent) continue;
    const siblings = children.get(parent);
    if (siblings) siblings.push(code);
    else children.set(parent, [code]);
  }
  for (const codes of children.values()) codes.sort();
  const index: AreaIndex = {
    areas,
    byCode,
    children,
    bboxes: new Map(areas.map((area) => [area.code, bboxOf(area)])),
    lowest: areas.filter((area) => area.level === "micro" || (area.level === "grid" && !children.has(area.code))),
  };
  indexes.set(areas, index);
  return index;
}

/** Depth of a code in the tree: county 0 … micro-grid 4; the county when the code is empty or unknown. */
export const DEPTH: Readonly<Record<AreaLevel, number>> = { county: 0, town: 1, community: 2, grid: 3, micro: 4 };
export const depthOf = (code: string): number => DEPTH[levelOfCode(code) ?? "county"];

/** The first part of the map that is there to look at: the area, else its closest known ancestor. */
export function closestKnown(index: AreaIndex, code: string): AreaFeature | undefined {
  for (let at: string | undefined = code; at; at = parentCode(at)) {
    const area = index.byCode.get(at);
    if (area) return area;
  }
  return undefined;
}
