import type { LonLat, MultiPolygonRings } from "../model/geometry.ts";
import { type CoverageMember, checkCoverage } from "./check-coverage.ts";
import { claimantsOf, facesOf, groundOf, isGap, type LayerFaces, SLIVER_WIDTH_M } from "./layer-faults.ts";
import { OUTSIDE } from "./noding/arrangement.ts";

export const LAYER_ISSUE_KINDS = [
  "gap",
  "overlap",
  "sliver",
  "detached",
  "enclave",
  "enclosed",
  "outside_parent",
  "self_crossing",
  "invalid_ring",
  "t_junction",
] as const;
/**
 * - `gap`, `overlap`: ground of nobody, of several.
 * - `sliver`: a gap or overlap no wider than a slip of the hand (`SLIVER_WIDTH_M`).
 * - `detached`: a part of an area that lies apart, beside several others (插花地).
 * - `enclave`: a part of an area that lies apart, inside one other (飞地).
 * - `enclosed`: an area that lies wholly in one other, which is right for a dedicated grid and else a question.
 * - `outside_parent`: ground beyond the outline that the layer must tile.
 * - `self_crossing`, `invalid_ring`: rings that no ground follows from without a guess.
 * - `t_junction`: a corner on a neighbour's line that has no corner there.
 */
export type LayerIssueKind = (typeof LAYER_ISSUE_KINDS)[number];

export type IssueSeverity = "error" | "warning";

/** Ground that must be one area's is an error; what may be meant is a warning. */
export const LAYER_ISSUE_SEVERITY: Readonly<Record<LayerIssueKind, IssueSeverity>> = {
  gap: "error",
  overlap: "error",
  sliver: "error",
  detached: "warning",
  enclave: "warning",
  enclosed: "warning",
  outside_parent: "error",
  self_crossing: "error",
  invalid_ring: "error",
  t_junction: "warning",
};

/** A fault of a polygon layer, as data. */
export interface LayerIssue {
  readonly kind: LayerIssueKind;
  readonly severity: IssueSeverity;
  /** Areas concerned, sorted. */
  readonly areaCodes: readonly string[];
  /** WGS 84 lon/lat in or at the fault. */
  readonly where: LonLat;
  /** m² of the ground; null for a fault of lines. */
  readonly areaM2: number | null;
  /** Twice area over outline, metres; null for a fault of lines. */
  readonly widthM: number | null;
  /** What a sliver is of; null for other kinds. */
  readonly of: "gap" | "overlap" | null;
}

export interface LayerCheckOptions {
  /** Outline that the members must tile. */
  readonly parent?: MultiPolygonRings | undefined;
  /** Gaps and overlaps up to this width are slivers, metres. Default `SLIVER_WIDTH_M`. */
  readonly sliverWidthM?: number | undefined;
}

/** Faults of lines that the exact check of a coverage finds; ground is judged by faces, which have a size. */
const OF_LINES: ReadonlySet<string> = new Set(["invalid_ring", "self_crossing", "t_junction"]);

/**
 * Checks any polygon layer: gaps, overlaps, slivers, parts that lie apart, areas within others, sloppy lines. Exact on the
 * 1e-7 degree lattice.
 *
 * @returns errors first, largest ground first
 */
export function checkLayer(members: readonly CoverageMember[], options: LayerCheckOptions = {}): LayerIssue[] {
  const faces = facesOf(members, options.parent);
  const issues = [
    ...groundIssues(faces, options.sliverWidthM ?? SLIVER_WIDTH_M),
    ...partIssues(faces),
    ...checkCoverage(members)
      .filter(({ kind }) => OF_LINES.has(kind))
      .map(({ kind, codes, where }) => ({
        ...issueOf(kind as LayerIssueKind, codes),
        where,
        areaM2: null,
        widthM: null,
        of: null,
      })),
  ];
  const rank = ({ severity }: LayerIssue): number => (severity === "error" ? 0 : 1);
  return issues.sort((a, b) => rank(a) - rank(b) || (b.areaM2 ?? 0) - (a.areaM2 ?? 0));
}

const issueOf = (
  kind: LayerIssueKind,
  codes: readonly string[],
): Pick<LayerIssue, "kind" | "severity" | "areaCodes"> => ({
  kind,
  severity: LAYER_ISSUE_SEVERITY[kind],
  areaCodes: [...new Set(codes)].sort(),
});

