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
  const samples = samplesOf(borders, gapM * STEP_OF_GAP);
  const { coordinates, owners, edges, stretch, lengths } = samples;
  if (owners.length < 3) return [];
  const net = new Delaunay(Float64Array.from(coordinates));
  const facing = new Map<
    number,
    { length: number; cost: number; barrier: number; obstacle: number; crossed: boolean }
  >();
  owners.forEach((own, sample) => {
    let nearest = -1;
    let least = gapM * gapM;
    for (const other of net.neighbors(sample)) {
      if (owners[other] === own) continue;
      const square = acrossSquare(samples, sample, other);
      if (square > least) continue;
      least = square;
      nearest = owners[other] as number;
    }
    if (nearest < 0) return;
    const key = Math.min(own, nearest) * blocks + Math.max(own, nearest);
    const sums = facing.get(key) ?? { length: 0, cost: 0, barrier: 0, obstacle: 0, crossed: false };
    facing.set(key, sums);
    const half = (stretch[sample] as number) / 2;
    const edge = edges[sample] as number;
    const share = half / (lengths[edge] as number);
    sums.length += half;
    sums.cost += weights ? share * (weights.cost[edge] as number) : half;
    sums.barrier += weights ? share * (weights.barrier[edge] as number) : 0;
    sums.obstacle += weights ? share * (weights.obstacle[edge] as number) : 0;
    sums.crossed ||= weights?.crossed[edge] === 1;
  });
  return [...facing]
    .filter(([key, { length }]) => touching.has(key) || length >= gapM * LEAST_OF_GAP)
    .map(([key, sums]) => ({ a: Math.floor(key / blocks), b: key % blocks, ...sums }));
}

/** Edges face each other when they run alike within 40° and what is between them runs across within 30°. */
const ALIKE = 0.766;
const ACROSS = 0.5;

/**
 * Squared metres from a sample across to the edge of another one; Infinity where these do not face each other, as around a
 * corner or further along one line.
 */
function acrossSquare({ coordinates, ends }: Samples, sample: number, other: number): number {
  const [x, y] = [coordinates[sample * 2] as number, coordinates[sample * 2 + 1] as number];
  const [ax, ay, bx, by] = ends.slice(other * 4, other * 4 + 4) as [number, number, number, number];
  const [px, py, qx, qy] = ends.slice(sample * 4, sample * 4 + 4) as [number, number, number, number];
  const [ux, uy, vx, vy] = [bx - ax, by - ay, qx - px, qy - py];
  const [uu, vv] = [ux * ux + uy * uy, vx * vx + vy * vy];
  if (Math.abs(ux * vx + uy * vy) < ALIKE * Math.sqrt(uu * vv)) return Infinity;
  const share = Math.min(1, Math.max(0, ((x - ax) * ux + (y - ay) * uy) / uu));
  const [dx, dy] = [ax + share * ux - x, ay + share * uy - y];
  const square = dx * dx + dy * dy;
  return Math.abs(dx * vx + dy * vy) > ACROSS * Math.sqrt(square * vv) ? Infinity : square;
}

interface Samples {
  /** East and north in turn. */
  readonly coordinates: readonly number[];
  readonly owners: readonly number[];
  readonly edges: readonly number[];
  /** Ends of each sample's edge: four numbers each. */
  readonly ends: readonly number[];
  readonly stretch: readonly number[];
  /** Of each edge. */
  readonly lengths: Float64Array;
}

/** Places along outer borders, local metres, each with its block, its edge and the metres it stands for. */
function samplesOf({ xs, ys, from, to, left, right }: BlockBorders, stepM: number): Samples {
  const lengths = edgeLengths({ xs, ys, from, to });
  const scaleAt = scales();
  const [ox, oy] = [xs[0] ?? 0, ys[0] ?? 0];
  const east = scaleAt(oy).lon;
  const [coordinates, owners, edges]: [number[], number[], number[]] = [[], [], []];
  const [ends, stretch]: [number[], number[]] = [[], []];
  for (let edge = 0; edge < from.length; edge++) {
    const [l, r] = [left[edge] as number, right[edge] as number];
    if (l !== NOBODY && r !== NOBODY) continue;
    const [a, b] = [from[edge] as number, to[edge] as number];
    const north = scaleAt(ys[a] as number).lat;
    const [ax, ay] = [((xs[a] as number) - ox) * east, ((ys[a] as number) - oy) * north];
    const [bx, by] = [((xs[b] as number) - ox) * east, ((ys[b] as number) - oy) * north];
    const length = lengths[edge] as number;
    const pieces = Math.max(1, Math.ceil(length / stepM));
    for (let n = 0; n < pieces; n++) {
      const share = (n + 0.5) / pieces;
      coordinates.push(ax + (bx - ax) * share, ay + (by - ay) * share);
      ends.push(ax, ay, bx, by);
      owners.push(Math.max(l, r));
      edges.push(edge);
      stretch.push(length / pieces);
    }
  }
  return { coordinates, owners, edges, ends, stretch, lengths };
}
