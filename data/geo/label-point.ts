import { fromLattice, type LonLat, type MultiPolygonRings, type PolygonRings, toLattice } from "../model/geometry.ts";

/** Scan lines tried for a label point: odd fractions of the height, so that no line passes the extremes. */
const SCAN_LINES = 9;

/**
 * A point well inside a MultiPolygon for its label: the middle of the widest stretch that any of nine scan lines cuts out of
 * it. WGS 84 lon/lat, on the lattice.
 */
export function labelPoint(geometry: MultiPolygonRings): LonLat {
  let best: LonLat = geometry[0]?.[0]?.[0] ?? [0, 0];
  let widest = -1;
  for (const polygon of geometry) {
    let south = 90;
    let north = -90;
    for (const [, lat] of polygon[0] ?? []) {
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
    for (let line = 0; line < SCAN_LINES; line++) {
      const lat = south + ((north - south) * (2 * line + 1)) / (2 * SCAN_LINES);
      const crossings = crossingsAt(polygon, lat);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const from = crossings[i] as number;
        const to = crossings[i + 1] as number;
        if (to - from <= widest) continue;
        widest = to - from;
        best = [fromLattice(toLattice((from + to) / 2)), fromLattice(toLattice(lat))];
      }
    }
  }
  return best;
}

function crossingsAt(polygon: PolygonRings, lat: number): number[] {
  const out: number[] = [];
  for (const ring of polygon) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [x1, y1] = ring[i] as LonLat;
      const [x2, y2] = ring[i + 1] as LonLat;
      if (y1 > lat !== y2 > lat) out.push(x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
    }
  }
  return out.sort((a, b) => a - b);
}
