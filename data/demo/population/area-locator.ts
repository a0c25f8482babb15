import type { AreaRecord } from "../../model/area.ts";
import { type LonLat, toLattice } from "../../model/geometry.ts";

/** Cells along each side of the index: about 200 m in a county of 50 km. */
const CELLS = 256;

interface Outline {
  readonly area: AreaRecord;
  /** Lattice coordinates x, y of each ring, closed. */
  readonly rings: readonly Int32Array[];
}

/** Finds the deepest area that holds a point. Built once over areas that do not overlap. */
export interface AreaLocator {
  /** Area that holds a point, or undefined outside all of them. */
  locate(point: LonLat): AreaRecord | undefined;
  /** True when the point lies in the area with this code. */
  holds(code: string, point: LonLat): boolean;
}

/** Even-odd rule in integers: differences stay below 2^26, products below 2^53, so the test is exact. */
function inside({ rings }: Outline, x: number, y: number): boolean {
  let odd = false;
  for (const ring of rings) {
    for (let i = 0; i + 3 < ring.length; i += 2) {
      const y1 = ring[i + 1] as number;
      const y2 = ring[i + 3] as number;
      if (y1 > y === y2 > y) continue;
      const x1 = ring[i] as number;
      const x2 = ring[i + 2] as number;
      const cross = (x - x1) * (y2 - y1) - (x2 - x1) * (y - y1);
      if (cross < 0 === y2 > y1) odd = !odd;
    }
  }
  return odd;
}

export function buildAreaLocator(areas: readonly AreaRecord[]): AreaLocator {
  let [west, south, east, north] = [2e9, 2e9, -2e9, -2e9];
  const outlines = areas.map((area): Outline => {
    const rings = area.geometry.flatMap((polygon) =>
      polygon.map((ring) => {
        const flat = new Int32Array(ring.length * 2);
        ring.forEach(([lon, lat], i) => {
          flat[2 * i] = toLattice(lon);
          flat[2 * i + 1] = toLattice(lat);
        });
        return flat;
      }),
    );
    return { area, rings };
  });
  const boxes = outlines.map(({ rings }) => {
    const box = [2e9, 2e9, -2e9, -2e9] as [number, number, number, number];
    for (const ring of rings)
      for (let i = 0; i < ring.length; i += 2) {
        const x = ring[i] as number;
        const y = ring[i + 1] as number;
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
    if (box[0] < west) west = box[0];
    if (box[1] < south) south = box[1];
    if (box[2] > east) east = box[2];
    if (box[3] > north) north = box[3];
    return box;
  });
  const stepX = (east - west) / CELLS + 1;
  const stepY = (north - south) / CELLS + 1;
  const cells: (number[] | undefined)[] = new Array(CELLS * CELLS);
  boxes.forEach((box, index) => {
    const toX = Math.floor((box[2] - west) / stepX);
    const toY = Math.floor((box[3] - south) / stepY);
    for (let cy = Math.floor((box[1] - south) / stepY); cy <= toY; cy++)
      for (let cx = Math.floor((box[0] - west) / stepX); cx <= toX; cx++) {
        const cell = cy * CELLS + cx;
        const known = cells[cell];
        if (known) known.push(index);
        else cells[cell] = [index];
      }
  });
  const byCode = new Map(outlines.map((outline) => [outline.area.code, outline]));
  return {
    locate(point) {
      const x = toLattice(point[0]);
      const y = toLattice(point[1]);
      if (x < west || x > east || y < south || y > north) return undefined;
      const cell = cells[Math.floor((y - south) / stepY) * CELLS + Math.floor((x - west) / stepX)];
      for (const index of cell ?? []) {
        const outline = outlines[index] as Outline;
        if (inside(outline, x, y)) return outline.area;
      }
      return undefined;
    },
    holds(code, point) {
      const outline = byCode.get(code);
      return outline !== undefined && inside(outline, toLattice(point[0]), toLattice(point[1]));
    },
  };
}
