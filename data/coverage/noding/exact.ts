import { orient2d } from "robust-predicates";

/**
 * Side of point r as seen along p → q: 1 left, -1 right, 0 on the line. Exact for integers of 32 bits and their halves.
 * robust-predicates counts the y axis downwards, so its sign is turned.
 */
export const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): -1 | 0 | 1 => {
  const turn = orient2d(px, py, qx, qy, rx, ry);
  return turn < 0 ? 1 : turn > 0 ? -1 : 0;
};

/** Integer nearest to n ÷ d, halves upwards (the lower and left border of a pixel belongs to it). */
function roundedQuotient(n: bigint, d: bigint): bigint {
  const [top, bottom] = [2n * n + d, 2n * d];
  const quotient = top / bottom;
  return top % bottom !== 0n && top < 0n !== bottom < 0n ? quotient - 1n : quotient;
}

/**
 * Lattice point nearest to where the segments a–b and c–d properly cross, exactly: in integers of any length, since the
 * quotient of nearly parallel segments has no digits to spare.
 */
export function crossingPoint(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): readonly [x: number, y: number] {
  const [ux, uy] = [BigInt(bx - ax), BigInt(by - ay)];
  const [vx, vy] = [BigInt(dx - cx), BigInt(dy - cy)];
  const [wx, wy] = [BigInt(cx - ax), BigInt(cy - ay)];
  let bottom = ux * vy - uy * vx;
  let top = wx * vy - wy * vx;
  if (bottom < 0n) [bottom, top] = [-bottom, -top];
  return [ax + Number(roundedQuotient(top * ux, bottom)), ay + Number(roundedQuotient(top * uy, bottom))];
}

/**
 * True when a segment passes through the pixel of a lattice point: the unit square around it, its left and lower border
 * included (the hot pixel of snap rounding; Hobby 1999, "Practical segment intersection with finite precision output").
 */
export function crossesPixel(px: number, py: number, qx: number, qy: number, pixelX: number, pixelY: number): boolean {
  if (px > qx) return crossesPixel(qx, qy, px, py, pixelX, pixelY);
  const [west, east] = [pixelX - 0.5, pixelX + 0.5];
  const [south, north] = [pixelY - 0.5, pixelY + 0.5];
  if (px >= east || qx < west) return false;
  if (Math.min(py, qy) >= north || Math.max(py, qy) < south) return false;
  if (px === qx || py === qy) return true;
  const rises = py < qy;
  const upperLeft = side(px, py, qx, qy, west, north);
  // Through that corner from below on the left the segment stays outside.
  if (upperLeft === 0) return !rises;
  const upperRight = side(px, py, qx, qy, east, north);
  if (upperRight === 0) return rises;
  if (upperLeft !== upperRight) return true;
  const lowerLeft = side(px, py, qx, qy, west, south);
  // The only corner that belongs to the pixel.
  if (lowerLeft === 0) return true;
  if (lowerLeft !== upperLeft) return true;
  const lowerRight = side(px, py, qx, qy, east, south);
  if (lowerRight === 0) return !rises;
  return lowerLeft !== lowerRight;
}