function groundIssues(faces: LayerFaces, sliverWidthM: number): LayerIssue[] {
  const { arrangement, codes, parent } = faces;
  const around = neighboursOf(faces);
  return arrangement.owners.flatMap((owners, face): LayerIssue[] => {
    if (face === OUTSIDE) return [];
    const claimants = claimantsOf(faces, face);
    const names = claimants.map((owner) => codes[owner] as string);
    const { areaM2, widthM, where } = groundOf(arrangement, face);
    const size = { areaM2, widthM, where };
    const found: LayerIssue[] = [];
    const fault = (of: "gap" | "overlap", concerned: readonly string[]): void => {
      const thin = widthM <= sliverWidthM;
      found.push({ ...issueOf(thin ? "sliver" : of, concerned), ...size, of: thin ? of : null });
    };
    if (claimants.length > 1) fault("overlap", names);
    if (isGap(faces, face))
      fault(
        "gap",
        [...(around[face] as Set<number>)].filter((owner) => owner !== parent).map((owner) => codes[owner] as string),
      );
    if (parent >= 0 && claimants.length > 0 && !owners.includes(parent))
      found.push({ ...issueOf("outside_parent", names), ...size, of: null });
    return found;
  });
}

/** Owners of the faces beside each face. */
function neighboursOf({ arrangement: { faceOf, owners } }: LayerFaces): Set<number>[] {
  const around = owners.map(() => new Set<number>());
  faceOf.forEach((face, half) => {
    for (const owner of owners[faceOf[half ^ 1] as number] as readonly number[])
      (around[face] as Set<number>).add(owner);
  });
  return around;
}

/** Ground of one area that hangs together, and what lies around it. */
interface Part {
  readonly owner: number;
  readonly faces: readonly number[];
  readonly areaM2: number;
  /** Areas beside it; -1 for the outside and gaps. */
  readonly around: ReadonlySet<number>;
}

function partIssues(faces: LayerFaces): LayerIssue[] {
  const { arrangement, codes } = faces;
  return [...partsOf(faces)].flatMap(([owner, parts]) => {
    // Ground that others claim as well is told as an overlap already.
    const [main, ...apart] = parts
      .filter((part) => part.faces.some((face) => claimantsOf(faces, face).length === 1))
      .sort((a, b) => b.areaM2 - a.areaM2);
    const own = codes[owner] as string;
    const issue = (kind: LayerIssueKind, part: Part, others: readonly number[]): LayerIssue => ({
      ...issueOf(kind, [own, ...others.map((other) => codes[other] as string)]),
      ...sizeOf(groundOf(arrangement, part.faces[0] as number), part.areaM2),
      of: null,
    });
    const found = apart.map((part) => {
      const others = [...part.around].filter((other) => other >= 0);
      return issue(part.around.size === 1 && others.length === 1 ? "enclave" : "detached", part, others);
    });
    const around = [...(main?.around ?? [])];
    if (main && around.length === 1 && (around[0] as number) >= 0) found.push(issue("enclosed", main, around));
    return found;
  });
}

const sizeOf = (
  { where, widthM }: { readonly where: LonLat; readonly widthM: number },
  areaM2: number,
): Pick<LayerIssue, "where" | "areaM2" | "widthM"> => ({ where, areaM2, widthM });

function partsOf(faces: LayerFaces): Map<number, Part[]> {
  const { arrangement, codes } = faces;
  const { faceOf, owners } = arrangement;
  const halves: number[][] = owners.map(() => []);
  faceOf.forEach((face, half) => {
    (halves[face] as number[]).push(half);
  });
  const parts = new Map<number, Part[]>();
  const seen = codes.map(() => new Set<number>());
  owners.forEach((_, start) => {
    for (const owner of claimantsOf(faces, start)) {
      const known = seen[owner] as Set<number>;
      if (known.has(start)) continue;
      known.add(start);
      const own: number[] = [];
      const around = new Set<number>();
      const waiting = [start];
      for (let face = waiting.pop(); face !== undefined; face = waiting.pop()) {
        own.push(face);
        for (const half of halves[face] as number[]) {
          const beyond = faceOf[half ^ 1] as number;
          const there = claimantsOf(faces, beyond);
          if (!there.includes(owner)) for (const other of there.length === 0 ? [-1] : there) around.add(other);
          else if (!known.has(beyond)) {
            known.add(beyond);
            waiting.push(beyond);
          }
        }
      }
      const areaM2 = own.reduce((sum, face) => sum + groundOf(arrangement, face).areaM2, 0);
      parts.set(owner, [...(parts.get(owner) ?? []), { owner, faces: own, areaM2, around }]);
    }
  });
  return parts;
}
