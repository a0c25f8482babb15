import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import type { CoverageMember } from "./check-coverage.ts";
import {
  claimantsOf,
  facesOf,
  groundOf,
  isGap,
  type LayerFaces,
  SLIVER_WIDTH_M,
  sharedBorders,
} from "./layer-faults.ts";
import { OUTSIDE } from "./noding/arrangement.ts";
import { dissolve, NOBODY } from "./noding/dissolve.ts";

/** What a repair did with a piece of ground, or why it left it. */
export interface CoverageRepair {
  /**
   * - `gap_closed`: a stretch nobody held went to the neighbour with the longest border.
   * - `gap_kept`: ground that nobody holds and that is too wide for a slip: a true enclave, a lake, a forgotten area.
   * - `overlap_resolved`: ground of several went to one of them.
   * - `part_given`: a stretch that hung on its area no more went to the neighbour around it.
   * - `outside_cut`: ground beyond the parent's outline was cut off.
   */
  readonly kind: "gap_closed" | "gap_kept" | "overlap_resolved" | "part_given" | "outside_cut";
  /** Areas that claimed the ground, or border on it, sorted. */
  readonly codes: readonly string[];
  /** Who has it now; null = nobody. */
  readonly to: string | null;
  readonly areaM2: number;
  readonly widthM: number;
  /** A point in the ground, WGS 84 lon/lat. */
  readonly where: LonLat;
}

export interface CoverageRepairOptions {
  /** Outline that the members must tile: ground beyond it is cut off, and all ground in it that nobody holds is a gap. */
  readonly parent?: MultiPolygonRings | undefined;
  /** Gaps up to this width (metres) are closed; wider ones are kept and named. Default `SLIVER_WIDTH_M`. */
  readonly sliverWidthM?: number | undefined;
}

export interface RepairedCoverage {
  /** One for each member, in order: the member's own where its ground and corners are as they were; empty when all its
   * ground went to others. */
  readonly geometries: readonly MultiPolygonRings[];
  /** Largest ground first. */
  readonly repairs: readonly CoverageRepair[];
  /** Corners that were added where lines of neighbours met without one. */
  readonly addedCorners: number;
}

/** A claimant that has no more than this share of its ground to itself keeps what others claim too: it lies in them. */
const MOSTLY_SHARED = 0.5;

/**
 * Makes a coverage of a sloppy layer: corners go to the lattice, lines that cross or touch get common corners, gaps that
 * are no wider than a slip are closed, overlaps go to one owner. Rules: an area that lies mostly in others keeps its ground
 * (it was not cut out of them); else the claimant with the longest border to the piece has it; gaps likewise. What was
 * done is listed piece by piece.
 *
 * @param members areas of one level, WGS 84 lon/lat
 */
export function repairCoverage(
  members: readonly CoverageMember[],
  options: CoverageRepairOptions = {},
): RepairedCoverage {
  const faces = facesOf(members, options.parent);
  const work = new Repair(faces, members, options.sliverWidthM ?? SLIVER_WIDTH_M);
  work.resolveOverlaps();
  work.closeGaps();
  work.giveParts();
  const { arrangement } = faces;
  return {
    geometries: dissolve(arrangement, work.ownerOf, members.length).map((geometry, n) =>
      sameRings(geometry, (members[n] as CoverageMember).geometry) ? (members[n] as CoverageMember).geometry : geometry,
    ),
    repairs: work.repairs.sort((a, b) => b.areaM2 - a.areaM2),
    addedCorners: arrangement.points.count - arrangement.corners,
  };
}

/** True when polygons have the same rings, wherever a ring begins and in whatever order they stand. */
function sameRings(a: MultiPolygonRings, b: MultiPolygonRings): boolean {
  if (a.length !== b.length) return false;
  const known = new Set(b.map(polygonKey));
  return a.every((rings) => known.has(polygonKey(rings)));
}

const polygonKey = (rings: MultiPolygonRings[number]): string => rings.map(ringKey).sort().join("|");

