import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import { findBoundaryIssues } from "./boundary-issues.ts";
import { findCrossings } from "./crossings.ts";
import { buildLatticeCoverage, toLonLat } from "./lattice-coverage.ts";

export const COVERAGE_ISSUE_KINDS = [
  "invalid_ring",
  "self_crossing",
  "detached",
  "overlap",
  "gap",
  "t_junction",
  "outside_parent",
  "area_mismatch",
] as const;
/**
 * - `invalid_ring`: fewer than three corners, not closed, no area, a corner that is no number or off the lattice, or a
 *   corner used twice.
 * - `self_crossing`: two edges of one area meet elsewhere than at a common corner.
 * - `detached`: an area, or the whole layer, is in more than one piece.
 * - `overlap`: two areas share ground.
 * - `gap`: ground inside the layer or its parent that no area holds.
 * - `t_junction`: a corner of one area lies on an edge of its neighbour that has no corner there.
 * - `outside_parent`: an area reaches over its parent's boundary.
 * - `area_mismatch`: the exact areas of the members do not sum to the parent's.
 */
export type CoverageIssueKind = (typeof COVERAGE_ISSUE_KINDS)[number];

/** One fault of a layer, as data: nothing is thrown for bad geometry. */
export interface CoverageIssue {
  readonly kind: CoverageIssueKind;
  /** Areas concerned, sorted; the parent's code is not among them. */
  readonly codes: readonly string[];
  /** WGS 84 lon/lat of the fault. */
  readonly where: LonLat;
  readonly message: string;
}

export interface CoverageMember {
  readonly code: string;
  /** WGS 84 lon/lat; taken to the 1e-7 degree lattice. */
  readonly geometry: MultiPolygonRings;
}

export interface CoverageOptions {
  /** Stop after this many issues of a kind; sloppy layers have one at every border. Default 1000. */
  readonly limitPerKind?: number;
}

/**
 * Checks exactly, on the integer 1e-7 degree lattice, that polygons form a coverage: each directed edge of a ring is met by
 * exactly one reversed edge of a neighbour or lies on the outer boundary; no two edges cross or touch except at common
 * corners; and, with a parent, the outer boundary is the parent's and the exact areas agree. All predicates are exact
 * (integers, or orientation by robust-predicates), so an empty answer is a proof, not a tolerance.
 *
 * @param members areas of one level
 * @param parent the area that they must tile; without it the outer boundary may be any
 */
export function checkCoverage(
  members: readonly CoverageMember[],
  parent?: CoverageMember,
  options: CoverageOptions = {},
): CoverageIssue[] {
  const limit = options.limitPerKind ?? 1000;
  const counts = new Map<CoverageIssueKind, number>();
  const issues: CoverageIssue[] = [];
  const report = (issue: CoverageIssue): void => {
    const count = (counts.get(issue.kind) ?? 0) + 1;
    counts.set(issue.kind, count);
    if (count <= limit) issues.push({ ...issue, codes: [...new Set(issue.codes)].sort() });
  };
  const coverage = buildLatticeCoverage(members, parent, report);
  findCrossings(coverage, report);
  findBoundaryIssues(coverage, report);
  if (parent) compareAreas(coverage, report);
  return issues;
}

function compareAreas(coverage: ReturnType<typeof buildLatticeCoverage>, report: (issue: CoverageIssue) => void): void {
  let sum = 0n;
  for (const ring of coverage.rings) if (ring.owner >= 0) sum += ring.doubleArea;
  const whole = coverage.rings.filter((ring) => ring.owner < 0).reduce((all, ring) => all + ring.doubleArea, 0n);
  if (sum === whole) return;
  const first = coverage.rings.find((ring) => ring.owner < 0) ?? coverage.rings[0];
  const difference = sum > whole ? sum - whole : whole - sum;
  report({
    kind: "area_mismatch",
    codes: [],
    where: first ? toLonLat(coverage, first.corners[0] as number) : [0, 0],
    message: `The areas sum to ${sum > whole ? "more" : "less"} than their parent: ${difference} half lattice cells`,
  });
}
