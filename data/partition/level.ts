import type { BlockGraph } from "./block-graph.ts";
import { isOpen, type Pieces } from "./pieces.ts";

/**
 * Free blocks as the search sees them: renumbered so that near ones stand near in memory, closed borders left out. Coarser
 * levels have several blocks in a place.
 */
export interface Level {
  readonly count: number;
  readonly offsets: Int32Array;
  readonly neighbours: Int32Array;
  /** What each border costs as a border between grids, in millionths of the energy's unit (both sides together). */
  readonly cost: Int32Array;
  readonly households: Int32Array;
  readonly load: Int32Array;
  /** Grid that a place belongs to today (a grid of the search), −1 for none. */
  readonly home: Int32Array;
  readonly part: Int32Array;
}

/** Energy is counted in whole millionths. */
export const ENERGY_UNIT = 1_000_000;

export interface BaseLevel extends Level {
  /** Block of each place. */
  readonly blockOf: Int32Array;
  readonly pieceOf: Int32Array;
}

/**
 * Lengths are measured by the piece they lie in: a border as long as the outline of a square grid of mean area costs 1.
 * Where areas are missing, places count as squares of their mean border.
 */
export function baseLevel(
  graph: BlockGraph,
  { pieceOf, pieces }: Pieces,
  order: Int32Array,
  load: Int32Array,
): BaseLevel {
  const { offsets, neighbours, sharedLength, borderWeight } = graph;
  const count = order.length;
  const placeOf = new Int32Array(graph.count).fill(-1);
  for (let i = 0; i < count; i++) placeOf[order[i] as number] = i;
  const own = new Int32Array(count + 1);
  const entries = new Int32Array(neighbours.length);
  let end = 0;
  for (let i = 0; i < count; i++) {
    const v = order[i] as number;
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const u = neighbours[entry] as number;
      if (pieceOf[u] === pieceOf[v] && isOpen(graph, v, entry)) entries[end++] = entry;
    }
    own[i + 1] = end;
  }
  const unitOf = Float64Array.from(pieces, (piece) => outlineOfGrid(graph, piece.blocks, piece.parts));
  const level: BaseLevel = {
    count,
    offsets: own,
    neighbours: new Int32Array(end),
    cost: new Int32Array(end),
    households: gather(graph.households, order),
    load: gather(load, order),
    home: new Int32Array(count).fill(-1),
    part: new Int32Array(count),
    blockOf: order,
    pieceOf: gather(pieceOf, order),
  };
  for (let i = 0; i < count; i++) {
    const unit = unitOf[level.pieceOf[i] as number] as number;
    for (let at = own[i] as number; at < (own[i + 1] as number); at++) {
      const entry = entries[at] as number;
      const length = (sharedLength[entry] as number) * (borderWeight ? (borderWeight[entry] as number) : 1);
      level.neighbours[at] = placeOf[neighbours[entry] as number] as number;
      level.cost[at] = Math.min(100 * ENERGY_UNIT, Math.round((2 * length * ENERGY_UNIT) / unit));
    }
  }
  return level;
}

function gather(values: Int32Array, order: Int32Array): Int32Array {
  const gathered = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) gathered[i] = values[order[i] as number] as number;
  return gathered;
}

function outlineOfGrid(graph: BlockGraph, blocks: Int32Array, parts: number): number {
  let area = 0;
  let length = 0;
  let borders = 0;
  for (const v of blocks) {
    area += graph.area[v] as number;
    for (let entry = graph.offsets[v] as number; entry < (graph.offsets[v + 1] as number); entry++) {
      length += graph.sharedLength[entry] as number;
      borders++;
    }
  }
  if (area > 0) return 4 * Math.sqrt(area / parts);
  return length > 0 ? 4 * Math.sqrt(blocks.length / parts) * (length / borders) : 1;
}
