import type { GuideCurves } from "./guide-curves.ts";
import type { Metres } from "./local-plane.ts";
import { distance } from "./plane-geometry.ts";

const CELL_M = 200;

/** Strips and ponds to keep free of houses: river, channels, roads, railway, lakes. */
export class Corridors {
  readonly #cells = new Map<number, { readonly at: Metres; readonly radius: number }[]>();

  constructor(curves: GuideCurves, riverRadius: number) {
    const strip = (points: readonly Metres[], radius: number): void => {
      for (const at of points) this.keepFree(at, radius);
    };
    strip(curves.river.points, riverRadius);
    strip(curves.rail.points, 40);
    for (const curve of [...curves.channels, ...curves.roads]) strip(curve.points, 32);
  }

  keepFree(at: Metres, radius: number): void {
    const reach = Math.ceil(radius / CELL_M);
    const [column, row] = [Math.floor(at[0] / CELL_M), Math.floor(at[1] / CELL_M)];
    for (let i = column - reach; i <= column + reach; i++) {
      for (let j = row - reach; j <= row + reach; j++) {
        const key = (i + 50000) * 131072 + j + 50000;
        const cell = this.#cells.get(key);
        if (cell) cell.push({ at, radius });
        else this.#cells.set(key, [{ at, radius }]);
      }
    }
  }

  /** True when a circle around the point touches a strip. */
  blocks(point: Metres, margin: number): boolean {
    const [column, row] = [Math.floor(point[0] / CELL_M), Math.floor(point[1] / CELL_M)];
    for (const strip of this.#cells.get((column + 50000) * 131072 + row + 50000) ?? []) {
      if (distance(strip.at, point) < strip.radius + margin) return true;
    }
    return false;
  }
}
