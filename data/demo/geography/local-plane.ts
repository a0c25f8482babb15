import { fromLattice, type LonLat, toLattice } from "../../model/geometry.ts";

/** East and north of the county's centre, metres. */
export type Metres = readonly [east: number, north: number];

const RADIANS_PER_DEGREE = 0.017453292519943295;

/** Cosine of 0 … 90 degrees by its power series: no library function, so that every engine gives the same bits. */
export function cosDegrees(degrees: number): number {
  const x = degrees * RADIANS_PER_DEGREE;
  const square = x * x;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 11; n++) {
    term *= -square / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}

/**
 * A county-sized plane in metres over the 1e-7 degree lattice. Lengths of a degree follow the WGS 84 series
 * (NIMA TR8350.2); across a county the scale error stays below 0.3 %, which only shapes the demo, never a measure.
 */
export class LocalPlane {
  readonly #originX: number;
  readonly #originY: number;
  readonly #unitsPerEast: number;
  readonly #unitsPerNorth: number;

  constructor(centre: LonLat) {
    this.#originX = toLattice(centre[0]);
    this.#originY = toLattice(centre[1]);
    const cos = cosDegrees(Math.abs(centre[1]));
    const cos2 = 2 * cos * cos - 1;
    const cos3 = cos * (2 * cos2 - 1);
    this.#unitsPerEast = 1e7 / (111412.84 * cos - 93.5 * cos3);
    this.#unitsPerNorth = 1e7 / (111132.954 - 559.822 * cos2 + 1.175 * (2 * cos2 * cos2 - 1));
  }

  /** Nearest lattice point, lattice units (longitude, latitude). */
  toLattice(point: Metres): [number, number] {
    return [
      this.#originX + Math.round(point[0] * this.#unitsPerEast),
      this.#originY + Math.round(point[1] * this.#unitsPerNorth),
    ];
  }

  fromLattice(x: number, y: number): Metres {
    return [(x - this.#originX) / this.#unitsPerEast, (y - this.#originY) / this.#unitsPerNorth];
  }

  toLonLat(point: Metres): LonLat {
    const [x, y] = this.toLattice(point);
    return [fromLattice(x), fromLattice(y)];
  }
}
