import { fromLattice, type LonLat } from "../model/geometry.ts";
import type { BaseCell, PlanChange } from "./plan.ts";
import { threeWay } from "./three-way.ts";

/** A stretch of border that two plans both change, ground that both give away, or a cell of which both say something. */
export interface PlanConflict {
  /** Cells whose border it is, or the one whose ground, name, code or kind it is. */
  readonly cells: readonly string[];
  /** A point of the border or ground; null where only what is said of the cell differs. */
  readonly where: LonLat | null;
}

/** What a plan says of a cell beside its ground. */
const words = ({ code, kind, name, geometry }: PlanChange): string =>
  JSON.stringify([code, kind, name, geometry === null]);

/**
 * Where two plans on the same base cannot both be had without a question: borders that both change otherwise, ground that both
 * give away to different cells, and cells of which they say different things. Plans that change different borders, also of
 * the same cell, have none: they are merged by themselves (`mergeChanges`).
 */
export function planConflicts(
  base: readonly BaseCell[],
  mine: readonly PlanChange[],
  theirs: readonly PlanChange[],
): PlanConflict[] {
  if (mine.length === 0 || theirs.length === 0) return [];
  const found = new Map<string, PlanConflict>();
  const report = (cells: readonly (string | undefined)[], where: LonLat | null): void => {
    const named = [...new Set(cells.filter((cell) => cell !== undefined))].sort();
    const key = named.join();
    if (named.length > 0 && !found.has(key)) found.set(key, { cells: named, where });
  };
  const { arrangement, words: faces } = threeWay(base, mine, theirs);
  const { from, points, faceOf } = arrangement;
  const at = (edge: number): LonLat => {
    const point = from[edge] as number;
    return [fromLattice(points.x(point)), fromLattice(points.y(point))];
  };
  for (let edge = 0; edge < from.length; edge++) {
    const left = faces[faceOf[edge * 2] as number];
    const right = faces[faceOf[edge * 2 + 1] as number];
    if (!left || !right) continue;
    for (const { was, my, their } of [left, right])
      if (was !== undefined && my !== was && their !== was && my !== their) report([was], at(edge));
    if (left.was === right.was) continue;
    const changedBy = (side: "my" | "their"): boolean => left[side] !== left.was || right[side] !== right.was;
    const same = left.my === left.their && right.my === right.their;
    if (changedBy("my") && changedBy("their") && !same) report([left.was, right.was], at(edge));
  }
  const before = new Map(base.map((cell) => [cell.id, cell]));
  const other = new Map(theirs.map((change) => [change.cell, change]));
  for (const change of mine) {
    const same = other.get(change.cell);
    const was = before.get(change.cell);
    if (!same || !was || words(same) === words(change)) continue;
    const unchanged = JSON.stringify([was.code, was.kind, was.name, false]);
    const both = words(same) !== unchanged && words(change) !== unchanged;
    if (both || same.geometry === null || change.geometry === null) report([change.cell], null);
  }
  return [...found.values()];
}
