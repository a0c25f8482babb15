import { Delaunay } from "d3-delaunay";
import { type BlockBorders, NOBODY } from "./block-borders.ts";
import { edgeLengths, scales } from "./edge-lengths.ts";
import type { BridgedBorder, EdgeWeights } from "./graph-of-borders.ts";

/** Outer borders are sampled at this share of the gap. */
const STEP_OF_GAP = 0.5;

/** Blocks that do not touch face each other over at least this share of the gap: a corner that comes near is no border. */
const LEAST_OF_GAP = 0.5;

/**
 * Blocks that face each other across a strip of nobody's ground, such as a street or a slip of the hand: outer borders are
 * sampled, and a sample whose nearest other block lies within the gap counts its stretch as border with it. The length is
 * the mean of both sides.
 *
 * @param gapM widest strip, metres
 * @param weights what runs along the borders, outer ones too
 * @returns borders beside those that blocks have by touching
 */
export function bridgeGaps(borders: BlockBorders, gapM: number, weights?: EdgeWeights): BridgedBorder[] {
  const { blocks, left, right } = borders;
  const touching = new Set<number>();
  left.forEach((l, edge) => {
    const r = right[edge] as number;
    if (l !== NOBODY && r !== NOBODY) touching.add(Math.min(l, r) * blocks + Math.max(l, r));
  });
  const { coordinates, owners, edges, stretch, lengths } = samplesOf(borders, gapM * STEP_OF_GAP);
  if (owners.length < 3) return [];
  const net = new Delaunay(Float64Array.from(coordinates));
  const facing = new Map<number, { length: number; cost: number; barrier: number }>();
  owners.forEach((own, sample) => {
    let nearest = -1;
    let least = gapM * gapM;
    for (const other of net.neighbors(sample)) {
      if (owners[other] === own) continue;
      const dx = (coordinates[other * 2] as number) - (coordinates[sample * 2] as number);
      const dy = (coordinates[other * 2 + 1] as number) - (coordinates[sample * 2 + 1] as number);
      const square = dx * dx + dy * dy;
      if (square > least) continue;
      least = square;
      nearest = owners[other] as number;
    }
    if (nearest < 0) return;
    const key = Math.min(own, nearest) * blocks + Math.max(own, nearest);
    const sums = facing.get(key) ?? { length: 0, cost: 0, barrier: 0 };
    facing.set(key, sums);
    const half = (stretch[sample] as number) / 2;
    const edge = edges[sample] as number;
    const share = half / (lengths[edge] as number);
    sums.length += half;
    sums.cost += weights ? share * (weights.cost[edge] as number) : half;
    sums.barrier += weights ? share * (weights.barrier[edge] as number) : 0;
  });
  return [...facing]
    .filter(([key, { length }]) => touching.has(key) || length >= gapM * LEAST_OF_GAP)
    .map(([key, sums]) => ({ a: Math.floor(key / blocks), b: key % blocks, ...sums }));
}

/** Places along outer borders, local metres, each with its block, its edge and the metres it stands for. */
function samplesOf({ xs, ys, from, to, left, right }: BlockBorders, stepM: number) {
  const lengths = edgeLengths({ xs, ys, from, to });
  const scaleAt = scales();
  const [ox, oy] = [xs[0] ?? 0, ys[0] ?? 0];
  const east = scaleAt(oy).lon;
  const [coordinates, owners, edges, stretch]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let edge = 0; edge < from.length; edge++) {
    const [l, r] = [left[edge] as number, right[edge] as number];
    if (l !== NOBODY && r !== NOBODY) continue;
    const [a, b] = [from[edge] as number, to[edge] as number];
    const [ax, ay, bx, by] = [xs[a] as number, ys[a] as number, xs[b] as number, ys[b] as number];
    const north = scaleAt(ay).lat;
    const length = lengths[edge] as number;
    const pieces = Math.max(1, Math.ceil(length / stepM));
    for (let n = 0; n < pieces; n++) {
      const share = (n + 0.5) / pieces;
      coordinates.push((ax + (bx - ax) * share - ox) * east, (ay + (by - ay) * share - oy) * north);
      owners.push(Math.max(l, r));
      edges.push(edge);
      stretch.push(length / pieces);
    }
  }
  return { coordinates, owners, edges, stretch, lengths };
}
