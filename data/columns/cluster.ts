import { LATTICE_PER_DEGREE } from "../model/geometry.ts";

/** Width of the Mercator world in pixels at zoom 0 (MapLibre and deck.gl: 512-pixel tiles). */
export const WORLD_PX = 512;

/** Web Mercator (EPSG:3857) position of lon/lat degrees in units of the world's width: x east, y south, 0 … 1. */
export function toMercator(lon: number, lat: number): readonly [x: number, y: number] {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** Mercator 0 … 1 back to lon, lat in degrees. */
export function fromMercator(x: number, y: number): readonly [lon: number, lat: number] {
  return [(x - 0.5) * 360, (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90];
}

/** Points that are drawn as one sign. */
export interface Cluster {
  /** Mean position in degrees. */
  readonly lon: number;
  readonly lat: number;
  /** Rows in it, in the order given. */
  readonly rows: readonly number[];
}

interface Group {
  x: number;
  y: number;
  readonly rows: number[];
}

/**
 * Groups points that lie within about `radiusPx` of each other at a zoom. Deterministic: equal rows and zoom give equal
 * clusters, and a cluster depends only on the points around it, not on the window.
 *
 * Points fall into square cells of the radius first (linear time); then, largest first, each group takes in the groups
 * whose centre is nearer than the radius, so that no two signs overlap.
 *
 * @param zoom Web Mercator zoom at 512-pixel tiles
 */
export function clusterPoints(
  lon: Int32Array,
  lat: Int32Array,
  rows: ArrayLike<number>,
  zoom: number,
  radiusPx: number,
): Cluster[] {
  const cell = radiusPx / (WORLD_PX * 2 ** zoom);
  const across = Math.ceil(1 / cell) + 3;
  const groups = new Map<number, Group>();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const [x, y] = toMercator((lon[row] as number) / LATTICE_PER_DEGREE, (lat[row] as number) / LATTICE_PER_DEGREE);
    const key = Math.floor(y / cell) * across + Math.floor(x / cell);
    const group = groups.get(key);
    if (group) {
      const n = group.rows.push(row);
      group.x += (x - group.x) / n;
      group.y += (y - group.y) / n;
    } else groups.set(key, { x, y, rows: [row] });
  }
  return mergeNear(groups, cell, across).map(({ x, y, rows: members }) => {
    const [centreLon, centreLat] = fromMercator(x, y);
    return { lon: centreLon, lat: centreLat, rows: members };
  });
}

function mergeNear(groups: Map<number, Group>, cell: number, across: number): Group[] {
  const order = [...groups].sort(([keyA, a], [keyB, b]) => b.rows.length - a.rows.length || keyA - keyB);
  const gone = new Set<number>();
  const out: Group[] = [];
  for (const [key, group] of order) {
    if (gone.has(key)) continue;
    const { x: startX, y: startY } = group;
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const otherKey = key + dy * across + dx;
        const other = groups.get(otherKey);
        if (otherKey === key || !other || gone.has(otherKey)) continue;
        // Compare with where the group began, so that it cannot wander off with what it takes in.
        if ((other.x - startX) ** 2 + (other.y - startY) ** 2 >= cell * cell) continue;
        gone.add(otherKey);
        const total = group.rows.length + other.rows.length;
        group.x += ((other.x - group.x) * other.rows.length) / total;
        group.y += ((other.y - group.y) * other.rows.length) / total;
        group.rows.push(...other.rows);
      }
    }
    gone.add(key);
    out.push(group);
  }
  return out;
}
