import { type MultiPolygonRings, toLattice } from "../model/geometry.ts";

/** An area to find the neighbours of: any key, and its rings (WGS 84 lon/lat). */
export interface KeyedArea {
  readonly key: string;
  readonly rings: MultiPolygonRings;
}

/** Keys that share a border, both ways; a touch in a single corner is not a border. */
export type Adjacency = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Neighbours over shared borders of a coverage on the 1e-7 degree lattice: two areas are neighbours when they have at
 * least two lattice points in common, which every shared edge gives. Areas with the same key are one.
 */
export function adjacencyOf(areas: readonly KeyedArea[]): Adjacency {
  const atPoint = new Map<number, Map<number, string[]>>();
  const adjacency = new Map<string, Set<string>>();
  const pairs = new Map<string, number>();
  const meet = (a: string, b: string): void => {
    const pair = a < b ? `${a}|${b}` : `${b}|${a}`;
    const shared = (pairs.get(pair) ?? 0) + 1;
    pairs.set(pair, shared);
    if (shared !== 2) return;
    adjacency.get(a)?.add(b);
    adjacency.get(b)?.add(a);
  };
  for (const { key } of areas) if (!adjacency.has(key)) adjacency.set(key, new Set());
  for (const { key, rings } of areas) {
    for (const ring of rings.flat()) {
      // The last position repeats the first.
      for (const [lon, lat] of ring.slice(0, -1)) {
        const x = toLattice(lon);
        let column = atPoint.get(x);
        if (!column) {
          column = new Map();
          atPoint.set(x, column);
        }
        const keys = column.get(toLattice(lat));
        if (!keys) {
          column.set(toLattice(lat), [key]);
          continue;
        }
        if (keys.includes(key)) continue;
        for (const other of keys) meet(key, other);
        keys.push(key);
      }
    }
  }
  return adjacency;
}
