import { create } from "zustand";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { fromLattice, type LonLat } from "../../../../data/model/geometry.ts";
import { placeOfCell } from "./place-of-cell.ts";

/** A comment on the map. */
export interface Pin {
  /** Global id of the comment. */
  readonly id: string;
  /** Its number in the list. */
  readonly number: number;
  readonly at: LonLat;
  readonly open: boolean;
}

/** Where the next comment is pinned: a place, with the cell or the two cells of the border there. */
export interface NextPin {
  readonly at: LonLat;
  readonly cells: readonly string[];
}

interface Pins {
  readonly pins: readonly Pin[];
  readonly next: NextPin | undefined;
  /** Comment that was chosen on the map. */
  readonly focused: string | undefined;
}

export const usePins = create<Pins>(() => ({ pins: [], next: undefined, focused: undefined }));

/** Where something that is pinned to cells lies: the middle of their longest common border, or a point in the cell. */
export function placeOfAnchor(graph: PlanGraph, cells: readonly string[]): LonLat | undefined {
  const [a, b] = cells;
  if (a === undefined) return undefined;
  if (b === undefined) return placeOfCell(graph, a);
  let longest: Int32Array | undefined;
  for (const arc of graph.arcs) {
    if (!arc) continue;
    const sides = [graph.faces.get(arc.left)?.cell, graph.faces.get(arc.right)?.cell];
    if (sides.includes(a) && sides.includes(b) && arc.line.length > (longest?.length ?? 0)) longest = arc.line;
  }
  if (!longest) return placeOfCell(graph, a);
  const middle = Math.floor(longest.length / 4) * 2;
  return [fromLattice(longest[middle] as number), fromLattice(longest[middle + 1] as number)];
}
