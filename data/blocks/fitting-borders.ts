import type { BlockBorders } from "./block-borders.ts";
import { anyEdgesMeet } from "./edges-meet.ts";
import type { FlatRings } from "./flat-rings.ts";
import { NumberPairs } from "./number-pairs.ts";

/**
 * Borders of blocks that fit exactly already: each stretch between two corners is found once for either side by its ends,
 * and nothing needs noding. Undefined when they do not fit: two stretches meet elsewhere than at common corners, or a side
 * of one is claimed twice. What this cannot see, one block within another, shows in winding numbers (`anyInside`).
 */
export function fittingBorders(rings: FlatRings, blocks: number): BlockBorders | undefined {
  const { points, corners, starts, block, hole } = rings;
  const pairs = new NumberPairs(corners.length >> 1);
  /** Of each pair: the block left of low → high and the one right of it. */
  const lefts = new Int32Array(corners.length).fill(-1);
  const rights = new Int32Array(corners.length).fill(-1);
  const [xs, ys] = [points.xs.slice(), points.ys.slice()];
  for (let ring = 0; ring < block.length; ring++) {
    const [start, end] = [starts[ring] as number, starts[ring + 1] as number];
    const turn = turnOf(xs, ys, corners, start, end);
    if (turn === 0) return undefined;
    // Exteriors counter-clockwise, holes clockwise: the owner's ground lies on the left.
    const isBackward = turn > 0 === (hole[ring] === 1);
    const owner = block[ring] as number;
    let before = corners[end - 1] as number;
    for (let i = start; i < end; i++) {
      const here = corners[i] as number;
      const [a, b] = isBackward ? [here, before] : [before, here];
      const sides = a < b ? lefts : rights;
      const pair = a < b ? pairs.add(a, b) : pairs.add(b, a);
      if (sides[pair] !== -1) return undefined;
      sides[pair] = owner;
      before = here;
    }
  }
  const count = pairs.count;
  const [from, to] = [new Int32Array(count), new Int32Array(count)];
  const [left, right] = [new Int32Array(count), new Int32Array(count)];
  let edges = 0;
  for (let pair = 0; pair < count; pair++) {
    // Within one block's ground, as between two parts of it that touch, nothing is a border.
    if (lefts[pair] === rights[pair]) continue;
    from[edges] = pairs.low(pair);
    to[edges] = pairs.high(pair);
    left[edges] = lefts[pair] as number;
    right[edges++] = rights[pair] as number;
  }
  const borders: BlockBorders = {
    blocks,
    xs,
    ys,
    from: from.subarray(0, edges),
    to: to.subarray(0, edges),
    left: left.subarray(0, edges),
    right: right.subarray(0, edges),
  };
  return anyEdgesMeet(borders) ? undefined : borders;
}

/** Share of the sum of products below which doubles leave a doubt about its sign, for each corner. */
const DOUBT = 2 ** -51;

/** 1 counter-clockwise, -1 clockwise, 0 where doubles leave a doubt. */
function turnOf(xs: Int32Array, ys: Int32Array, corners: Int32Array, start: number, end: number): -1 | 0 | 1 {
  let [sum, size] = [0, 0];
  const first = corners[start] as number;
  const [ox, oy] = [xs[first] as number, ys[first] as number];
  for (let i = start + 1; i + 1 < end; i++) {
    const [p, q] = [corners[i] as number, corners[i + 1] as number];
    const one = ((xs[p] as number) - ox) * ((ys[q] as number) - oy);
    const two = ((xs[q] as number) - ox) * ((ys[p] as number) - oy);
    sum += one - two;
    size += Math.abs(one) + Math.abs(two);
  }
  return Math.abs(sum) <= size * (end - start) * DOUBT ? 0 : sum > 0 ? 1 : -1;
}
