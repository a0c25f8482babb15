import type { Metres } from "./local-plane.ts";

/** Small plane geometry in metres; everything here uses + − × ÷ and sqrt only. */
export const distance = (a: Metres, b: Metres): number => {
  const x = a[0] - b[0];
  const y = a[1] - b[1];
  return Math.sqrt(x * x + y * y);
};

export const lerp = (a: Metres, b: Metres, t: number): Metres => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];

/** Unit vector from a to b; east when they coincide. */
export function direction(a: Metres, b: Metres): Metres {
  const length = distance(a, b);
  return length > 0 ? [(b[0] - a[0]) / length, (b[1] - a[1]) / length] : [1, 0];
}

/** Signed area of an open ring, m²; positive when counter-clockwise. */
export function ringArea(ring: readonly Metres[]): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[j] as Metres;
    const b = ring[i] as Metres;
    sum += a[0] * b[1] - b[0] * a[1];
  }
  return sum / 2;
}

/** Centroid of an open ring; the mean of its points when it has no area. */
export function ringCentroid(ring: readonly Metres[]): Metres {
  const [ox, oy] = ring[0] as Metres;
  let x = 0;
  let y = 0;
  let area = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[j] as Metres;
    const b = ring[i] as Metres;
    const cross = (a[0] - ox) * (b[1] - oy) - (b[0] - ox) * (a[1] - oy);
    area += cross;
    x += cross * (a[0] + b[0] - 2 * ox);
    y += cross * (a[1] + b[1] - 2 * oy);
  }
  return area === 0 ? (ring[0] as Metres) : [ox + x / (3 * area), oy + y / (3 * area)];
}

/** Even-odd test of a point against an open ring. */
export function insideRing(point: Metres, ring: readonly Metres[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[i] as Metres;
    const b = ring[j] as Metres;
    if (a[1] > point[1] !== b[1] > point[1]) {
      const x = a[0] + ((point[1] - a[1]) / (b[1] - a[1])) * (b[0] - a[0]);
      if (point[0] < x) inside = !inside;
    }
  }
  return inside;
}

/**
 * Distance from a point to the nearest edge of an open ring; as soon as it is known to be below `enough`, any such
 * distance may be returned.
 */
export function distanceToRing(point: Metres, ring: readonly Metres[], enough = 0): number {
  const stop = enough * enough;
  let best = Number.POSITIVE_INFINITY;
  let a = ring[ring.length - 1] as Metres;
  for (const b of ring) {
    const dx = b[0] - a[0];
    const dy = b[1] - a[1];
    const px = point[0] - a[0];
    const py = point[1] - a[1];
    const length = dx * dx + dy * dy;
    const raw = length === 0 ? 0 : (px * dx + py * dy) / length;
    const t = raw < 0 ? 0 : Math.min(raw, 1);
    const ex = px - dx * t;
    const ey = py - dy * t;
    const square = ex * ex + ey * ey;
    if (square < best) {
      best = square;
      if (best < stop) break;
    }
    a = b;
  }
  return Math.sqrt(best);
}

/** Part of a ring on the left of the line through `point` along `along` (Sutherland–Hodgman); exact for convex rings. */
export function clipLeft(ring: readonly Metres[], point: Metres, along: Metres): Metres[] {
  const side = (p: Metres): number => along[0] * (p[1] - point[1]) - along[1] * (p[0] - point[0]);
  const out: Metres[] = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const a = ring[j] as Metres;
    const b = ring[i] as Metres;
    const sa = side(a);
    const sb = side(b);
    if (sa >= 0 !== sb >= 0) out.push(lerp(a, b, sa / (sa - sb)));
    if (sb >= 0) out.push(b);
  }
  return out;
}

/** Inset of a counter-clockwise, nearly convex ring, each edge by its own distance; empty when nothing is left. */
export function insetRing(ring: readonly Metres[], inset: (edge: number) => number): Metres[] {
  let out: Metres[] = [...ring];
  for (let i = 0; i < ring.length && out.length > 2; i++) {
    const a = ring[i] as Metres;
    const b = ring[(i + 1) % ring.length] as Metres;
    const d = inset(i);
    if (distance(a, b) < 0.5) continue;
    const along = direction(a, b);
    out = clipLeft(out, [a[0] - along[1] * d, a[1] + along[0] * d], along);
  }
  return out.length > 2 && ringArea(out) > 1 ? out : [];
}

/** Corner cutting (Chaikin), ends kept. */
export function smoothLine(line: readonly Metres[], rounds: number): Metres[] {
  let current = [...line];
  for (let round = 0; round < rounds && current.length > 2; round++) {
    const next: Metres[] = [current[0] as Metres];
    for (let i = 0; i + 1 < current.length; i++) {
      const a = current[i] as Metres;
      const b = current[i + 1] as Metres;
      if (i > 0) next.push(lerp(a, b, 0.25));
      if (i + 2 < current.length) next.push(lerp(a, b, 0.75));
    }
    next.push(current[current.length - 1] as Metres);
    current = next;
  }
  return current;
}
