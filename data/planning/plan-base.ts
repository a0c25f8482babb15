import type { AreaKind } from "../model/area.ts";
import type { AreaLevel } from "../model/codes.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, toLattice } from "../model/geometry.ts";

/**
 * What the boundary desk opens, in one request (`/columns/plan-base`). Lines are flat arrays of whole numbers in lattice units
 * (1e-7 degree, longitude first): the first position as it is, every other one as the difference from the one before.
 */
export interface PlanBase {
  readonly county: string;
  /** Code of the area that is planned. */
  readonly scope: string;
  /** Instant of the boundaries, ISO 8601. */
  readonly at: string;
  /** Content version of the county when it was read. */
  readonly contentVersion: string;
  /** The lowest areas inside, by code. */
  readonly cells: readonly PlanBaseCell[];
  /** Codes that areas inside had and no longer have: they are not used again. */
  readonly retired: readonly string[];
  readonly compounds: readonly PlanBaseCompound[];
  readonly buildings: PlanBaseBuildings;
  /** Members of staff of grids and lowest areas: where those have their label (packed like buildings), and how many. */
  readonly staff: { readonly at: readonly number[]; readonly count: readonly number[] };
  /** Lines and blocks to snap to. */
  readonly reference: readonly PlanBaseReference[];
}

/** Rings of polygons: exterior first; the closing position is left out. */
export type PackedPolygons = readonly (readonly (readonly number[])[])[];

export interface PlanBaseCell {
  /** Area's row id: the `cell` of a change. */
  readonly id: string;
  readonly versionId: string;
  readonly code: string;
  readonly level: AreaLevel;
  readonly kind: AreaKind;
  readonly name: string;
  /** As the county states it; null when unknown. */
  readonly households: number | null;
  readonly householdsExact: boolean;
  readonly polygons: PackedPolygons;
}

export interface PlanBaseCompound {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly communityCode: string;
  readonly households: number;
  readonly householdsExact: boolean;
  readonly polygons: PackedPolygons;
}

/** Buildings as columns, in order of their area. */
export interface PlanBaseBuildings {
  /** Label points: lattice units, longitude and latitude in turn, differences as in lines. */
  readonly at: readonly number[];
  /** Null where the viewer's role is not told (buildings of one household). */
  readonly households: readonly (number | null)[];
  /** 1 = counted, 0 = an estimate. */
  readonly exact: readonly (0 | 1)[];
  /** Number in `compounds`; -1 for none. */
  readonly compound: readonly number[];
}

export interface PlanBaseReference {
  readonly kind: string;
  readonly rank: string;
  readonly name: string | null;
  /** Open lines; of blocks, their rings. */
  readonly lines: readonly (readonly number[])[];
}

/** Positions as differences. @param closed the last position repeats the first and is left out */
export function packLine(line: readonly LonLat[], closed: boolean): number[] {
  const out: number[] = [];
  let [beforeX, beforeY] = [0, 0];
  const end = closed ? line.length - 1 : line.length;
  for (let n = 0; n < end; n++) {
    const [lon, lat] = line[n] as LonLat;
    const [x, y] = [toLattice(lon), toLattice(lat)];
    out.push(x - beforeX, y - beforeY);
    [beforeX, beforeY] = [x, y];
  }
  return out;
}

export const packPolygons = (polygons: MultiPolygonRings): PackedPolygons =>
  polygons.map((rings) => rings.map((ring) => packLine(ring, true)));

/** Positions in lattice units, longitude and latitude in turn, from differences. */
export function unpackLattice(packed: readonly number[]): Int32Array {
  const out = new Int32Array(packed.length);
  for (let n = 0; n < packed.length; n++) out[n] = (packed[n] as number) + (n < 2 ? 0 : (out[n - 2] as number));
  return out;
}

/** A line in degrees, from differences. @param closed the first position is repeated at the end */
export function unpackLine(packed: readonly number[], closed: boolean): LonLat[] {
  const flat = unpackLattice(packed);
  const line: LonLat[] = [];
  for (let n = 0; n + 1 < flat.length; n += 2)
    line.push([fromLattice(flat[n] as number), fromLattice(flat[n + 1] as number)]);
  const [first] = line;
  return closed && first ? [...line, first] : line;
}

export const unpackPolygons = (polygons: PackedPolygons): MultiPolygonRings =>
  polygons.map((rings) => rings.map((ring) => unpackLine(ring, true)));
