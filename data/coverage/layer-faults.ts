import { labelPoint } from "../geo/label-point.ts";
import { lengthM, polygonAreaM2 } from "../geo/measure.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, type PolygonRings } from "../model/geometry.ts";
import type { CoverageMember } from "./check-coverage.ts";
import { type Arrangement, arrange, OUTSIDE } from "./noding/arrangement.ts";

/** Widest stretch, in metres, that is taken for a slip of the hand rather than for ground: the rule of 5 m at borders. */
export const SLIVER_WIDTH_M = 5;

/** A piece of ground and how large it is. */
export interface Ground {
  /** m² on the ellipsoid. */
  readonly areaM2: number;
  /** Twice the area over the outline's length: the width of a long stretch; metres. */
  readonly widthM: number;
  /** A point inside, WGS 84 lon/lat. */
  readonly where: LonLat;
  readonly rings: PolygonRings;
}

/** Members taken to faces, with the parent as a last owner where there is one. */
export interface LayerFaces {
  readonly arrangement: Arrangement;
  readonly codes: readonly string[];
  /** Owner number of the parent; -1 without one. */
  readonly parent: number;
}

/** Divides the plane by the members of a layer and its parent's outline. */
export function facesOf(members: readonly CoverageMember[], parent?: MultiPolygonRings): LayerFaces {
  const grounds = members.map(({ geometry }) => geometry);
  return {
    arrangement: arrange(parent ? [...grounds, parent] : grounds),
    codes: members.map(({ code }) => code),
    parent: parent ? members.length : -1,
  };
}

/** Members whose ground a face is. */
export const claimantsOf = ({ arrangement, parent }: LayerFaces, face: number): readonly number[] =>
  (arrangement.owners[face] as readonly number[]).filter((owner) => owner !== parent);

/** True for ground that should be somebody's: inside the parent, or, without one, closed in by members. */
export const isGap = (faces: LayerFaces, face: number): boolean =>
  face !== OUTSIDE &&
  claimantsOf(faces, face).length === 0 &&
  (faces.parent < 0 || (faces.arrangement.owners[face] as readonly number[]).includes(faces.parent));

/** The face as a polygon, and its size. */
export function groundOf({ points, borders }: Arrangement, face: number): Ground {
  const rings = (borders[face] as readonly (readonly number[])[]).map((corners) =>
    [...corners, corners[0] as number].map(
      (point): LonLat => [fromLattice(points.x(point)), fromLattice(points.y(point))],
    ),
  );
  const areaM2 = polygonAreaM2(rings);
  const outline = rings.reduce((sum, ring) => sum + lengthM(ring), 0);
  return { areaM2, widthM: outline === 0 ? 0 : (2 * areaM2) / outline, where: labelPoint([rings]), rings };
}

/** Lengths, in metres, of the border that a set of faces has with each owner beyond it. */
export function sharedBorders(
  { faceOf, from, to, points }: Arrangement,
  halves: readonly number[],
  ownerBeyond: (half: number) => number,
): Map<number, number> {
  const lengths = new Map<number, number>();
  for (const half of halves) {
    if ((faceOf[half] as number) === (faceOf[half ^ 1] as number)) continue;
    const owner = ownerBeyond(half);
    const [a, b] = [from[half >> 1] as number, to[half >> 1] as number];
    const line: LonLat[] = [
      [fromLattice(points.x(a)), fromLattice(points.y(a))],
      [fromLattice(points.x(b)), fromLattice(points.y(b))],
    ];
    lengths.set(owner, (lengths.get(owner) ?? 0) + lengthM(line));
  }
  return lengths;
}
