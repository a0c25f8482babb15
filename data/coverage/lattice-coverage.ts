import { fromLattice, type LonLat, type Ring, toLattice } from "../model/geometry.ts";
import type { CoverageIssue, CoverageMember } from "./check-coverage.ts";

/** A ring on the lattice; exteriors run counter-clockwise, holes clockwise, so the area lies on the left. */
export interface LatticeRing {
  /** Index of the member; -1 for the parent. */
  readonly owner: number;
  /** Corner ids, each once. */
  readonly corners: readonly number[];
  /** Twice the signed area in lattice units, exact. */
  readonly doubleArea: bigint;
}

export interface LatticeCoverage {
  readonly codes: readonly string[];
  readonly hasParent: boolean;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly rings: readonly LatticeRing[];
}

export type Report = (issue: CoverageIssue) => void;

export const toLonLat = (coverage: Pick<LatticeCoverage, "xs" | "ys">, corner: number): LonLat => [
  fromLattice(coverage.xs[corner] as number),
  fromLattice(coverage.ys[corner] as number),
];

/** Takes members and parent to the lattice; rings that cannot be used are reported and left out. */
export function buildLatticeCoverage(
  members: readonly CoverageMember[],
  parent: CoverageMember | undefined,
  report: Report,
): LatticeCoverage {
  const xs: number[] = [];
  const ys: number[] = [];
  const ids = new Map<string, number>();
  const rings: LatticeRing[] = [];
  const cornerOf = (x: number, y: number): number => {
    const key = `${x},${y}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, xs.length);
    xs.push(x);
    ys.push(y);
    return xs.length - 1;
  };

  const take = (ring: Ring, hole: boolean, owner: number, code: string): void => {
    const fault = (message: string, at: number): void => {
      const [lon = 0, lat = 0] = ring[at] ?? ring[0] ?? [];
      const where: LonLat = Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : [0, 0];
      report({ kind: "invalid_ring", codes: owner < 0 ? [] : [code], where, message: `${code}: ${message}` });
    };
    const bad = ring.findIndex((at) => !(Math.abs(at?.[0]) <= 180 && Math.abs(at?.[1]) <= 90));
    if (bad >= 0) {
      fault("a corner is not a longitude and latitude in degrees", bad);
      return;
    }
    const corners: number[] = [];
    for (const [lon, lat] of ring) {
      const corner = cornerOf(toLattice(lon), toLattice(lat));
      if (corners[corners.length - 1] !== corner) corners.push(corner);
    }
    if (corners.length > 1 && corners[0] === corners[corners.length - 1]) corners.pop();
    else fault("a ring is not closed", 0);
    const seen = new Set<number>();
    const twice = corners.findIndex((corner) => seen.size === seen.add(corner).size);
    if (twice >= 0) fault("a ring passes twice through one corner", twice);
    const doubleArea = shoelace(corners, xs, ys);
    if (doubleArea === 0n) {
      fault(corners.length < 3 ? "a ring has fewer than three corners" : "a ring has no area", 0);
      return;
    }
    const turned = doubleArea > 0n === hole;
    rings.push({
      owner,
      corners: turned ? corners.reverse() : corners,
      doubleArea: turned ? -doubleArea : doubleArea,
    });
  };

  const takeAll = (member: CoverageMember, owner: number): void => {
    for (const polygon of member.geometry) {
      polygon.forEach((ring, i) => {
        take(ring, i > 0, owner, member.code);
      });
    }
    if (member.geometry.length > 1 && owner >= 0) {
      report({
        kind: "detached",
        codes: [member.code],
        where: (member.geometry[1]?.[0]?.[0] as LonLat | undefined) ?? [0, 0],
        message: `${member.code} is in ${member.geometry.length} pieces`,
      });
    }
  };
  members.forEach((member, owner) => {
    takeAll(member, owner);
  });
  if (parent) takeAll(parent, -1);
  return { codes: members.map((member) => member.code), hasParent: parent !== undefined, xs, ys, rings };
}

function shoelace(corners: readonly number[], xs: readonly number[], ys: readonly number[]): bigint {
  let sum = 0n;
  const [ox, oy] = [xs[corners[0] as number] as number, ys[corners[0] as number] as number];
  for (let i = 1; i + 1 < corners.length; i++) {
    const [b, c] = [corners[i] as number, corners[i + 1] as number];
    sum +=
      BigInt((xs[b] as number) - ox) * BigInt((ys[c] as number) - oy) -
      BigInt((xs[c] as number) - ox) * BigInt((ys[b] as number) - oy);
  }
  return sum;
}
