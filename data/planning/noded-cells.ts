import { arrange, OUTSIDE } from "../coverage/noding/arrangement.ts";
import { dissolve, NOBODY } from "../coverage/noding/dissolve.ts";
import type { MultiPolygonRings } from "../model/geometry.ts";

/**
 * The same ground of each cell, with a corner wherever a neighbour has one: borders that a coverage's exact checks compare edge by
 * edge. Ground of several goes to the first.
 */
export function nodedCells(cells: readonly MultiPolygonRings[]): MultiPolygonRings[] {
  const arrangement = arrange(cells);
  const ownerOf = Int32Array.from(arrangement.owners, (owners, face) =>
    face === OUTSIDE ? NOBODY : (owners[0] ?? NOBODY),
  );
  return dissolve(arrangement, ownerOf, cells.length);
}
