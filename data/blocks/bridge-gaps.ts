import { Delaunay } from "d3-delaunay";
import type { BlockBorder } from "../partition/block-graph.ts";
import { type BlockBorders, NOBODY } from "./block-borders.ts";
import { edgeLengths, scales } from "./edge-lengths.ts";

/** Outer borders are sampled at this share of the gap. */
const STEP_OF_GAP = 0.5;

/**
 * Blocks that face each other across a strip of nobody's ground, such as a street or a slip of the hand that is open to the
 * outside: outer borders are sampled, and a sample whose nearest other block lies within the gap counts its stretch as
 * border with it. The length is the mean of both sides.
 *
 * @param gapM widest strip, metres
 * @returns borders that the layer itself does not have
 */
export function bridgeGaps(borders: BlockBorders, gapM: number): BlockBorder[] {
  const { blocks, xs, ys, from, to, left, right } = borders;
  const lengths = edgeLengths(borders);
  const scaleAt = scales();
  const [ox, oy] = [xs[0] ?? 0, ys[0] ?? 0];
  const coordinates: number[] = [];
  const owners: number[] = [];
  const stretch: number[] = [];
  const touching = new Set<number>();
  for (let edge = 0; edge < from.length; edge++) {
    const [l, r] = [left[edge] as number, right[edge] as number];
    if (l !== NOBODY && r !== NOBODY) {
      touching.add(Math.min(l, r) * blocks + Math.max(l, r));
      continue;
    }
    const [a, b] = [from[edge] as number, to[edge] as number];
    const [ax, ay, bx, by] = [xs[a] as number, ys[a] as number, xs[b] as number, ys[b] as number];
    const scale = scaleAt(ay);
    const length = lengths[edge] as number;
    const pieces = Math.max(1, Math.ceil(length / (gapM * STEP_OF_GAP)));
    for (let n = 0; n < pieces; n++) {
      const share = (n + 0.5) / pieces;
      coordinates.push((ax + (bx - ax) * share - ox) * scale.lon, (ay + (by - ay) * share - oy) * scale.lat);
      owners.push(Math.max(l, r));
      stretch.push(length / pieces);
    }
  }
  if (owners.length < 3) return [];
  const net = new Delaunay(Float64Array.from(coordinates));
  const facing = new Map<number, number>();
  for (let sample = 0; sample < owners.length; sample++) {
    const own = owners[sample] as number;
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
    if (nearest < 0) continue;
    const key = Math.min(own, nearest) * blocks + Math.max(own, nearest);
    if (!touching.has(key)) facing.set(key, (facing.get(key) ?? 0) + (stretch[sample] as number) / 2);
  }
  // A corner that comes near is no border: at least a gap's width must face.
  return [...facing]
    .filter(([, length]) => length >= gapM)
    .map(([key, length]) => ({ a: Math.floor(key / blocks), b: key % blocks, length }));
}
