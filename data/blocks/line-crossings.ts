import { LatticeGrid } from "../coverage/noding/lattice-grid.ts";
import { segmentsMeet } from "../coverage/plan-graph/segments-meet.ts";
import { type LonLat, toLattice } from "../model/geometry.ts";
import type { BorderLine } from "./border-lines.ts";
import { scales } from "./edge-lengths.ts";

/** Ends of straight stretches in lattice units, four numbers each: x and y of one end, then of the other. */
function stretchesOf(lines: readonly BorderLine[]): Float64Array {
  const ends: number[] = [];
  for (const { lines: parts } of lines)
    for (const part of parts)
      for (let i = 1; i < part.length; i++) {
        const [a, b] = [part[i - 1] as LonLat, part[i] as LonLat];
        ends.push(toLattice(a[0]), toLattice(a[1]), toLattice(b[0]), toLattice(b[1]));
      }
  return Float64Array.from(ends);
}

const boxOf = (ends: Float64Array) => (stretch: number, box: Float64Array) => {
  const [ax, ay, bx, by] = ends.subarray(stretch * 4, stretch * 4 + 4) as unknown as [number, number, number, number];
  box[0] = Math.min(ax, bx);
  box[1] = Math.min(ay, by);
  box[2] = Math.max(ax, bx);
  box[3] = Math.max(ay, by);
};

/** Places where streets cross what else cannot be walked across (bridges, level crossings): x and y in turn, lattice units. */
export function lineCrossings(lines: readonly BorderLine[]): readonly number[] {
  const obstacles = stretchesOf(lines.filter(({ obstacle }) => obstacle === true));
  const streets = stretchesOf(lines.filter(({ street }) => street === true));
  if (obstacles.length === 0 || streets.length === 0) return [];
  const grid = new LatticeGrid(obstacles.length / 4, boxOf(obstacles));
  const places: number[] = [];
  const box = new Float64Array(4);
  const boxOfStreet = boxOf(streets);
  for (let street = 0; street < streets.length / 4; street++) {
    boxOfStreet(street, box);
    const [px, py, qx, qy] = streets.subarray(street * 4, street * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const seen = new Set<number>();
    for (let row = grid.row(box[1] as number); row <= grid.row(box[3] as number); row++)
      for (let column = grid.column(box[0] as number); column <= grid.column(box[2] as number); column++)
        for (const other of grid.cell(column, row)) seen.add(other);
    for (const other of seen) {
      const [ax, ay, bx, by] = obstacles.subarray(other * 4, other * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const isCorner = (px === ax && py === ay) || (px === bx && py === by) || (qx === ax && qy === ay);
      if (!isCorner && !(qx === bx && qy === by) && !segmentsMeet(px, py, qx, qy, ax, ay, bx, by)) continue;
      const turn = (qx - px) * (by - ay) - (qy - py) * (bx - ax);
      const share = turn === 0 ? 0 : ((ax - px) * (by - ay) - (ay - py) * (bx - ax)) / turn;
      places.push(px + (qx - px) * share, py + (qy - py) * share);
    }
  }
  return places;
}

/**
 * Says for an edge (lattice units) whether a street crosses an obstacle within reach of it.
 *
 * @param reachM metres: an obstacle's banks and the street's own width lie between the place and the border
 */
export function crossingNear(
  lines: readonly BorderLine[],
  reachM: number,
): ((ax: number, ay: number, bx: number, by: number) => boolean) | undefined {
  const places = lineCrossings(lines);
  if (places.length === 0) return undefined;
  const scaleAt = scales();
  const grid = new LatticeGrid(places.length / 2, (place, box) => {
    const [x, y] = [places[place * 2] as number, places[place * 2 + 1] as number];
    const scale = scaleAt(y);
    box[0] = x - reachM / scale.lon;
    box[1] = y - reachM / scale.lat;
    box[2] = x + reachM / scale.lon;
    box[3] = y + reachM / scale.lat;
  });
  return (ax, ay, bx, by) => {
    const scale = scaleAt(ay);
    const [ux, uy] = [(bx - ax) * scale.lon, (by - ay) * scale.lat];
    const square = ux * ux + uy * uy;
    for (let row = grid.row(Math.min(ay, by)); row <= grid.row(Math.max(ay, by)); row++)
      for (let column = grid.column(Math.min(ax, bx)); column <= grid.column(Math.max(ax, bx)); column++)
        for (const place of grid.cell(column, row)) {
          const x = ((places[place * 2] as number) - ax) * scale.lon;
          const y = ((places[place * 2 + 1] as number) - ay) * scale.lat;
          const share = square === 0 ? 0 : Math.min(1, Math.max(0, (x * ux + y * uy) / square));
          const [dx, dy] = [x - share * ux, y - share * uy];
          if (dx * dx + dy * dy <= reachM * reachM) return true;
        }
    return false;
  };
}
