import type { BlockGraph } from "./block-graph.ts";
import type { ProposeOptions } from "./proposal.ts";

/** Why a block takes no part in dividing. */
export const FREE = 0;
export const OVERSIZE = 1;
export const PINNED = 2;

/** Below so many blocks to a grid a division is a puzzle of lumps: single moves get stuck. */
export const LUMPS_PER_GRID = 6;

/** Connected ground that can be divided without looking at the rest. */
export interface Piece {
  readonly blocks: Int32Array;
  readonly households: number;
  /** Fewest and most grids that its households allow; `most < fewest` where no number does. */
  readonly fewest: number;
  readonly most: number;
  /** Grids to make, near the target. */
  readonly parts: number;
}

export interface Pieces {
  /** FREE, OVERSIZE or PINNED, per block. */
  readonly fixed: Uint8Array;
  /** Piece of each free block, −1 of others. */
  readonly pieceOf: Int32Array;
  readonly pieces: readonly Piece[];
}

export const targetOf = ({ min, max, target }: ProposeOptions): number => target ?? (min + max) / 2;

/** True if grids may reach over this border: one community on both sides, and no barrier. */
export function isOpen(graph: BlockGraph, from: number, entry: number): boolean {
  if (graph.borderWeight?.[entry] === Number.POSITIVE_INFINITY) return false;
  return !graph.group || graph.group[from] === graph.group[graph.neighbours[entry] as number];
}

/**
 * Takes out what stands alone (blocks above `max`) or stays (every block of a grid that has a pinned one), and cuts the
 * rest into connected pieces.
 */
export function piecesOf(graph: BlockGraph, options: ProposeOptions): Pieces {
  const { count, households, offsets, neighbours } = graph;
  const fixed = fixedBlocks(graph, options.max);
  const pieceOf = new Int32Array(count).fill(-1);
  const pieces: Piece[] = [];
  const queue = new Int32Array(count);
  for (let start = 0; start < count; start++) {
    if (fixed[start] !== FREE || pieceOf[start] !== -1) continue;
    let end = 0;
    let total = 0;
    queue[end++] = start;
    pieceOf[start] = pieces.length;
    for (let head = 0; head < end; head++) {
      const v = queue[head] as number;
      total += households[v] as number;
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
        const u = neighbours[entry] as number;
        if (pieceOf[u] !== -1 || fixed[u] !== FREE || !isOpen(graph, v, entry)) continue;
        pieceOf[u] = pieces.length;
        queue[end++] = u;
      }
    }
    pieces.push({ blocks: queue.slice(0, end), households: total, ...partsFor(total, end, options) });
  }
  return { fixed, pieceOf, pieces };
}

/** How many grids `total` households in so many blocks can have: the arithmetic behind "no number of grids fits". */
export function partsFor(
  total: number,
  blocks: number,
  options: ProposeOptions,
): Pick<Piece, "fewest" | "most" | "parts"> {
  const { min, max } = options;
  const fewest = Math.max(1, Math.ceil(total / max));
  const most = min === 0 ? blocks : Math.floor(total / min);
  const wanted = Math.max(1, Math.round(total / targetOf(options)));
  return { fewest, most, parts: Math.max(fewest, Math.min(wanted, Math.max(1, most))) };
}

function fixedBlocks({ count, households, pinned, current }: BlockGraph, max: number): Uint8Array {
  const fixed = new Uint8Array(count);
  const kept = new Set<number>();
  if (pinned && current) for (let v = 0; v < count; v++) if (pinned[v]) kept.add(current[v] as number);
  for (let v = 0; v < count; v++) {
    if (current && kept.has(current[v] as number)) fixed[v] = PINNED;
    else if ((households[v] as number) > max) fixed[v] = OVERSIZE;
  }
  return fixed;
}
