import type { LatticePoint } from "../lattice-polygons.ts";
import { takeCell } from "../new-cells.ts";
import { type Drawn, fitDrawn } from "../patch/fit-drawn.ts";
import { facesNear, patchGraph } from "../patch/patch.ts";
import { type CutGround, cutGround } from "../patch/pieces.ts";
import type { CellId, PlanCell, PlanGraph } from "../plan-graph.ts";
import { type ActionResult, refuse } from "../refusals.ts";

export interface CutCell {
  /** Lattice units; from border to border of what it shall cut. */
  readonly line: readonly LatticePoint[];
  /** Only these cells; all that the line cuts where it is left out. */
  readonly cells?: readonly CellId[];
}

/** Pieces smaller than this share of their cell come from a shaking hand along a border, and stay with the rest. */
const SLIP = 0.002;

/**
 * Cuts cells by a line, several at once where it runs through them: the largest piece of each keeps id, code and name, each
 * other one becomes a cell with the next unused code of its community.
 */
export function cutCell(graph: PlanGraph, { line, cells }: CutCell): ActionResult {
  const at = line[0] ?? [0, 0];
  if (line.length < 2) return refuse("too_few_corners", at);
  const only = cells && new Set(cells);
  const drawn: Drawn = fitDrawn(graph, { points: line, closed: false });
  const faces = [...facesNear(graph, [drawn], [])].filter((face) => {
    const cell = graph.faces.get(face)?.cell;
    return cell && (!only || only.has(cell));
  });
  if (faces.length === 0) return refuse("does_not_cut", at);
  const cut = cutGround(graph, new Set(faces), [drawn]);
  if ("ok" in cut) return cut;
  let taking = graph;
  const made: PlanCell[] = [];
  const givenTo = new Map<number, CellId>();
  for (const face of faces) {
    const cell = graph.cells.get(graph.faces.get(face)?.cell ?? "") as PlanCell;
    const [, ...others] = partsOf(cut, face);
    for (const part of others) {
      const taken = takeCell(taking, cell);
      if (taken === "full") return refuse("no_code_left", at);
      taking = taken.graph;
      made.push(taken.cell);
      for (const piece of part) givenTo.set(piece, taken.cell.id);
    }
  }
  if (made.length === 0) return refuse("does_not_cut", at);
  return patchGraph(taking, {
    faces,
    cut,
    receivers: made.map(({ id }) => id),
    give: (_, piece) => givenTo.get(piece),
    made,
    at,
  });
}

/** Pieces of a face, slips joined to the larger piece beside them; largest first. */
function partsOf({ pieces, edges }: CutGround, face: number): number[][] {
  const own = [...pieces.keys()].filter((piece) => pieces[piece]?.source === face);
  const sizes = new Map(own.map((piece) => [piece, pieces[piece]?.doubleArea ?? 0]));
  const whole = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const sizeOf = (piece: number): number => sizes.get(piece) ?? 0;
  const parts = new Map<number, number[]>();
  for (const piece of own) if (sizeOf(piece) >= SLIP * whole) parts.set(piece, [piece]);
  for (const piece of own) {
    if (parts.has(piece)) continue;
    const beside = edges.flatMap(({ left, right, arc }) =>
      arc ? [] : left === piece && parts.has(right) ? [right] : right === piece && parts.has(left) ? [left] : [],
    );
    const heir = beside.reduce<number | undefined>(
      (best, other) => (best === undefined || sizeOf(other) > sizeOf(best) ? other : best),
      undefined,
    );
    (parts.get(heir ?? -1) ?? parts.values().next().value ?? []).push(piece);
  }
  return [...parts].sort(([a], [b]) => sizeOf(b) - sizeOf(a)).map(([, part]) => part);
}
