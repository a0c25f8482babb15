import { type AreaLevel, codePath, isInside, parentCode } from "../../data/model/codes.ts";
import type { AreaFeature } from "../data/county-data.ts";

/** Areas directly inside an area, in order of code. */
export function childAreas(areas: readonly AreaFeature[], code: string): AreaFeature[] {
  return areas.filter((area) => parentCode(area.code) === code).sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The areas to compare inside an area: those directly inside, and deeper while a level has only one of them. */
export function comparedAreas(areas: readonly AreaFeature[], code: string): AreaFeature[] {
  const children = childAreas(areas, code);
  const only = children.length === 1 ? children[0] : undefined;
  if (!only) return children;
  const deeper = comparedAreas(areas, only.code);
  return deeper.length > 0 ? deeper : children;
}

/** Grids that hold no micro-grid, and micro-grids, inside an area: where a unit is responsible. */
export function lowestAreas(areas: readonly AreaFeature[], code: string): AreaFeature[] {
  const split = new Set<string>();
  for (const area of areas) if (area.level === "micro") split.add(area.code.slice(0, 15));
  return areas.filter(
    (area) => (area.level === "micro" || (area.level === "grid" && !split.has(area.code))) && isInside(area.code, code),
  );
}

/** From the county down to the area itself; areas that the county does not hold are left out. */
export function areaPath(areas: readonly AreaFeature[], code: string): AreaFeature[] {
  const wanted = codePath(code);
  return wanted.flatMap((step) => areas.find((area) => area.code === step) ?? []);
}

/** Levels found directly inside an area: usually one. */
export function childLevels(areas: readonly AreaFeature[], code: string): AreaLevel[] {
  return [...new Set(childAreas(areas, code).map((area) => area.level))];
}
