import type { Metres } from "./local-plane.ts";
import { direction, distance, lerp, ringCentroid } from "./plane-geometry.ts";

/** A building while it is drawn. */
export interface BuildingPlan {
  /** Corners, counter-clockwise, metres. */
  readonly ring: readonly Metres[];
  readonly at: Metres;
  readonly face: number;
}

/** Rectangle around a centre, its long side along `along`. */
export function rectangle(at: Metres, along: Metres, length: number, depth: number): Metres[] {
  const [u, v] = [length / 2, depth / 2];
  const corner = (a: number, b: number): Metres => [
    at[0] + along[0] * a - along[1] * b,
    at[1] + along[1] * a + along[0] * b,
  ];
  return [corner(-u, -v), corner(u, -v), corner(u, v), corner(-u, v)];
}

/** Direction of the ring's longest edge or its perpendicular, whichever runs more east–west: slabs face south. */
export function rowDirection(ring: readonly Metres[]): Metres {
  let along: Metres = [1, 0];
  let longest = 0;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i] as Metres, ring[(i + 1) % ring.length] as Metres];
    if (distance(a, b) > longest) [longest, along] = [distance(a, b), direction(a, b)];
  }
  const turned: Metres = along[0] * along[0] >= along[1] * along[1] ? along : [-along[1], along[0]];
  return turned[0] < 0 ? [-turned[0], -turned[1]] : turned;
}

/** Rows of slabs that fit into a nearly convex ring. */
export function slabRows(
  ring: readonly Metres[],
  size: { readonly length: number; readonly depth: number; readonly rowPitch: number; readonly gap: number },
): Metres[][] {
  const along = rowDirection(ring);
  const centre = ringCentroid(ring);
  const local = ring.map((p): Metres => {
    const [x, y] = [p[0] - centre[0], p[1] - centre[1]];
    return [x * along[0] + y * along[1], y * along[0] - x * along[1]];
  });
  const ys = local.map((p) => p[1]);
  const low = Math.min(...ys);
  const high = Math.max(...ys);
  const rows = Math.floor((high - low - size.depth) / size.rowPitch) + 1;
  const out: Metres[][] = [];
  for (let row = 0; row < rows; row++) {
    const y = (low + high) / 2 + (row - (rows - 1) / 2) * size.rowPitch;
    const bottom = span(local, y - size.depth / 2);
    const top = span(local, y + size.depth / 2);
    if (!bottom || !top) continue;
    const [west, east] = [Math.max(bottom[0], top[0]), Math.min(bottom[1], top[1])];
    const room = east - west;
    let count = Math.floor((room + size.gap) / (size.length + size.gap));
    if (count === 0 && room > size.length * 0.45) count = 1;
    if (count <= 0) continue;
    const length = Math.min(size.length * 1.25, (room - (count - 1) * size.gap) / count);
    for (let k = 0; k < count; k++) {
      const x = (west + east) / 2 + (k - (count - 1) / 2) * (length + size.gap);
      const at: Metres = [centre[0] + along[0] * x - along[1] * y, centre[1] + along[1] * x + along[0] * y];
      out.push(rectangle(at, along, length, size.depth));
    }
  }
  return out;
}

/** West and east end of a horizontal line within a convex ring. */
function span(ring: readonly Metres[], y: number): [number, number] | undefined {
  let west = Number.POSITIVE_INFINITY;
  let east = Number.NEGATIVE_INFINITY;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [a, b] = [ring[j] as Metres, ring[i] as Metres];
    if (a[1] > y === b[1] > y) continue;
    const x = lerp(a, b, (y - a[1]) / (b[1] - a[1]))[0];
    west = Math.min(west, x);
    east = Math.max(east, x);
  }
  return east > west ? [west, east] : undefined;
}
