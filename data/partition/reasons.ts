import type { BlockGraph } from "./block-graph.ts";
import type { MoveReason, MoveWhy, ProposeOptions } from "./proposal.ts";

/** Why each block moves that is not in its grid of today any more, in the order of blocks. */
export function reasonsOf(graph: BlockGraph, part: Int32Array, { min, max }: ProposeOptions): MoveReason[] {
  const { count, current, households, offsets, neighbours, sharedLength } = graph;
  if (!current) return [];
  const sums = (of: Int32Array): Map<number, number> => {
    const total = new Map<number, number>();
    for (let v = 0; v < count; v++)
      total.set(of[v] as number, (total.get(of[v] as number) ?? 0) + (households[v] as number));
    return total;
  };
  const before = sums(current);
  const after = sums(part);
  const isBad = (grid: number): boolean => {
    const total = before.get(grid);
    return grid >= 0 && total !== undefined && (total < min || total > max);
  };
  const causes = causesByExchange(current, part, isBad);
  const moves: MoveReason[] = [];
  for (let v = 0; v < count; v++) {
    const from = current[v] as number;
    const to = part[v] as number;
    if (from === to) continue;
    const fromBefore = from < 0 ? 0 : (before.get(from) ?? 0);
    const toBefore = before.get(to) ?? 0;
    let borderSaved = 0;
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const grid = part[neighbours[entry] as number];
      if (grid === to) borderSaved += sharedLength[entry] as number;
      else if (grid === from) borderSaved -= sharedLength[entry] as number;
    }
    const [why, cause] = whyOf(from, to);
    moves.push({
      block: v,
      from,
      to,
      households: households[v] as number,
      why,
      cause,
      fromBefore,
      fromAfter: after.get(from) ?? 0,
      toBefore,
      toAfter: after.get(to) as number,
      borderSaved,
    });
  }
  return moves;

  function whyOf(from: number, to: number): readonly [MoveWhy, number] {
    if (from < 0) return ["nowhere", -1];
    const total = before.get(from) ?? 0;
    if (total > max) return ["over", from];
    if (total < min && !after.has(from)) return ["ended", from];
    if (isBad(to) && (before.get(to) as number) < min) return ["under", to];
    const cause = causes.get(from) ?? causes.get(to);
    return cause === undefined ? ["shape", -1] : ["chain", cause];
  }
}

/** Grid of today out of range that is nearest to each grid by steps of exchange: grids between which blocks move. */
function causesByExchange(
  current: Int32Array,
  part: Int32Array,
  isBad: (grid: number) => boolean,
): Map<number, number> {
  const exchange = new Map<number, Set<number>>();
  const link = (a: number, b: number): void => {
    const known = exchange.get(a);
    if (known) known.add(b);
    else exchange.set(a, new Set([b]));
  };
  for (let v = 0; v < part.length; v++) {
    const from = current[v] as number;
    const to = part[v] as number;
    if (from < 0 || from === to) continue;
    link(from, to);
    link(to, from);
  }
  const causes = new Map<number, number>();
  const queue = [...exchange.keys()].filter(isBad).sort((a, b) => a - b);
  for (const grid of queue) causes.set(grid, grid);
  for (const grid of queue)
    for (const other of exchange.get(grid) ?? [])
      if (!causes.has(other)) {
        causes.set(other, causes.get(grid) as number);
        queue.push(other);
      }
  return causes;
}
