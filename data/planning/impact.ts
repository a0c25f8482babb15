import { LocateIndex } from "../geo/locate-index.ts";
import { areaM2 } from "../geo/measure.ts";
import type { LonLat } from "../model/geometry.ts";
import { afterPlan, touchedCells } from "./after-plan.ts";
import { groundPieces } from "./moved-ground.ts";
import type { BaseCell, PlanChange } from "./plan.ts";

/** Things with a place whose area a plan may change. */
export interface ImpactThings {
  readonly buildings: readonly { readonly point: LonLat; readonly households: number; readonly exact: boolean }[];
  readonly openIncidents: readonly LonLat[];
  readonly cameras: readonly LonLat[];
  readonly boards: readonly LonLat[];
}

export interface ImpactCounts {
  readonly buildings: number;
  readonly households: number;
  /** Whether every building was counted. */
  readonly householdsExact: boolean;
  readonly openIncidents: number;
  readonly cameras: number;
  readonly boards: number;
}

/** What goes from one area to a cell. */
export interface PlanMove extends ImpactCounts {
  readonly fromArea: string;
  readonly fromCode: string;
  readonly cell: string;
  readonly toCode: string;
  readonly areaM2: number;
}

/** A changed cell before and after; null on the side on which there is none. */
export interface CellImpact {
  readonly cell: string;
  readonly code: string;
  readonly areaM2Before: number | null;
  readonly areaM2After: number | null;
  readonly before: ImpactCounts | null;
  readonly after: ImpactCounts | null;
}

export interface PlanImpact {
  readonly total: ImpactCounts;
  readonly moves: readonly PlanMove[];
  readonly cells: readonly CellImpact[];
  /** Boards in areas whose border, name or code changes, or that hang in another area afterwards. */
  readonly boardsToReprint: number;
}

type Mutable = { -readonly [Key in keyof ImpactCounts]: ImpactCounts[Key] };
const noneOf = (known: boolean) => (): Mutable => ({
  buildings: 0,
  households: 0,
  // Where no building is known nothing was counted: none of the figures is exact.
  householdsExact: known,
  openIncidents: 0,
  cameras: 0,
  boards: 0,
});

/** The owner of a point: the lowest code on a border (DESIGN section 4, rule 4). */
function locator(
  cells: readonly { readonly cell: string; readonly code: string; readonly geometry: BaseCell["geometry"] }[],
) {
  const index = new LocateIndex(cells);
  const cellOf = new Map(cells.map(({ cell, code }) => [code, cell]));
  return ([lon, lat]: LonLat): string | undefined => {
    const { owner } = index.locate(lon, lat);
    return owner < 0 ? undefined : cellOf.get(index.codes[owner] as string);
  };
}

/**
 * What a plan changes for people and things. What moves is told by where each thing lies before and after, by the rule of
 * `locate`: the moved set is the difference, and nothing else.
 */
export function planImpact(
  base: readonly BaseCell[],
  changes: readonly PlanChange[],
  things: ImpactThings,
): PlanImpact {
  const none = noneOf(things.buildings.length > 0);
  const old = touchedCells(base, changes);
  const after = afterPlan(base, changes);
  const before = locator(base.map(({ id, code, geometry }) => ({ cell: id, code, geometry })));
  const now = locator(after);
  const codeBefore = new Map(base.map(({ id, code }) => [id, code]));
  const codeAfter = new Map(after.map(({ cell, code }) => [cell, code]));
  const touched = new Set(changes.map(({ cell }) => cell));
  const sides = { before: new Map<string, Mutable>(), after: new Map<string, Mutable>() };
  const moves = new Map<string, { from: string; to: string; counts: Mutable }>();
  const total = none();
  let boardsToReprint = 0;
  const countsAt = (map: Map<string, Mutable>, key: string): Mutable => {
    const known = map.get(key) ?? none();
    map.set(key, known);
    return known;
  };
  const place = (point: LonLat, add: (counts: Mutable) => void): boolean => {
    const [from, to] = [before(point), now(point)];
    if (from !== undefined && touched.has(from)) add(countsAt(sides.before, from));
    if (to !== undefined && touched.has(to)) add(countsAt(sides.after, to));
    if (from === undefined || to === undefined || from === to) return false;
    const key = `${from} ${to}`;
    const move = moves.get(key) ?? { from, to, counts: none() };
    moves.set(key, move);
    add(move.counts);
    add(total);
    return true;
  };
  for (const { point, households, exact } of things.buildings)
    place(point, (counts) => {
      counts.buildings += 1;
      counts.households += households;
      counts.householdsExact &&= exact;
    });
  for (const point of things.openIncidents)
    place(point, (counts) => {
      counts.openIncidents += 1;
    });
  for (const point of things.cameras)
    place(point, (counts) => {
      counts.cameras += 1;
    });
  for (const point of things.boards) {
    const moved = place(point, (counts) => {
      counts.boards += 1;
    });
    const from = before(point);
    if (moved || (from !== undefined && touched.has(from))) boardsToReprint += 1;
  }
  const grounds = new Map<string, number>();
  for (const { from, to, areaM2: m2 } of groundPieces(old, changes))
    if (from !== null && to !== null && from !== to)
      grounds.set(`${from} ${to}`, (grounds.get(`${from} ${to}`) ?? 0) + m2);
  for (const key of grounds.keys()) {
    const [from = "", to = ""] = key.split(" ");
    if (!moves.has(key)) moves.set(key, { from, to, counts: none() });
  }
  const shapes = new Map(old.map(({ id, geometry }) => [id, geometry]));
  return {
    total,
    boardsToReprint,
    moves: [...moves]
      .map(([key, { from, to, counts }]) => ({
        ...counts,
        fromArea: from,
        fromCode: codeBefore.get(from) ?? "",
        cell: to,
        toCode: codeAfter.get(to) ?? "",
        areaM2: grounds.get(key) ?? 0,
      }))
      .sort((a, b) => (a.fromCode + a.toCode < b.fromCode + b.toCode ? -1 : 1)),
    cells: changes.map(({ cell, code, geometry }) => {
      const was = shapes.get(cell);
      return {
        cell,
        code,
        areaM2Before: was ? areaM2(was) : null,
        areaM2After: geometry ? areaM2(geometry) : null,
        before: was ? (sides.before.get(cell) ?? none()) : null,
        after: geometry ? (sides.after.get(cell) ?? none()) : null,
      };
    }),
  };
}
