import type { BlockGraph } from "../partition/block-graph.ts";
import { type BlockBorders, NOBODY } from "./block-borders.ts";
import { edgeLengths, scales } from "./edge-lengths.ts";

/** What is known of blocks beside their borders, one entry for each block. */
export interface BlockFacts {
  /** Whole numbers from 0. */
  readonly households: Int32Array;
  /** Number of the community that each lies in; grids never reach across. */
  readonly group?: Int32Array | undefined;
  /** Number of its grid today; −1 for none. */
  readonly current?: Int32Array | undefined;
  readonly pinned?: Uint8Array | undefined;
  readonly incidents?: Int32Array | undefined;
}

/** What runs along borders: for each edge, how much of it is a barrier and what its metres cost. */
export interface EdgeWeights {
  /** Metres of each edge along which a barrier runs. */
  readonly barrier: Float64Array;
  /** Metres of each edge, each weighted by what runs along it (1 where nothing does). */
  readonly cost: Float64Array;
}

/** A border of two blocks over a strip of nobody's ground. */
export interface BridgedBorder {
  readonly a: number;
  readonly b: number;
  /** Metres, as they are, weighted, and along a barrier. */
  readonly length: number;
  readonly cost: number;
  readonly barrier: number;
}

/** A common border is a barrier when a barrier runs along at least this share of it. */
const MOSTLY_BARRIER = 0.5;

/** Lengths are kept to the millimetre and areas to the square decimetre, so that no engine's last bit decides anything. */
const toMillimetre = (metres: number): number => Math.round(metres * 1000) / 1000;
const toSquareDecimetre = (area: number): number => Math.round(area * 100) / 100;

/**
 * The block graph of borders: who shares how many metres with whom, areas, outlines and a point in each block.
 *
 * @param weights what runs along the borders; nothing where absent
 * @param across borders over strips of nobody's ground (`bridgeGaps`)
 */
export function graphOfBorders(
  borders: BlockBorders,
  facts: BlockFacts,
  weights?: EdgeWeights,
  across: readonly BridgedBorder[] = [],
): BlockGraph {
  const { blocks: count, from, left, right } = borders;
  const lengths = edgeLengths(borders);
  const perimeter = new Float64Array(count);
  /** Pairs by low × count + high, in the order in which edges bring them. */
  const numberOf = new Map<number, number>();
  const [lows, highs, shared, cost, barrier]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  const add = (a: number, b: number, length: number, costs: number, blocked: number): void => {
    const [low, high] = a < b ? [a, b] : [b, a];
    let pair = numberOf.get(low * count + high);
    if (pair === undefined) {
      pair = lows.length;
      numberOf.set(low * count + high, pair);
      lows.push(low);
      highs.push(high);
      for (const sums of [shared, cost, barrier]) sums.push(0);
    }
    shared[pair] = (shared[pair] as number) + length;
    cost[pair] = (cost[pair] as number) + costs;
    barrier[pair] = (barrier[pair] as number) + blocked;
  };
  for (let edge = 0; edge < from.length; edge++) {
    const [a, b, length] = [left[edge] as number, right[edge] as number, lengths[edge] as number];
    if (a !== NOBODY) perimeter[a] = (perimeter[a] as number) + length;
    if (b !== NOBODY) perimeter[b] = (perimeter[b] as number) + length;
    if (a === NOBODY || b === NOBODY || a === b) continue;
    add(a, b, length, weights?.cost[edge] ?? length, weights?.barrier[edge] ?? 0);
  }
  for (const { a, b, length, cost: costs, barrier: blocked } of across) add(a, b, length, costs, blocked);
  const order = Array.from(lows, (_, pair) => pair).sort(
    (p, q) => (lows[p] as number) - (lows[q] as number) || (highs[p] as number) - (highs[q] as number),
  );
  const offsets = new Int32Array(count + 1);
  for (const ends of [lows, highs]) for (const v of ends) offsets[v + 1] = (offsets[v + 1] as number) + 1;
  for (let v = 0; v < count; v++) offsets[v + 1] = (offsets[v + 1] as number) + (offsets[v] as number);
  const neighbours = new Int32Array(offsets[count] as number);
  const sharedLength = new Float64Array(neighbours.length);
  const borderWeight = weights ? new Float64Array(neighbours.length) : undefined;
  const next = offsets.slice(0, count);
  for (const pair of order) {
    const length = shared[pair] as number;
    const isBarrier = (barrier[pair] as number) >= MOSTLY_BARRIER * length;
    const weight = isBarrier ? Infinity : Math.round(((cost[pair] as number) / length) * 1000) / 1000;
    for (const [a, b] of [
      [lows[pair] as number, highs[pair] as number],
      [highs[pair] as number, lows[pair] as number],
    ] as const) {
      const entry = next[a] as number;
      next[a] = entry + 1;
      neighbours[entry] = b;
      sharedLength[entry] = toMillimetre(length);
      if (borderWeight) borderWeight[entry] = weight;
    }
  }
  return {
    count,
    households: facts.households,
    ...groundOf(borders),
    perimeter: perimeter.map(toMillimetre),
    offsets,
    neighbours,
    sharedLength,
    borderWeight,
    group: facts.group,
    current: facts.current,
    pinned: facts.pinned,
    ...(facts.incidents ? { incidents: facts.incidents } : {}),
  };
}

/** Areas by the shoelace formula from each block's own corner, and centres of gravity in local metres. */
function groundOf({ blocks, xs, ys, from, to, left, right }: BlockBorders): {
  readonly area: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
} {
  const anchor = new Int32Array(blocks).fill(-1);
  const [area, cx, cy] = [new Float64Array(blocks), new Float64Array(blocks), new Float64Array(blocks)];
  const add = (block: number, p: number, q: number): void => {
    if (anchor[block] === -1) anchor[block] = p;
    const first = anchor[block] as number;
    const [ox, oy] = [xs[first] as number, ys[first] as number];
    const [px, py] = [(xs[p] as number) - ox, (ys[p] as number) - oy];
    const [qx, qy] = [(xs[q] as number) - ox, (ys[q] as number) - oy];
    const cross = px * qy - qx * py;
    area[block] = (area[block] as number) + cross;
    cx[block] = (cx[block] as number) + cross * (px + qx);
    cy[block] = (cy[block] as number) + cross * (py + qy);
  };
  for (let edge = 0; edge < from.length; edge++) {
    const [p, q] = [from[edge] as number, to[edge] as number];
    if ((left[edge] as number) !== NOBODY) add(left[edge] as number, p, q);
    if ((right[edge] as number) !== NOBODY) add(right[edge] as number, q, p);
  }
  const scaleAt = scales();
  const [ox, oy] = [xs[0] ?? 0, ys[0] ?? 0];
  const east = scaleAt(oy).lon;
  for (let block = 0; block < blocks; block++) {
    const first = anchor[block] as number;
    const double = area[block] as number;
    if (first === -1 || double === 0) continue;
    const [x, y] = [
      (xs[first] as number) + (cx[block] as number) / (3 * double),
      (ys[first] as number) + (cy[block] as number) / (3 * double),
    ];
    const scale = scaleAt(y);
    area[block] = toSquareDecimetre((double / 2) * scale.lon * scale.lat);
    cx[block] = toMillimetre((x - ox) * east);
    cy[block] = toMillimetre((y - oy) * scale.lat);
  }
  return { area, x: cx, y: cy };
}
