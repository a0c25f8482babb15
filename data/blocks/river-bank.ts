import { lengthM } from "../geo/measure.ts";
import type { LonLat } from "../model/geometry.ts";

/** A river is at least this many times as long as it is wide (judgement): what is rounder is a lake, and has no two banks. */
const LONG = 4;

/**
 * One bank of a river that is drawn as ground: grids reach to it from one side and over the water from the other, and no
 * strip of water is left between them. The ring is parted at its two corners that lie farthest apart.
 *
 * @param ring closed, WGS 84 lon/lat
 * @returns the shorter bank; undefined for what is no long shape
 */
export function riverBank(ring: readonly LonLat[]): readonly LonLat[] | undefined {
  const open = ring.slice(0, -1);
  if (open.length < 4) return undefined;
  const farthest = (from: number): number => {
    let best = from;
    open.forEach((at, n) => {
      if (squareOf(open[from] as LonLat, at) > squareOf(open[from] as LonLat, open[best] as LonLat)) best = n;
    });
    return best;
  };
  const end = farthest(0);
  const other = farthest(end);
  const [a, b] = [Math.min(end, other), Math.max(end, other)];
  const banks = [open.slice(a, b + 1), [...open.slice(b), ...open.slice(0, a + 1)]];
  const [one = 0, two = 0] = banks.map(lengthM);
  if (Math.min(one, two) < LONG * meanWidth(ring, Math.max(one, two))) return undefined;
  return one <= two ? banks[0] : banks[1];
}

/** Square of a distance in degrees, longitudes narrowed to the latitude: to compare by. */
function squareOf(a: LonLat, b: LonLat): number {
  const narrow = Math.cos((a[1] * Math.PI) / 180);
  const [dx, dy] = [(b[0] - a[0]) * narrow, b[1] - a[1]];
  return dx * dx + dy * dy;
}

/** Area over length, metres. */
function meanWidth(ring: readonly LonLat[], length: number): number {
  const [ox, oy] = ring[0] as LonLat;
  let double = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1] as LonLat, ring[i] as LonLat];
    double += (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
  }
  const narrow = Math.cos((oy * Math.PI) / 180);
  const metres = 111_320 * 111_320 * narrow;
  return ((Math.abs(double) / 2) * metres) / Math.max(1, length);
}
