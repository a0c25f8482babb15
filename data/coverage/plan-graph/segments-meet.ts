import { side } from "../noding/exact.ts";

/**
 * True when two segments of lattice points have a point in common that is not an end of both: they cross, touch, or lie on
 * each other. Exact.
 */
export function segmentsMeet(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): boolean {
  if (Math.max(cx, dx) < Math.min(ax, bx) || Math.min(cx, dx) > Math.max(ax, bx)) return false;
  if (Math.max(cy, dy) < Math.min(ay, by) || Math.min(cy, dy) > Math.max(ay, by)) return false;
  if (ax === cx && ay === cy) return foldsBack(ax, ay, bx, by, dx, dy);
  if (ax === dx && ay === dy) return foldsBack(ax, ay, bx, by, cx, cy);
  if (bx === cx && by === cy) return foldsBack(bx, by, ax, ay, dx, dy);
  if (bx === dx && by === dy) return foldsBack(bx, by, ax, ay, cx, cy);
  if (side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) > 0) return false;
  return side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) <= 0;
}

/** True when two segments from one point leave in the same direction. */
const foldsBack = (x: number, y: number, px: number, py: number, qx: number, qy: number): boolean =>
  side(x, y, px, py, qx, qy) === 0 && (px - x) * (qx - x) + (py - y) * (qy - y) > 0;
