import { labelPoint } from "../../geo/label-point.ts";
import { type LonLat, type MultiPolygonRings, toLattice } from "../../model/geometry.ts";
import { LatticeGrid } from "../noding/lattice-grid.ts";
import type { LatticePoint } from "./lattice-polygons.ts";

/** What is counted by place. Households of exact and of estimated counts are kept apart: no estimate shows as exact. */
export const METERED = ["householdsExact", "householdsEstimated", "cameras", "openIncidents", "staff"] as const;
export type MeteredKey = (typeof METERED)[number];
export type PointSums = Readonly<Record<MeteredKey, number>>;

/** A building, or a place with other things to count. */
export interface MeteredPlace {
  /** WGS 84 lon/lat, or the ground of a building: a point well inside stands for it. */
  readonly place: LonLat | MultiPolygonRings;
  readonly households?: number;
  /** Whether the count of households is exact; it is taken for an estimate where this is not said. */
  readonly exact?: boolean;
  readonly cameras?: number;
  readonly openIncidents?: number;
  /** Staff who stand for the place; those of a grid stand at the middle of its ground when the plan began. */
  readonly staff?: number;
}

/** Things to count, by place; they stay where they are while borders move. */
export class MeteredPoints {
  readonly count: number;
  readonly #xs: Int32Array;
  readonly #ys: Int32Array;
  readonly #values: Readonly<Record<MeteredKey, Int32Array>>;
  readonly #grid: LatticeGrid;

  constructor(places: readonly MeteredPlace[]) {
    this.count = places.length;
    this.#xs = new Int32Array(places.length);
    this.#ys = new Int32Array(places.length);
    places.forEach(({ place }, i) => {
      const [lon, lat] = typeof place[0] === "number" ? (place as LonLat) : labelPoint(place as MultiPolygonRings);
      this.#xs[i] = toLattice(lon);
      this.#ys[i] = toLattice(lat);
    });
    const all = (value: (place: MeteredPlace) => number): Int32Array => Int32Array.from(places, value);
    this.#values = {
      householdsExact: all(({ households = 0, exact = false }) => (exact ? households : 0)),
      householdsEstimated: all(({ households = 0, exact = false }) => (exact ? 0 : households)),
      cameras: all(({ cameras = 0 }) => cameras),
      openIncidents: all(({ openIncidents = 0 }) => openIncidents),
      staff: all(({ staff = 0 }) => staff),
    };
    this.#grid = new LatticeGrid(places.length, (point, box) => {
      box[0] = box[2] = this.#xs[point] as number;
      box[1] = box[3] = this.#ys[point] as number;
    });
  }

  at(point: number): LatticePoint {
    return [this.#xs[point] as number, this.#ys[point] as number];
  }

  value(key: MeteredKey, point: number): number {
    return this.#values[key][point] as number;
  }

  /** Calls `visit` with each point in a box, its rim included. */
  eachIn(west: number, south: number, east: number, north: number, visit: (point: number) => void): void {
    const [first, last] = [this.#grid.column(west), this.#grid.column(east)];
    const top = this.#grid.row(north);
    for (let row = this.#grid.row(south); row <= top; row++)
      for (let column = first; column <= last; column++)
        for (const point of this.#grid.cell(column, row)) {
          const [x, y] = [this.#xs[point] as number, this.#ys[point] as number];
          if (x >= west && x <= east && y >= south && y <= north) visit(point);
        }
  }
}
