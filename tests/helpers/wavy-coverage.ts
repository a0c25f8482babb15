import type { Prng } from "../../data/demo/prng.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, type Ring } from "../../data/model/geometry.ts";

/** A coverage of `side` × `side` areas whose borders wander, and what holds them all: exact on the lattice. */
export interface WavyCoverage {
  readonly areas: readonly MultiPolygonRings[];
  readonly whole: MultiPolygonRings;
}

type Point = readonly [x: number, y: number];

/**
 * Areas side by side, counter-clockwise, each border once and with many vertices.
 *
 * @param west, south corner, 1e-7 degree
 * @param size edge of an area, 1e-7 degree
 * @param vertices on each of the four borders of an area
 */
export function wavyCoverage(
  random: Prng,
  west: number,
  south: number,
  size: number,
  side: number,
  vertices: number,
): WavyCoverage {
  const shake = (): number => random.int(-Math.floor(size / 6), Math.floor(size / 6));
  const nodes = Array.from({ length: side + 1 }, (_, row) =>
    Array.from(
      { length: side + 1 },
      (_, column): Point => [west + column * size + shake(), south + row * size + shake()],
    ),
  );
  const line = (from: Point, to: Point): Point[] => [
    from,
    ...Array.from({ length: vertices }, (_, i): Point => {
      const share = (i + 1) / (vertices + 1);
      const wobble = (): number => random.int(-Math.floor(size / 40), Math.floor(size / 40));
      return [
        Math.round(from[0] + share * (to[0] - from[0])) + wobble(),
        Math.round(from[1] + share * (to[1] - from[1])) + wobble(),
      ];
    }),
    to,
  ];
  const node = (column: number, row: number): Point => nodes[row]?.[column] ?? [0, 0];
  const grid = (make: (column: number, row: number) => Point[]) =>
    Array.from({ length: side + 1 }, (_, row) => Array.from({ length: side + 1 }, (_, column) => make(column, row)));
  const eastward = grid((column, row) => (column < side ? line(node(column, row), node(column + 1, row)) : []));
  const northward = grid((column, row) => (row < side ? line(node(column, row), node(column, row + 1)) : []));
  const ring = (...parts: Point[][]): Ring => {
    const points = parts.flatMap((part) => part.slice(0, -1));
    return [...points, points[0] as Point].map(([x, y]): LonLat => [fromLattice(x), fromLattice(y)]);
  };
  const along = (lines: Point[][][], at: readonly (readonly [column: number, row: number])[], back: boolean) =>
    at.map(([column, row]) => {
      const points = lines[row]?.[column] ?? [];
      return back ? points.toReversed() : points;
    });
  const areas = Array.from({ length: side * side }, (_, n): MultiPolygonRings => {
    const [column, row] = [n % side, Math.floor(n / side)];
    const parts = [
      ...along(eastward, [[column, row]], false),
      ...along(northward, [[column + 1, row]], false),
      ...along(eastward, [[column, row + 1]], true),
      ...along(northward, [[column, row]], true),
    ];
    return [[ring(...parts)]];
  });
  const steps = Array.from({ length: side }, (_, i) => i);
  const whole = ring(
    ...along(
      eastward,
      steps.map((i) => [i, 0] as const),
      false,
    ),
    ...along(
      northward,
      steps.map((i) => [side, i] as const),
      false,
    ),
    ...along(
      eastward,
      steps.toReversed().map((i) => [i, side] as const),
      true,
    ),
    ...along(
      northward,
      steps.toReversed().map((i) => [0, i] as const),
      true,
    ),
  );
  return { areas, whole: [[whole]] };
}