/** Corners from the least one on. */
function ringKey(ring: readonly LonLat[]): string {
  const corners = ring.slice(0, -1).map(([lon, lat]) => `${lon} ${lat}`);
  const first = corners.reduce((least, corner, i) => (corner < (corners[least] as string) ? i : least), 0);
  return [...corners.slice(first), ...corners.slice(0, first)].join();
}

class Repair {
  readonly ownerOf: Int32Array;
  readonly repairs: CoverageRepair[] = [];
  readonly #halves: readonly (readonly number[])[];

  constructor(
    readonly faces: LayerFaces,
    readonly members: readonly CoverageMember[],
    readonly sliverWidthM: number,
  ) {
    const { arrangement, parent } = faces;
    const halves: number[][] = arrangement.owners.map(() => []);
    arrangement.faceOf.forEach((face, half) => {
      (halves[face] as number[]).push(half);
    });
    this.#halves = halves;
    this.ownerOf = Int32Array.from(arrangement.owners, (own, face) => {
      const claimants = claimantsOf(faces, face);
      if (parent >= 0 && claimants.length > 0 && !own.includes(parent)) {
        this.#note("outside_cut", face, claimants, NOBODY);
        return NOBODY;
      }
      return claimants.length === 1 ? (claimants[0] as number) : NOBODY;
    });
  }

  resolveOverlaps(): void {
    const { arrangement, parent } = this.faces;
    const overlaps = arrangement.owners.flatMap((own, face) =>
      claimantsOf(this.faces, face).length > 1 && (parent < 0 || own.includes(parent)) ? [face] : [],
    );
    if (overlaps.length === 0) return;
    const [own, whole] = this.#areas();
    const given = overlaps.map((face) => {
      const claimants = claimantsOf(this.faces, face);
      const lying = claimants.filter((owner) => (own[owner] as number) <= MOSTLY_SHARED * (whole[owner] as number));
      // Of several that lie in others the smallest is innermost.
      const inner = lying.toSorted((a, b) => (whole[a] as number) - (whole[b] as number) || a - b)[0];
      return inner ?? this.#neighbour([face], (owner) => claimants.includes(owner)) ?? (claimants[0] as number);
    });
    overlaps.forEach((face, i) => {
      this.ownerOf[face] = given[i] as number;
      this.#note("overlap_resolved", face, claimantsOf(this.faces, face), given[i] as number);
    });
  }

