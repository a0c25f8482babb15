/** Whole positions of a tile: x and y alternate, in units from its north-west corner. */
export type FlatLine = readonly number[];

/** A side of the square that a tile is cut to. */
type Side = readonly [axis: 0 | 1, sign: 1 | -1];
const SIDES: readonly Side[] = [
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
];

/**
 * How far inside a side a position lies; negative outside.
 *
 * @param low, high bounds of the square, the same on both axes
 */
const inside = (points: FlatLine, at: number, [axis, sign]: Side, low: number, high: number): number =>
  sign === 1 ? (points[at + axis] as number) - low : high - (points[at + axis] as number);

/**
 * Position where the piece between two corners crosses a side, rounded. Computed from the lower corner, so that both areas
 * of a border, which run along it in opposite directions, get the same one.
 */
function crossing(
  points: FlatLine,
  a: number,
  b: number,
  [axis, sign]: Side,
  low: number,
  high: number,
): [number, number] {
  const bound = sign === 1 ? low : high;
  const swap =
    (points[a] as number) > (points[b] as number) ||
    (points[a] === points[b] && (points[a + 1] as number) > (points[b + 1] as number));
  const [from, to] = swap ? [b, a] : [a, b];
  const start = points[from + axis] as number;
  const share = (bound - start) / ((points[to + axis] as number) - start);
  const other = 1 - axis;
  const value =
    (points[from + other] as number) + share * ((points[to + other] as number) - (points[from + other] as number));
  return axis === 0 ? [bound, Math.round(value)] : [Math.round(value), bound];
}

/** Drops positions that repeat the one before. */
function push(out: number[], x: number, y: number): void {
  if (out.length >= 2 && out[out.length - 2] === x && out[out.length - 1] === y) return;
  out.push(x, y);
}

/**
 * A ring cut to a square (Sutherland and Hodgman): pieces outside are drawn together along its edge, which lies in the
 * tile's margin and is not seen.
 *
 * @param ring open: the first position is not repeated
 * @returns open; empty when nothing is left
 */
export function clipRing(ring: FlatLine, low: number, high: number): FlatLine {
  if (ring.every((value) => value >= low && value <= high)) return ring;
  let points = ring;
  for (const side of SIDES) {
    const out: number[] = [];
    for (let a = 0; a < points.length; a += 2) {
      const b = (a + 2) % points.length;
      const [fromInside, toInside] = [inside(points, a, side, low, high), inside(points, b, side, low, high)];
      if (fromInside >= 0) push(out, points[a] as number, points[a + 1] as number);
      if (fromInside > 0 ? toInside < 0 : fromInside < 0 && toInside > 0)
        push(out, ...crossing(points, a, b, side, low, high));
    }
    if (out.length >= 4 && out[0] === out[out.length - 2] && out[1] === out[out.length - 1]) out.length -= 2;
    points = out;
  }
  return points.length >= 6 ? points : [];
}

/**
 * The pieces of a line that lie in a square, cut at its sides (Liang and Barsky, 1984); their corners are rounded.
 *
 * @param low, high bounds of the square, the same on both axes
 */
export function clipLine(line: FlatLine, low: number, high: number): FlatLine[] {
  if (line.every((value) => value >= low && value <= high)) return line.length >= 4 ? [line] : [];
  const pieces: number[][] = [];
  let piece: number[] = [];
  const end = (): void => {
    if (piece.length >= 4) pieces.push(piece);
    piece = [];
  };
  for (let a = 0; a + 2 < line.length; a += 2) {
    const [x, y] = [line[a] as number, line[a + 1] as number];
    const [dx, dy] = [(line[a + 2] as number) - x, (line[a + 3] as number) - y];
    let [from, to] = [0, 1];
    for (const [step, room] of [
      [-dx, x - low],
      [dx, high - x],
      [-dy, y - low],
      [dy, high - y],
    ] as const) {
      if (step === 0) {
        if (room < 0) to = -1;
      } else if (step < 0) from = Math.max(from, room / step);
      else to = Math.min(to, room / step);
    }
    if (from > to) {
      end();
      continue;
    }
    if (from > 0) end();
    push(piece, Math.round(x + from * dx), Math.round(y + from * dy));
    push(piece, Math.round(x + to * dx), Math.round(y + to * dy));
    if (to < 1) end();
  }
  end();
  return pieces;
}

/** Twice the area of an open ring; positive for what runs clockwise on screen (y grows downwards): MVT's outer rings. */
export function doubleArea(ring: FlatLine): number {
  let sum = 0;
  for (let a = 0; a < ring.length; a += 2) {
    const b = (a + 2) % ring.length;
    sum += (ring[a] as number) * (ring[b + 1] as number) - (ring[b] as number) * (ring[a + 1] as number);
  }
  return sum;
}
