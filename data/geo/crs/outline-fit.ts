import type { LonLat, MultiPolygonRings } from "../../model/geometry.ts";
import { LocateIndex } from "../locate-index.ts";
import { metresPerDegree } from "../measure.ts";

/** A point this near to the line counts as inside: outlines are often drawn coarsely, and borders lie on the line. */
const BESIDE_M = 500;
/** Cells of the index over the line's pieces are at least this wide, degrees: the reach of `distanceM` is one cell. */
const MIN_CELL = 0.012;
const MAX_CELLS_ACROSS = 256;
const INDEX_CELLS = 64;

/** How positions lie to a county's outline. WGS 84 degrees in, metres out. */
export class OutlineFit {
  readonly #segments: readonly (readonly [LonLat, LonLat])[];
  readonly #cells = new Map<string, number[]>();
  readonly #cell: number;
  readonly #index: LocateIndex;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;

  constructor(outline: MultiPolygonRings) {
    this.#index = new LocateIndex([{ code: "county", geometry: outline }], INDEX_CELLS);
    this.#segments = outline.flatMap((rings) =>
      rings.flatMap((ring) => ring.slice(1).map((to, i) => [ring[i] ?? to, to] as const)),
    );
    [this.west, this.south, this.east, this.north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [[lon, lat]] of this.#segments) {
      this.west = Math.min(this.west, lon);
      this.east = Math.max(this.east, lon);
      this.south = Math.min(this.south, lat);
      this.north = Math.max(this.north, lat);
    }
    const span = Math.max(this.east - this.west, this.north - this.south);
    this.#cell = Math.max(MIN_CELL, span / MAX_CELLS_ACROSS);
    for (const [index, segment] of this.#segments.entries()) this.#enter(segment, index);
  }

  get center(): LonLat {
    return [(this.west + this.east) / 2, (this.south + this.north) / 2];
  }

  /** Share of the outline's box that lies within some metres of the line, 0–1: how often a place anywhere would by chance. */
  chanceOnLine(toleranceM: number): number {
    const scale = metresPerDegree(this.center[1]);
    const box = (this.east - this.west) * scale.lon * (this.north - this.south) * scale.lat;
    const length = this.#segments.reduce(
      (sum, [[x1, y1], [x2, y2]]) => sum + Math.hypot((x2 - x1) * scale.lon, (y2 - y1) * scale.lat),
      0,
    );
    return box > 0 ? Math.min(1, (length * 2 * toleranceM) / box) : 1;
  }

  vertices(): readonly LonLat[] {
    return this.#segments.map(([from]) => from);
  }

  #enter([[x1, y1], [x2, y2]]: readonly [LonLat, LonLat], index: number): void {
    const [left, right] = [this.#column(Math.min(x1, x2)), this.#column(Math.max(x1, x2))];
    const [low, high] = [this.#row(Math.min(y1, y2)), this.#row(Math.max(y1, y2))];
    for (let column = left; column <= right; column++) {
      for (let row = low; row <= high; row++) {
        const key = `${column},${row}`;
        const cell = this.#cells.get(key);
        if (cell) cell.push(index);
        else this.#cells.set(key, [index]);
      }
    }
  }

  #column = (lon: number): number => Math.floor((lon - this.west) / this.#cell);
  #row = (lat: number): number => Math.floor((lat - this.south) / this.#cell);

  /** Metres to the line; Infinity beyond one cell (some 900 m). */
  distanceM([lon, lat]: LonLat): number {
    const scale = metresPerDegree(lat);
    let best = Number.POSITIVE_INFINITY;
    for (let column = this.#column(lon) - 1; column <= this.#column(lon) + 1; column++) {
      for (let row = this.#row(lat) - 1; row <= this.#row(lat) + 1; row++) {
        for (const index of this.#cells.get(`${column},${row}`) ?? []) {
          const segment = this.#segments[index];
          if (segment) best = Math.min(best, planeDistance(segment, lon, lat, scale));
        }
      }
    }
    return best;
  }

  /** True inside (even-odd rule) or within 500 m of the line. */
  holds(point: LonLat): boolean {
    const [lon, lat] = point;
    if (!(lon >= this.west - 0.02 && lon <= this.east + 0.02 && lat >= this.south - 0.02 && lat <= this.north + 0.02)) {
      return false;
    }
    return this.#index.locate(lon, lat).owner >= 0 || this.distanceM(point) <= BESIDE_M;
  }

  /** Kilometres from a point to the outline's box; 0 within. */
  boxDistanceKm([lon, lat]: LonLat): number {
    const scale = metresPerDegree(lat);
    const dx = Math.max(this.west - lon, 0, lon - this.east) * scale.lon;
    const dy = Math.max(this.south - lat, 0, lat - this.north) * scale.lat;
    return Math.hypot(dx, dy) / 1000;
  }
}

/** Distance in a plane at the point: true to a millimetre over the kilometre that is asked for. */
function planeDistance(
  [[x1, y1], [x2, y2]]: readonly [LonLat, LonLat],
  lon: number,
  lat: number,
  scale: { readonly lon: number; readonly lat: number },
): number {
  const [ax, ay] = [(x1 - lon) * scale.lon, (y1 - lat) * scale.lat];
  const [bx, by] = [(x2 - x1) * scale.lon, (y2 - y1) * scale.lat];
  const square = bx * bx + by * by;
  const along = square === 0 ? 0 : Math.min(1, Math.max(0, -(ax * bx + ay * by) / square));
  return Math.hypot(ax + along * bx, ay + along * by);
}