  closeGaps(): void {
    const { arrangement } = this.faces;
    const gaps = arrangement.owners.flatMap((_, face) => (isGap(this.faces, face) ? [face] : []));
    const given = gaps.map((face) => {
      const around = [...this.#borders([face]).keys()].filter((owner) => owner !== NOBODY);
      const thin = groundOf(arrangement, face).widthM <= this.sliverWidthM;
      return { face, around, to: thin ? (this.#neighbour([face], (owner) => owner !== NOBODY) ?? NOBODY) : NOBODY };
    });
    for (const { face, around, to } of given) {
      this.ownerOf[face] = to;
      this.#note(to === NOBODY ? "gap_kept" : "gap_closed", face, around, to);
    }
  }

  /** Thin stretches that hung on their area before overlaps went to others, and do no more, go to who is around them. */
  giveParts(): void {
    // A stretch may go to one that is then given away itself.
    while (this.#givePartsOnce()) {}
  }

  #givePartsOnce(): boolean {
    let given = false;
    for (const [owner, parts] of this.#partsOf()) {
      if (parts.length < 2) continue;
      const sized = parts.map((part) => ({ part, ...this.#extent(part) })).sort((a, b) => b.areaM2 - a.areaM2);
      for (const { part, widthM } of sized.slice(1)) {
        if (widthM > this.sliverWidthM || !this.#wasTorn(owner, part)) continue;
        const to = this.#neighbour(part, (one) => one !== NOBODY && one !== owner);
        if (to === undefined) continue;
        for (const face of part) this.ownerOf[face] = to;
        for (const face of part) this.#note("part_given", face, [owner], to);
        given = true;
      }
    }
    return given;
  }

  /** Faces of each owner that hang together. */
  #partsOf(): Map<number, number[][]> {
    const parts = new Map<number, number[][]>();
    const seen = new Uint8Array(this.ownerOf.length);
    this.ownerOf.forEach((owner, start) => {
      if (owner === NOBODY || start === OUTSIDE || seen[start]) return;
      const part = this.#reach(start, (face) => this.ownerOf[face] === owner);
      for (const face of part) seen[face] = 1;
      parts.set(owner, [...(parts.get(owner) ?? []), part]);
    });
    return parts;
  }

  /** True when the part is no ground that only its owner claimed, or when the owner's claims led from it to its other ground. */
  #wasTorn(owner: number, part: readonly number[]): boolean {
    const own = new Set(part);
    const claims = (face: number): boolean => claimantsOf(this.faces, face).includes(owner);
    const start = part.find(claims);
    if (start === undefined || !part.some((face) => claims(face) && claimantsOf(this.faces, face).length === 1))
      return true;
    return this.#reach(start, claims).some((face) => this.ownerOf[face] === owner && !own.has(face));
  }

  /** Faces that hang together with one and are wanted. */
  #reach(start: number, wanted: (face: number) => boolean): number[] {
    const { faceOf } = this.faces.arrangement;
    const seen = new Set([start]);
    const waiting = [start];
    for (let face = waiting.pop(); face !== undefined; face = waiting.pop())
      for (const half of this.#halves[face] as readonly number[]) {
        const beyond = faceOf[half ^ 1] as number;
        if (beyond === OUTSIDE || seen.has(beyond) || !wanted(beyond)) continue;
        seen.add(beyond);
        waiting.push(beyond);
      }
    return [...seen];
  }

  /** Ground that each member has to itself, and all that it claims, m². */
  #areas(): readonly [own: Float64Array, whole: Float64Array] {
    const [own, whole] = [new Float64Array(this.members.length), new Float64Array(this.members.length)];
    this.faces.arrangement.owners.forEach((_, face) => {
      const claimants = claimantsOf(this.faces, face);
      if (claimants.length === 0) return;
      const { areaM2 } = groundOf(this.faces.arrangement, face);
      for (const owner of claimants) {
        whole[owner] = (whole[owner] as number) + areaM2;
        if (claimants.length === 1) own[owner] = (own[owner] as number) + areaM2;
      }
    });
    return [own, whole];
  }

  #extent(part: readonly number[]): { readonly areaM2: number; readonly widthM: number } {
    const areaM2 = part.reduce((sum, face) => sum + groundOf(this.faces.arrangement, face).areaM2, 0);
    const outline = [...this.#borders(part).values()].reduce((sum, length) => sum + length, 0);
    return { areaM2, widthM: outline === 0 ? 0 : (2 * areaM2) / outline };
  }

  /** Border of faces with each owner around them. */
  #borders(part: readonly number[]): Map<number, number> {
    const { arrangement } = this.faces;
    const inside = new Set(part);
    const halves = part
      .flatMap((face) => this.#halves[face] as readonly number[])
      .filter((half) => !inside.has(arrangement.faceOf[half ^ 1] as number));
    return sharedBorders(arrangement, halves, (half) => {
      const beyond = arrangement.faceOf[half ^ 1] as number;
      return beyond === OUTSIDE ? NOBODY : (this.ownerOf[beyond] as number);
    });
  }

  /** Whoever of the allowed has the longest border; of equals the first member. */
  #neighbour(part: readonly number[], allowed: (owner: number) => boolean): number | undefined {
    const found = [...this.#borders(part)].filter(([owner]) => allowed(owner));
    return found.sort(([a, p], [b, q]) => q - p || a - b)[0]?.[0];
  }

  #note(kind: CoverageRepair["kind"], face: number, owners: readonly number[], to: number): void {
    const { areaM2, widthM, where } = groundOf(this.faces.arrangement, face);
    const codes = owners.map((owner) => this.faces.codes[owner] as string).sort();
    this.repairs.push({
      kind,
      codes,
      to: to === NOBODY ? null : (this.faces.codes[to] as string),
      areaM2,
      widthM,
      where,
    });
  }
}
