import type { BlockGraph } from "./block-graph.ts";
import { targetOf } from "./pieces.ts";
import type { PartFigures, ProposalFigures, ProposeOptions } from "./proposal.ts";

const SQUARE_TO_CIRCLE = 4 * Math.PI;

/** Figures of each grid of a division, by number. */
export function figuresOfParts(
  graph: BlockGraph,
  part: Int32Array,
  load: Int32Array,
  options: ProposeOptions,
): PartFigures[] {
  const { count, households, area, perimeter, offsets, neighbours, sharedLength, current } = graph;
  const today = new Set<number>();
  if (current) for (let v = 0; v < count; v++) today.add(current[v] as number);
  const sums = new Map<
    number,
    { blocks: number; households: number; area: number; perimeter: number; load: number; oversize: boolean }
  >();
  for (let v = 0; v < count; v++) {
    const p = part[v] as number;
    let sum = sums.get(p);
    if (!sum) {
      sum = { blocks: 0, households: 0, area: 0, perimeter: 0, load: 0, oversize: false };
      sums.set(p, sum);
    }
    sum.blocks++;
    sum.households += households[v] as number;
    sum.area += area[v] as number;
    sum.load += load[v] as number;
    sum.perimeter += perimeter[v] as number;
    if ((households[v] as number) > options.max) sum.oversize = true;
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++)
      if (part[neighbours[entry] as number] === p) sum.perimeter -= sharedLength[entry] as number;
  }
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([p, sum]) => ({
      part: p,
      ...sum,
      compactness: sum.perimeter > 0 ? (SQUARE_TO_CIRCLE * sum.area) / (sum.perimeter * sum.perimeter) : 0,
      inRange: sum.households >= options.min && sum.households <= options.max,
      continues: p >= 0 && today.has(p),
    }));
}

/** Figures of the whole division. */
export function figuresOfPlan(
  graph: BlockGraph,
  part: Int32Array,
  parts: readonly PartFigures[],
  options: ProposeOptions,
  run: { readonly sweeps: number; readonly stopped: boolean },
): ProposalFigures {
  const { count, offsets, neighbours, sharedLength, borderWeight } = graph;
  const target = targetOf(options);
  let borderLength = 0;
  let onWeighted = 0;
  for (let v = 0; v < count; v++)
    for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
      const u = neighbours[entry] as number;
      if (u < v || part[u] === part[v]) continue;
      borderLength += sharedLength[entry] as number;
      if (borderWeight && (borderWeight[entry] as number) < 1) onWeighted += sharedLength[entry] as number;
    }
  const plain = parts.filter((figures) => !figures.oversize);
  const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    parts: parts.length,
    inRange: parts.filter((figures) => figures.inRange).length,
    avoidable: plain.filter((figures) => !figures.inRange).length,
    inPieces: partsInPieces(graph, part),
    borderLength,
    onWeighted,
    meanDeviation: mean(plain.map((figures) => Math.abs(figures.households - target) / target)),
    meanCompactness: mean(parts.map((figures) => figures.compactness)),
    ...change(graph, part, options),
    ...run,
  };
}

/** Grids of more than one piece, by shared borders. */
export function partsInPieces({ count, offsets, neighbours }: BlockGraph, part: Int32Array): number {
  const seen = new Uint8Array(count);
  const found = new Set<number>();
  const torn = new Set<number>();
  for (let start = 0; start < count; start++) {
    if (seen[start]) continue;
    const p = part[start] as number;
    if (found.has(p)) torn.add(p);
    found.add(p);
    const stack = [start];
    seen[start] = 1;
    for (let v = stack.pop(); v !== undefined; v = stack.pop())
      for (let entry = offsets[v] as number; entry < (offsets[v + 1] as number); entry++) {
        const u = neighbours[entry] as number;
        if (seen[u] || part[u] !== p) continue;
        seen[u] = 1;
        stack.push(u);
      }
  }
  return torn.size;
}

type Change = Pick<ProposalFigures, "householdsMoved" | "leastMoved" | "blocksMoved" | "goodBefore" | "untouched">;

function change(graph: BlockGraph, part: Int32Array, { min, max }: ProposeOptions): Change {
  const { count, households, current } = graph;
  if (!current) return { householdsMoved: 0, leastMoved: 0, blocksMoved: 0, goodBefore: 0, untouched: 0 };
  const before = new Map<number, { households: number; largest: number; touched: boolean }>();
  for (let v = 0; v < count; v++) {
    const grid = current[v] as number;
    if (grid < 0) continue;
    const sum = before.get(grid) ?? { households: 0, largest: 0, touched: false };
    sum.households += households[v] as number;
    sum.largest = Math.max(sum.largest, households[v] as number);
    before.set(grid, sum);
  }
  let householdsMoved = 0;
  let blocksMoved = 0;
  for (let v = 0; v < count; v++) {
    const grid = current[v] as number;
    if (part[v] === grid) continue;
    householdsMoved += households[v] as number;
    blocksMoved++;
    for (const touched of [grid, part[v] as number]) {
      const sum = before.get(touched);
      if (sum) sum.touched = true;
    }
  }
  // A grid above the range must give at least what is too much, one below must take what lacks or end.
  let over = 0;
  let under = 0;
  let goodBefore = 0;
  let untouched = 0;
  for (const { households: total, largest, touched } of before.values()) {
    if (largest > max) over += total - largest;
    else if (total > max) over += total - max;
    else if (total < min) under += Math.min(total, min - total);
    if (total < min || total > max) continue;
    goodBefore++;
    if (!touched) untouched++;
  }
  return { householdsMoved, leastMoved: Math.max(over, under), blocksMoved, goodBefore, untouched };
}
