import { bugError } from "../../model/errors.ts";
import { fromLattice, type LonLat, type PolygonRings } from "../../model/geometry.ts";
import type { Metres } from "./local-plane.ts";
import type { Mesh } from "./mesh.ts";
import { distanceToRing, insideRing, ringArea, ringCentroid } from "./plane-geometry.ts";

/** Vertices of the rings around a set of faces: outer ring first, counter-clockwise, then holes, clockwise. */
export function outlineOf(mesh: Mesh, faces: Iterable<number>): number[][] {
  const inside = new Set(faces);
  const after = new Map<number, number>();
  for (const face of inside) {
    const loop = mesh.loop(face);
    for (let i = 0; i < loop.length; i++) {
      const [a, b] = [loop[i] as number, loop[(i + 1) % loop.length] as number];
      if (!inside.has(mesh.faceLeft(b, a))) after.set(a, b);
    }
  }
  const rings: number[][] = [];
  while (after.size > 0) {
    const [start] = after.keys();
    const ring: number[] = [];
    for (let v = start as number; after.has(v); ) {
      const to = after.get(v) as number;
      after.delete(v);
      ring.push(v);
      v = to;
    }
    rings.push(ring);
  }
  const sized = rings.map((ring) => ({ ring, area: ringArea(ring.map((v) => mesh.at(v))) }));
  sized.sort((p, q) => q.area - p.area);
  if ((sized[1]?.area ?? -1) > 0) throw bugError("An area is in more than one piece");
  return sized.map(({ ring }) => ring);
}

/** Rings as closed GeoJSON rings, WGS 84 lon/lat. */
export function toPolygon(mesh: Mesh, rings: readonly (readonly number[])[]): PolygonRings {
  return rings.map((ring) => {
    const points = ring.map((v): LonLat => [fromLattice(mesh.xs[v] as number), fromLattice(mesh.ys[v] as number)]);
    return [...points, points[0] as LonLat];
  });
}

/** A point well inside the outer ring and outside the holes: the best of a grid of candidates, then refined. */
export function labelPoint(rings: readonly (readonly Metres[])[]): Metres {
  const [outer, ...holes] = rings as [readonly Metres[], ...(readonly Metres[])[]];
  const depth = (p: Metres, enough: number): number => {
    let least = distanceToRing(p, outer, enough);
    for (const hole of holes) least = Math.min(least, distanceToRing(p, hole, enough));
    return least <= enough || !insideRing(p, outer) || holes.some((hole) => insideRing(p, hole)) ? -1 : least;
  };
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of outer) {
    [west, south] = [Math.min(west, x), Math.min(south, y)];
    [east, north] = [Math.max(east, x), Math.max(north, y)];
  }
  let best = ringCentroid(outer);
  // The centroid is where one looks for a label; leave it only for a clearly deeper place.
  let bestDepth = depth(best, 0) * 1.25;
  let [cx, cy, width, height] = [(west + east) / 2, (south + north) / 2, east - west, north - south];
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 9; i++) {
      for (let j = 0; j < 9; j++) {
        const p: Metres = [cx + ((i + 0.5) / 9 - 0.5) * width, cy + ((j + 0.5) / 9 - 0.5) * height];
        const d = depth(p, Math.max(bestDepth, 0));
        if (d > bestDepth) [best, bestDepth] = [p, d];
      }
    }
    [cx, cy] = best;
    width /= 6;
    height /= 6;
  }
  return best;
}
