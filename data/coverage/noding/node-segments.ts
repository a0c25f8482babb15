import { crossesPixel, crossingPoint, side } from "./exact.ts";
import { LatticeGrid } from "./lattice-grid.ts";
import type { PointTable } from "./point-table.ts";

/** Segments by the numbers of their ends; each pair of ends once, the lower number first. */
export interface Segments {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** What a segment became: the points it passes, its ends included. Undefined = it stands as it was. */
export type Chains = readonly (Int32Array | undefined)[];

/**
 * Nodes segments on the integer lattice by snap rounding: afterwards no two of them meet elsewhere than at common points.
 * Each crossing becomes the lattice point nearest to it, and a segment that passes the pixel of a point is led through that
 * point, so that nothing moves by more than 0.71 lattice units (8 mm) and rounding makes no new crossing. Points that are
 * on no crossing stay where they are.
 *
 * Source: Hobby, "Practical segment intersection with finite precision output", Computational Geometry 13 (1999);
 * Guibas and Marimont, "Rounding arrangements dynamically" (1998). All decisions are exact.
 *
 * @param points crossings are added to it
 */
export function nodeSegments(points: PointTable, segments: Segments): Chains {
  const count = segments.from.length;
  const boxOf = (segment: number, box: Float64Array): void => {
    const [a, b] = [segments.from[segment] as number, segments.to[segment] as number];
    const [ax, ay, bx, by] = [points.x(a), points.y(a), points.x(b), points.y(b)];
    box[0] = Math.min(ax, bx);
    box[1] = Math.min(ay, by);
    box[2] = Math.max(ax, bx);
    box[3] = Math.max(ay, by);
  };
  addCrossings(points, segments, new LatticeGrid(count, boxOf));
  return snapToPixels(points, segments, boxOf);
}

/** Adds the point of each proper crossing. */
function addCrossings(points: PointTable, { from, to }: Segments, grid: LatticeGrid): void {
  const found: number[] = [];
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++) {
      const cell = grid.cell(column, row);
      for (let i = 1; i < cell.length; i++) {
        const s = cell[i] as number;
        const [a, b] = [from[s] as number, to[s] as number];
        const [ax, ay, bx, by] = [points.x(a), points.y(a), points.x(b), points.y(b)];
        const [west, east] = ax < bx ? [ax, bx] : [bx, ax];
        const [south, north] = ay < by ? [ay, by] : [by, ay];
        for (let j = 0; j < i; j++) {
          const t = cell[j] as number;
          const [c, d] = [from[t] as number, to[t] as number];
          // Segments with a common end meet there, or lie on each other: then an end of one is on the other.
          if (a === c || a === d || b === c || b === d) continue;
          const [cx, cy, dx, dy] = [points.x(c), points.y(c), points.x(d), points.y(d)];
          if (Math.max(cx, dx) < west || Math.min(cx, dx) > east) continue;
          if (Math.max(cy, dy) < south || Math.min(cy, dy) > north) continue;
          if (side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) >= 0) continue;
          if (side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) >= 0) continue;
          found.push(...crossingPoint(ax, ay, bx, by, cx, cy, dx, dy));
        }
      }
    }
  for (let i = 0; i < found.length; i += 2) points.add(found[i] as number, found[i + 1] as number);
}

/** Leads each segment through the points whose pixels it passes. */
function snapToPixels(
  points: PointTable,
  { from, to }: Segments,
  boxOf: (segment: number, box: Float64Array) => void,
): Chains {
  const [xs, ys] = [points.xs, points.ys];
  const grid = new LatticeGrid(points.count, (point, box) => {
    box[0] = box[2] = xs[point] as number;
    box[1] = box[3] = ys[point] as number;
  });
  const box = new Float64Array(4);
  return Array.from(from, (a, segment) => {
    const b = to[segment] as number;
    const [ax, ay, bx, by] = [xs[a] as number, ys[a] as number, xs[b] as number, ys[b] as number];
    boxOf(segment, box);
    const [west, south, east, north] = box as unknown as [number, number, number, number];
    let hits: number[] | undefined;
    const lastRow = grid.row(north + 1);
    const lastColumn = grid.column(east + 1);
    for (let row = grid.row(south - 1); row <= lastRow; row++)
      for (let column = grid.column(west - 1); column <= lastColumn; column++) {
        const cell = grid.cell(column, row);
        for (const point of cell) {
          if (point === a || point === b) continue;
          const [x, y] = [xs[point] as number, ys[point] as number];
          if (x < west - 1 || x > east + 1 || y < south - 1 || y > north + 1) continue;
          if (!crossesPixel(ax, ay, bx, by, x, y)) continue;
          hits ??= [];
          hits.push(point);
        }
      }
    if (!hits) return undefined;
    // Pixels are unit squares apart from each other, so that their middles lie along the segment as they are passed.
    hits.sort(
      (p, q) =>
        ((xs[p] as number) - (xs[q] as number)) * (bx - ax) + ((ys[p] as number) - (ys[q] as number)) * (by - ay),
    );
    return Int32Array.from([a, ...hits, b]);
  });
}
