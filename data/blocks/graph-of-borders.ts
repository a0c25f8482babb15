import type { BlockGraph } from "../partition/block-graph.ts";
import { type BlockBorders, NOBODY } from "./block-borders.ts";
import { edgeLengths, scales } from "./edge-lengths.ts";
import { NumberPairs } from "./number-pairs.ts";

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
  /** Metres of each edge along what cannot be walked across. */
  readonly obstacle: Float64Array;
  /** 1: a street crosses the obstacle there. */
  readonly crossed: Uint8Array;
}

/** A border of two blocks over a strip of nobody's ground. */
export interface BridgedBorder {
  readonly a: number;
  readonly b: number;
  /** Metres, as they are, weighted, and along a barrier. */
  readonly length: number;
  readonly cost: number;
  readonly barrier: number;
  readonly obstacle: number;
  readonly crossed: boolean;
}

/** A common border is a barrier, or one that nobody walks across, when one runs along at least this share of it. */
const MOSTLY_BARRIER = 0.5;

/** Lengths are kept to the millimetre and areas to the square decimetre, so that no engine's last bit decides anything. */
const toMillimetre = (metres: number): number => Math.round(metres * 1000) / 1000;
const toSquareDecimetre = (area: number): number => Math.round(area * 100) / 100;

/**
 * The block graph of borders: who shares how many metres with whom, areas, outlines and a point in each block.
 *
 * Blocks on two sides of a river or railway that no street crosses between them are no neighbours: a grid is to be walked
 * through without leaving it.
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
  const pairs = new NumberPairs(count * 3);
  const most = from.length + across.length;
  const [shared, cost, barrier] = [new Float64Array(most), new Float64Array(most), new Float64Array(most)];
  const obstacle = new Float64Array(weights ? most : 0);
  const crossed = new Uint8Array(weights ? most : 0);
  for (let edge = 0; edge < from.length; edge++) {
    const a = left[edge] as number;
    const b = right[edge] as number;
    const length = lengths[edge] as number;
    if (a !== NOBODY) perimeter[a] = (perimeter[a] as number) + length;
    if (b !== NOBODY) perimeter[b] = (perimeter[b] as number) + length;
    if (a === NOBODY || b === NOBODY || a === b) continue;
    const pair = a < b ? pairs.add(a, b) : pairs.add(b, a);
    shared[pair] = (shared[pair] as number) + length;
    cost[pair] = (cost[pair] as number) + (weights ? (weights.cost[edge] as number) : length);
    if (!weights) continue;
    barrier[pair] = (barrier[pair] as number) + (weights.barrier[edge] as number);
    obstacle[pair] = (obstacle[pair] as number) + (weights.obstacle[edge] as number);
    if (weights.crossed[edge] === 1) crossed[pair] = 1;
  }
  for (const strip of across) {
    const pair = pairs.add(Math.min(strip.a, strip.b), Math.max(strip.a, strip.b));
    shared[pair] = (shared[pair] as number) + strip.length;
    cost[pair] = (cost[pair] as number) + strip.cost;
    barrier[pair] = (barrier[pair] as number) + strip.barrier;
    if (!weights) continue;
    obstacle[pair] = (obstacle[pair] as number) + strip.obstacle;
    if (strip.crossed) crossed[pair] = 1;
  }
  const order = byLowThenHigh(pairs, count);
  const offsets = new Int32Array(count + 1);
  for (let pair = 0; pair < pairs.count; pair++) {
    offsets[pairs.low(pair) + 1] = (offsets[pairs.low(pair) + 1] as number) + 1;
    offsets[pairs.high(pair) + 1] = (offsets[pairs.high(pair) + 1] as number) + 1;
  }
  for (let v = 0; v < count; v++) offsets[v + 1] = (offsets[v + 1] as number) + (offsets[v] as number);
  const neighbours = new Int32Array(offsets[count] as number);
  const sharedLength = new Float64Array(neighbours.length);
  const borderWeight = weights ? new Float64Array(neighbours.length) : undefined;
  const next = offsets.slice(0, count);
  for (let n = 0; n < order.length; n++) {
    const pair = order[n] as number;
    const length = shared[pair] as number;
    const isObstructed = (obstacle[pair] ?? 0) >= MOSTLY_BARRIER * length && crossed[pair] === 0;
    const isBarrier = isObstructed || (barrier[pair] as number) >= MOSTLY_BARRIER * length;
    const weight = isBarrier ? Infinity : Math.round(((cost[pair] as number) / length) * 1000) / 1000;
    const low = pairs.low(pair);
    const high = pairs.high(pair);
    const there = next[low] as number;
    next[low] = there + 1;
    const back = next[high] as number;
    next[high] = back + 1;
    neighbours[there] = high;
    neighbours[back] = low;
    sharedLength[there] = toMillimetre(length);
    sharedLength[back] = sharedLength[there] as number;
    if (!borderWeight) continue;
    borderWeight[there] = weight;
    borderWeight[back] = weight;
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

/** Numbers of pairs in the order of their lows, and of their highs where these are the same: by counting, highs first. */
function byLowThenHigh(pairs: NumberPairs, count: number): Int32Array {
  let order = new Int32Array(pairs.count);
  for (let pair = 0; pair < order.length; pair++) order[pair] = pair;
  for (const ends of [pairs.highs, pairs.lows]) {
    const next = new Int32Array(count + 1);
    for (let n = 0; n < order.length; n++)
      next[(ends[n] as number) + 1] = (next[(ends[n] as number) + 1] as number) + 1;
    for (let key = 0; key < count; key++) next[key + 1] = (next[key + 1] as number) + (next[key] as number);
    const sorted = new Int32Array(order.length);
    for (let n = 0; n < order.length; n++) {
      const pair = order[n] as number;
      const end = ends[pair] as number;
      sorted[next[end] as number] = pair;
      next[end] = (next[end] as number) + 1;
    }
    order = sorted;
  }
  return order;
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
    const px = (xs[p] as number) - (xs[first] as number);
    const py = (ys[p] as number) - (ys[first] as number);
    const qx = (xs[q] as number) - (xs[first] as number);
    const qy = (ys[q] as number) - (ys[first] as number);
    const cross = px * qy - qx * py;
    area[block] = (area[block] as number) + cross;
    cx[block] = (cx[block] as number) + cross * (px + qx);
    cy[block] = (cy[block] as number) + cross * (py + qy);
  };
  for (let edge = 0; edge < from.length; edge++) {
    const p = from[edge] as number;
    const q = to[edge] as number;
    const a = left[edge] as number;
    const b = right[edge] as number;
    if (a !== NOBODY) add(a, p, q);
    if (b !== NOBODY) add(b, q, p);
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
