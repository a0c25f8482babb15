import type { CountyDataset } from "../../data/model/dataset.ts";
import type { LonLat, Ring } from "../../data/model/geometry.ts";
import type { Spot } from "./plan-hand.ts";

/** Camera over two corners, and how far each stands from the middle of the map, CSS pixels. */
export interface Stage {
  readonly at: string;
  readonly corners: readonly [Spot, Spot];
  /** Corner at the other end of a border that begins at the first one. */
  readonly along: Spot;
}

export const ZOOM = 17;
/** Pixels of the Mercator square at that zoom. */
const [worldX, worldY] = [
  (lon: number): number => (512 * 2 ** ZOOM * lon) / 360,
  (lat: number): number => -(512 * 2 ** ZOOM * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / (2 * Math.PI),
];

/** A place in pixels of the Mercator square at that zoom. */
export const spotOf = ([lon, lat]: LonLat): Spot => [worldX(lon), worldY(lat)];

/**
 * Two corners of a community where three grids or more meet, away from its outline (which is held) and with room around them.
 */
export function stageOf(dataset: CountyDataset, code: string): Stage {
  const cellsAt = new Map<string, { readonly at: LonLat; readonly cells: Set<string> }>();
  const community = dataset.areas.find((area) => area.code === code);
  const cells = dataset.areas.filter(({ level, code: one }) => level === "micro" && one.startsWith(code));
  for (const cell of cells)
    for (const at of cell.geometry.flat(2)) {
      const known = cellsAt.get(at.join()) ?? { at, cells: new Set() };
      cellsAt.set(at.join(), { ...known, cells: known.cells.add(cell.code) });
    }
  const held = new Set(community?.geometry.flat(2).map((at) => at.join()));
  const far = ([x, y]: Spot, [u, v]: Spot): number => Math.hypot(x - u, y - v);
  const all = [...cellsAt.values()].map(({ at }) => spotOf(at));
  const free = [...cellsAt.values()].filter(
    ({ at, cells: own }) =>
      own.size > 2 && !held.has(at.join()) && all.filter((other) => far(other, spotOf(at)) < 60).length === 1,
  );
  for (const { at: one } of free)
    for (const { at: two } of free) {
      const [a, b] = [spotOf(one), spotOf(two)];
      const apart = far(a, b);
      if (apart < 140 || apart > 260) continue;
      const half: Spot = [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2];
      const middle = [(one[0] + two[0]) / 2, (one[1] + two[1]) / 2];
      const [first, ring] = ringThrough(cells, one);
      const next = spotOf(ring[(first + 1) % (ring.length - 1)] as LonLat);
      const along: Spot = [next[0] - a[0] - half[0], next[1] - a[1] - half[1]];
      return { at: `${middle.join()},${ZOOM}`, corners: [[-half[0], -half[1]], half], along };
    }
  throw new Error("no two corners with room around them");
}

/** A ring of a grid that goes through a corner, and the corner's number in it. */
function ringThrough(cells: CountyDataset["areas"], corner: LonLat): [number, Ring] {
  for (const { geometry } of cells)
    for (const ring of geometry.flat()) {
      const at = ring.findIndex((one) => one.join() === corner.join());
      if (at >= 0) return [at, ring];
    }
  throw new Error("a corner of no ring");
}
