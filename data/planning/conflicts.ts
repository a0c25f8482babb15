import { fromLattice, type LonLat } from "../model/geometry.ts";
import { movedCorners, pushedOtherwise } from "./moved-together.ts";
import type { BaseCell, PlanChange } from "./plan.ts";
import { threeWay } from "./three-way.ts";

/** A stretch of border that two plans both change, ground that both give away, or a cell of which both say something. */
export interface PlanConflict {
  /** Cells whose border it is or whose corner (three and more), or the one whose ground, name, code or kind it is. */
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
  const { arrangement, words: faces } = threeWay(base, mine, theirs);
  const differs = pushedOtherwise(arrangement, faces);
  const corners = movedCorners(arrangement, faces, differs);
  const inCorner = (named: readonly string[]): boolean =>
    corners.some(({ cells }) => named.every((cell) => cells.includes(cell)));
  const found = new Map<string, PlanConflict>();
  const report = (cells: readonly (string | undefined)[], where: LonLat | null): void => {
    const named = [...new Set(cells.filter((cell) => cell !== undefined))].sort();
    const key = named.join();
    // A corner's borders are asked about with it.
    if (named.length === 2 && inCorner(named)) return;
    if (named.length > 0 && !found.has(key)) found.set(key, { cells: named, where });
  };
  const { from, points, faceOf } = arrangement;
  const place = (point: number): LonLat => [fromLattice(points.x(point)), fromLattice(points.y(point))];
  const at = (edge: number): LonLat => place(from[edge] as number);
  for (const { cells, point } of corners) report(cells, place(point));
  for (let edge = 0; edge < from.length; edge++) {
    const [leftFace, rightFace] = [faceOf[edge * 2] as number, faceOf[edge * 2 + 1] as number];
    const [left, right] = [faces[leftFace], faces[rightFace]];
    if (!left || !right) continue;
    for (const { was, my, their } of [left, right])
      if (was !== undefined && my !== was && their !== was && my !== their) report([was], at(edge));
    if (left.was === right.was) continue;
    const changedBy = (side: "my" | "their"): boolean => left[side] !== left.was || right[side] !== right.was;
    if (!changedBy("my") || !changedBy("their")) continue;
    if (left.my !== left.their || right.my !== right.their) report([left.was, right.was], at(edge));
    // Along the old border both say the same; whether they push it equally far shows behind it.
    else
      for (const [word, face] of [
        [left, leftFace],
        [right, rightFace],
      ] as const)
        if (differs(face)) report([word.was, word.my], at(edge));
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
