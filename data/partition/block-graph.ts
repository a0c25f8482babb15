import { dataError } from "../model/errors.ts";

/**
 * Blocks (compounds, street blocks: whatever is never split) and the borders between them, in compressed sparse rows:
 * the neighbours of block v are `neighbours[offsets[v] … offsets[v + 1] − 1]`. Lengths are metres, areas square metres, and
 * every border stands in both rows with the same length. Corner contact is no border.
 */
export interface BlockGraph {
  readonly count: number;
  /** Households of each block, whole numbers from 0. */
  readonly households: Int32Array;
  readonly area: Float64Array;
  /** Whole outline of each block, borders with others and with the outside alike. */
  readonly perimeter: Float64Array;
  /** A point in each block, local metres, east and north: only the first division looks at it. */
  readonly x: Float64Array | undefined;
  readonly y: Float64Array | undefined;
  readonly offsets: Int32Array;
  readonly neighbours: Int32Array;
  readonly sharedLength: Float64Array;
  /** Of each entry of `neighbours`: what a metre of grid border costs there (1 where absent, an arterial road 0.4); Infinity is a barrier that no grid crosses. */
  readonly borderWeight: Float64Array | undefined;
  /** Community of each block: grids never reach across. */
  readonly group: Int32Array | undefined;
  /** Grid of each block today, −1 for none. */
  readonly current: Int32Array | undefined;
  /** 1: the block's grid of today stays exactly as it is. */
  readonly pinned: Uint8Array | undefined;
  /** Open cases of each block, for the objective `workload`. */
  readonly incidents?: Int32Array;
}

/** One border of two blocks, told once. */
export interface BlockBorder {
  readonly a: number;
  readonly b: number;
  readonly length: number;
  readonly weight?: number;
}

/** The rows of a list of borders; borders of the same two blocks are added up, the weight then is their mean by length. */
export function borderRows(
  count: number,
  borders: readonly BlockBorder[],
): Pick<BlockGraph, "offsets" | "neighbours" | "sharedLength" | "borderWeight"> {
  const merged = new Map<number, { a: number; b: number; length: number; cost: number }>();
  let weighted = false;
  for (const { a, b, length, weight = 1 } of borders) {
    if (a === b || !(a >= 0 && a < count) || !(b >= 0 && b < count))
      throw dataError(`A border between blocks ${a} and ${b}, of ${count}`, {
        at: "borders",
        hint: "Two different blocks share a border.",
      });
    weighted ||= weight !== 1;
    const [low, high] = a < b ? [a, b] : [b, a];
    const known = merged.get(low * count + high);
    if (known) {
      known.length += length;
      known.cost += length * weight;
    } else merged.set(low * count + high, { a: low, b: high, length, cost: length * weight });
  }
  const offsets = new Int32Array(count + 1);
  for (const { a, b } of merged.values()) {
    offsets[a + 1] = (offsets[a + 1] as number) + 1;
    offsets[b + 1] = (offsets[b + 1] as number) + 1;
  }
  for (let v = 0; v < count; v++) offsets[v + 1] = (offsets[v + 1] as number) + (offsets[v] as number);
  const entries = offsets[count] as number;
  const neighbours = new Int32Array(entries);
  const sharedLength = new Float64Array(entries);
  const borderWeight = weighted ? new Float64Array(entries) : undefined;
  const next = offsets.slice(0, count);
  const put = (from: number, to: number, length: number, weight: number): void => {
    const entry = next[from] as number;
    next[from] = entry + 1;
    neighbours[entry] = to;
    sharedLength[entry] = length;
    if (borderWeight) borderWeight[entry] = weight;
  };
  for (const { a, b, length, cost } of merged.values()) {
    put(a, b, length, cost / length);
    put(b, a, length, cost / length);
  }
  return { offsets, neighbours, sharedLength, borderWeight };
}
