import { fromLattice, type LonLat, toLattice } from "../model/geometry.ts";
import { findDefaultPoints, PILES_TO_READ, type Pile } from "./default-points.ts";
import { PositionCounts } from "./position-counts.ts";
import type { ImportLog } from "./report.ts";

/** Fewer things on one spot may well stand there: a pole with cameras, a hall with several stations. */
const MIN_PILE = 20;
/** Share of all things of the files. */
const MIN_SHARE = 0.05;

/** Spots that so many things of a kind share that they must be a default of their source (`findDefaultPoints`). */
export function pilesOf(points: Iterable<LonLat>): Pile[] {
  const counts = new PositionCounts();
  for (const [lon, lat] of points) counts.add(toLattice(lon), toLattice(lat));
  const largest = counts.largest(PILES_TO_READ).map(({ x, y, count }) => ({
    ...{ lon: fromLattice(x), lat: fromLattice(y), count },
  }));
  return findDefaultPoints(largest, counts.rows, counts.distinct, { minCount: MIN_PILE, minShare: MIN_SHARE });
}

/**
 * Says of things that came as points where they pile up on a default. They are loaded all the same: unlike cameras and cases
 * they are known by their names, and somebody must say where they stand.
 *
 * @param what of the kind, for the report
 */
export function flagPiles(points: Iterable<LonLat>, what: string, log: ImportLog): void {
  for (const { lon, lat, count } of pilesOf(points))
    log.flag(
      "default_points",
      `${count} ${what} share the point ${lat.toFixed(4)}, ${lon.toFixed(4)}, which looks like a default of their source: loaded, but say where they stand`,
      count,
    );
}
