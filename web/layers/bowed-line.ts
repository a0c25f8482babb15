import type { LonLat } from "../../data/model/geometry.ts";

const CURVE_STEPS = 24;
/** How far a line to a post bows out, as a share of its length: lines to neighbouring posts part at once. */
const POST_BOW = 0.14;

/** A line from `from` to `to` that bows to the left; lon/lat, good for the kilometres that a county spans. */
export function bowedLine(from: LonLat, to: LonLat, bow = POST_BOW): LonLat[] {
  const shrink = Math.cos((from[1] * Math.PI) / 180);
  const [dx, dy] = [(to[0] - from[0]) * shrink, to[1] - from[1]];
  const middle: LonLat = [(from[0] + to[0]) / 2 - (dy * bow) / shrink, (from[1] + to[1]) / 2 + dx * bow];
  return Array.from({ length: CURVE_STEPS + 1 }, (_, i) => {
    const t = i / CURVE_STEPS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    return [a * from[0] + b * middle[0] + c * to[0], a * from[1] + b * middle[1] + c * to[1]];
  });
}
