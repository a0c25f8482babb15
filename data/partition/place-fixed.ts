import type { BlockGraph } from "./block-graph.ts";
import { isOpen, OVERSIZE, PINNED, type Pieces } from "./pieces.ts";

/**
 * Completes a division: every block above the range is a grid of its own, pinned grids are as they were, and a piece with
 * fewer than `min` households joins a neighbouring block that stands alone, where it has one.
 */
export function placeFixed(
  graph: BlockGraph,
  { fixed, pieces }: Pieces,
  part: Int32Array,
  min: number,
  firstFree: number,
): void {
  const { count, current, offsets, neighbours } = graph;
  let next = firstFree;
  const pinned = new Map<number, number>();
  for (let v = 0; v < count; v++) {
    if (fixed[v] === OVERSIZE) part[v] = next++;
    else if (fixed[v] === PINNED) {
      const grid = (current as Int32Array)[v] as number;
      const known = pinned.get(grid);
      if (known === undefined) pinned.set(grid, next);
      part[v] = known ?? next++;
    }
  }
  for (const piece of pieces) {
    if (piece.households >= min) continue;
    const host = hostOf(piece.blocks);
    if (host >= 0) for (const v of piece.blocks) part[v] = part[host] as number;
  }

  /** The neighbouring oversize block that shares most border with the enclave, −1 for none. */
  function hostOf(blocks: Int32Array): number {
    const shared = new Map<number, number>();
    for (const v of blocks)
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
        const u = neighbours[entry] as number;
        if (fixed[u] === OVERSIZE && isOpen(graph, v, entry))
          shared.set(u, (shared.get(u) ?? 0) + (graph.sharedLength[entry] as number));
      }
    let best = -1;
    let most = -1;
    for (const [u, length] of shared) if (length > most) [best, most] = [u, length];
    return best;
  }
}
