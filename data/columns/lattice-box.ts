import { type Bbox, fromLattice, toLattice } from "../model/geometry.ts";
import type { LatticeBox } from "./box-index.ts";

/** The least lattice unit at or above a coordinate in degrees. */
function ceilLattice(degrees: number): number {
  let units = toLattice(degrees);
  while (fromLattice(units) < degrees) units++;
  while (fromLattice(units - 1) >= degrees) units--;
  return units;
}

/** The greatest lattice unit at or below a coordinate in degrees. */
function floorLattice(degrees: number): number {
  let units = toLattice(degrees);
  while (fromLattice(units) > degrees) units--;
  while (fromLattice(units + 1) <= degrees) units++;
  return units;
}

/** The points of the lattice that lie in a box or on its edge: the same ones that SQL finds in it, to the last unit. */
export const latticeBox = ([west, south, east, north]: Bbox): LatticeBox => [
  ceilLattice(west),
  ceilLattice(south),
  floorLattice(east),
  floorLattice(north),
];
