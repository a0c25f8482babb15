import { PointTable } from "../coverage/noding/point-table.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../model/geometry.ts";

/** Rings of blocks on the lattice of 1e-7 degree, one after the other; corners are numbers in a table of points. */
export interface FlatRings {
  readonly points: PointTable;
  /** Corners of all rings, each ring open and without repetitions. */
  readonly corners: Int32Array;
  /** Where each ring begins in `corners`, and at last where the last one ends. */
  readonly starts: Int32Array;
  /** Block of each ring. */
  readonly block: Int32Array;
  /** 1: the ring is a hole. */
  readonly hole: Uint8Array;
}

/** Rings that pass a corner twice are found on the way. */
export interface FlattenedRings extends FlatRings {
  readonly touching: { readonly block: number; readonly at: LonLat } | undefined;
}

/** @param blocks WGS 84 lon/lat; rings without three different corners enclose nothing and are left out */
export function flatRings(blocks: readonly MultiPolygonRings[]): FlattenedRings {
  let [rings, most] = [0, 0];
  for (const polygons of blocks)
    for (const polygon of polygons)
      for (const ring of polygon) {
        rings++;
        most += ring.length;
      }
  // Most corners are those of several blocks.
  const points = new PointTable(most >> 1);
  const corners = new Int32Array(most);
  const starts = new Int32Array(rings + 1);
  const block = new Int32Array(rings);
  const hole = new Uint8Array(rings);
  /** Ring, counted from 1, that had each point last. */
  const last = new Int32Array(most);
  let touching: FlattenedRings["touching"];
  let [ring, end] = [0, 0];
  for (let own = 0; own < blocks.length; own++)
    for (const polygon of blocks[own] as MultiPolygonRings)
      for (let n = 0; n < polygon.length; n++) {
        const start = end;
        for (const position of polygon[n] as readonly LonLat[]) {
          const point = points.add(toLattice(position[0]), toLattice(position[1]));
          if (end === start || corners[end - 1] !== point) corners[end++] = point;
        }
        while (end - start > 1 && corners[end - 1] === corners[start]) end--;
        if (end - start < 3) {
          end = start;
          continue;
        }
        block[ring] = own;
        hole[ring] = n > 0 ? 1 : 0;
        starts[++ring] = end;
        for (let i = start; i < end; i++) {
          const point = corners[i] as number;
          if (last[point] === ring) touching ??= { block: own, at: placeOf(points, point) };
          last[point] = ring;
        }
      }
  return {
    points,
    corners: corners.subarray(0, end),
    starts: starts.subarray(0, ring + 1),
    block: block.subarray(0, ring),
    hole: hole.subarray(0, ring),
    touching,
  };
}

const placeOf = (points: PointTable, point: number): LonLat => [
  fromLattice(points.x(point)),
  fromLattice(points.y(point)),
];
