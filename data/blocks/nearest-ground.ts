import { Delaunay } from "d3-delaunay";
import { type Bbox, fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../model/geometry.ts";
import { scales } from "./edge-lengths.ts";

/** The frame around all points is this many mean distances wide. */
const MARGIN = 0.5;

/**
 * Ground of each owner of points (buildings of a compound, compounds): the places that are nearest to one of its points.
 *
 * @param points WGS 84 lon/lat
 * @param owners number of the owner of each point
 * @param count number of owners; one without points has no ground
 * @param frame what the ground must cover at least, degrees
 * @returns polygons of each owner: the cells of its points, one polygon each, which fit exactly
 */
export function nearestGround(
  points: readonly LonLat[],
  owners: readonly number[],
  count: number,
  frame?: Bbox,
): MultiPolygonRings[] {
  const ground: MultiPolygonRings[number][][] = Array.from({ length: count }, () => []);
  const xs = points.map(([lon]) => toLattice(lon));
  const ys = points.map(([, lat]) => toLattice(lat));
  const [west, east] = extent(frame ? [...xs, toLattice(frame[0]), toLattice(frame[2])] : xs);
  const [south, north] = extent(frame ? [...ys, toLattice(frame[1]), toLattice(frame[3])] : ys);
  const scale = scales()((south + north) / 2);
  /** Of points on one place the first has the ground. */
  const seen = new Set<string>();
  const kept = points.flatMap((_, n) => {
    const key = `${xs[n]} ${ys[n]}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [n];
  });
  const [wide, high] = [(east - west) * scale.lon, (north - south) * scale.lat];
  const margin = Math.max(50, MARGIN * Math.sqrt((wide * high) / Math.max(1, kept.length)));
  const flat = Float64Array.from(
    kept.flatMap((n) => [((xs[n] as number) - west) * scale.lon, ((ys[n] as number) - south) * scale.lat]),
  );
  const cells = new Delaunay(flat).voronoi([-margin, -margin, wide + margin, high + margin]);
  kept.forEach((n, cell) => {
    const corners: LonLat[] = [];
    for (const [x, y] of cells.cellPolygon(cell) ?? []) {
      const at: LonLat = [
        fromLattice(Math.round((x as number) / scale.lon) + west),
        fromLattice(Math.round((y as number) / scale.lat) + south),
      ];
      const last = corners[corners.length - 1];
      if (last?.[0] !== at[0] || last[1] !== at[1]) corners.push(at);
    }
    if (corners.length > 3) (ground[owners[n] as number] as MultiPolygonRings[number][]).push([corners]);
  });
  return ground;
}

const extent = (values: readonly number[]): readonly [number, number] =>
  values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)] as const, [
    Infinity,
    -Infinity,
  ] as readonly [number, number]);
