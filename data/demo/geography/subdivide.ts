import type { Prng } from "../prng.ts";
import { type BaseMesh, type Cell, isSimple } from "./base-mesh.ts";
import type { Metres } from "./local-plane.ts";
import type { EdgeTag } from "./mesh.ts";
import { direction, distance, lerp, ringArea, ringCentroid } from "./plane-geometry.ts";

/** Crossings keep this distance on an edge, so that every vertex stays apart from the next one, metres. */
const CROSSING_GAP_M = 6;

/**
 * Cuts a face across its longer side, near the middle; returns the new face, or undefined when no clean cut is found.
 * The new face gets the same street block when the cut carries no street.
 */
export function cutFace(base: BaseMesh, face: number, tag: EdgeTag, random: Prng): number | undefined {
  const { mesh, cells } = base;
  const ring = mesh.ring(face);
  const axis = longAxis(ring);
  for (let attempt = 0; attempt < 5; attempt++) {
    const skew = random.range(-0.06, 0.06);
    const middle = ringCentroid(ring);
    const shift = random.range(-0.09, 0.09) * (1 + attempt * 0.5) * axis.length;
    const through: Metres = [middle[0] + axis.along[0] * shift, middle[1] + axis.along[1] * shift];
    const line = direction([0, 0], [-axis.along[1] + axis.along[0] * skew, axis.along[0] + axis.along[1] * skew]);
    const ends = crossings(ring, through, line);
    if (!ends) continue;
    const loop = [...mesh.loop(face)];
    const [first, second] = ends;
    const halves = splitRing(ring, first, second);
    if (!halves.every((half) => isSimple(half) && ringArea(half) > 0.22 * ringArea(ring))) continue;
    const put = ({ edge, at }: Crossing): number => {
      const v = mesh.addVertex(at);
      mesh.insertOnEdge(loop[edge] as number, loop[(edge + 1) % loop.length] as number, v);
      return v;
    };
    const u = put(first);
    const w = put(second);
    const added = mesh.splitFace(face, u, w, tag);
    const cell = cells[face] as Cell;
    cells.push({ ...cell, block: tag.rank === "none" ? cell.block : added });
    return added;
  }
  return undefined;
}

interface Crossing {
  readonly edge: number;
  readonly at: Metres;
}

/** Direction of the longest edge or its perpendicular, whichever the ring extends further along. */
function longAxis(ring: readonly Metres[]): { readonly along: Metres; readonly length: number } {
  let along: Metres = [1, 0];
  let longest = 0;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i] as Metres, ring[(i + 1) % ring.length] as Metres];
    const length = distance(a, b);
    if (length > longest) [longest, along] = [length, direction(a, b)];
  }
  const extent = (axis: Metres): number => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const p of ring) {
      const t = p[0] * axis[0] + p[1] * axis[1];
      low = Math.min(low, t);
      high = Math.max(high, t);
    }
    return high - low;
  };
  const across: Metres = [-along[1], along[0]];
  const [e, f] = [extent(along), extent(across)];
  return e >= f ? { along, length: e } : { along: across, length: f };
}

/** The two edges that a line crosses, each crossing kept off the edge's ends; undefined when there are not just two. */
function crossings(ring: readonly Metres[], through: Metres, line: Metres): [Crossing, Crossing] | undefined {
  const found: Crossing[] = [];
  const side = (p: Metres): number => line[0] * (p[1] - through[1]) - line[1] * (p[0] - through[0]);
  for (let edge = 0; edge < ring.length; edge++) {
    const [a, b] = [ring[edge] as Metres, ring[(edge + 1) % ring.length] as Metres];
    const [sa, sb] = [side(a), side(b)];
    if (sa >= 0 === sb >= 0) continue;
    const length = distance(a, b);
    if (length < 3 * CROSSING_GAP_M) return undefined;
    const gap = CROSSING_GAP_M / length;
    found.push({ edge, at: lerp(a, b, Math.min(1 - gap, Math.max(gap, sa / (sa - sb)))) });
  }
  const [first, second] = found;
  return found.length === 2 && first && second ? [first, second] : undefined;
}

function splitRing(ring: readonly Metres[], first: Crossing, second: Crossing): Metres[][] {
  const inner: Metres[] = [first.at, ...ring.slice(first.edge + 1, second.edge + 1), second.at];
  const outer: Metres[] = [second.at, ...ring.slice(second.edge + 1), ...ring.slice(0, first.edge + 1), first.at];
  return [inner, outer];
}

/** Cuts superblocks of the built-up areas into street blocks along local streets, and those into parcels. */
export function subdivideTown(
  base: BaseMesh,
  sizes: { readonly streetBlockM2: number; readonly parcelM2: number },
  finer: (at: Metres) => number,
  random: Prng,
): void {
  const { mesh, cells } = base;
  const cutDown = (faces: number[], targetM2: number, tag: EdgeTag): number[] => {
    const done: number[] = [];
    const stack = [...faces];
    for (let face = stack.pop(); face !== undefined; face = stack.pop()) {
      const ring = mesh.ring(face);
      const target = targetM2 * finer(ringCentroid(ring)) * random.range(1.15, 1.9);
      const added = ringArea(ring) > target ? cutFace(base, face, tag, random) : undefined;
      if (added === undefined) done.push(face);
      else stack.push(face, added);
    }
    return done;
  };
  const urban = cells.flatMap((cell, face) => (cell.urban ? [face] : []));
  const blocks = cutDown(urban, sizes.streetBlockM2, { rank: "local", lines: [] });
  cutDown(blocks, sizes.parcelM2, { rank: "none", lines: [] });
}
