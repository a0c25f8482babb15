import { labelPoint } from "../../geo/label-point.ts";
import { polygonAreaM2 } from "../../geo/measure.ts";
import type { LonLat } from "../../model/geometry.ts";
import { SLIVER_WIDTH_M } from "../layer-faults.ts";
import { borderLengths } from "./border-lengths.ts";
import { changedArcs } from "./changed-cells.ts";
import { holdOf } from "./holds.ts";
import { fromLatticePolygons } from "./lattice-polygons.ts";
import { type CellId, type Face, OUTSIDE_FACE, type PlanCell, type PlanGraph } from "./plan-graph.ts";
import { cornersOf, faceOf, walkOf } from "./walks.ts";

/**
 * - `gap`, `overlap`: ground of nobody that cells enclose, ground that several claim.
 * - `sliver`: a gap, an overlap or a part no wider than a slip of the hand.
 * - `detached`, `enclave`: a part that lies apart, beside several others (插花地), or inside one other (飞地).
 * - `interleaved`: two cells whose common border is in three stretches or more (犬牙交错).
 * - `empty`: a cell without ground.
 * - `outside`: ground of a cell inside another community's only (its borders all face other communities).
 */
export const PLAN_ISSUES = {
  gap: { severity: "error", zh: "空白：没有网格管辖", en: "Gap: no grid holds this ground" },
  overlap: { severity: "error", zh: "重叠：多个网格都划入了这里", en: "Overlap: several grids claim this ground" },
  sliver: { severity: "error", zh: "碎缝：宽度不足 5 米", en: "Sliver: less than 5 m wide" },
  detached: { severity: "error", zh: "插花地：网格有一块不相连", en: "A part of the grid lies apart" },
  enclave: {
    severity: "error",
    zh: "飞地：网格有一块在别的网格里面",
    en: "A part of the grid lies inside another one",
  },
  interleaved: {
    severity: "warning",
    zh: "界线交错不清：两个网格多次相邻",
    en: "The border of two grids is interleaved",
  },
  empty: { severity: "error", zh: "网格没有范围", en: "The grid has no ground" },
  outside: { severity: "warning", zh: "网格整个在别的社区里", en: "The grid lies wholly in another community" },
} as const satisfies Readonly<Record<string, { severity: "error" | "warning"; zh: string; en: string }>>;
export type PlanIssueKind = keyof typeof PLAN_ISSUES;

/** A way to repair: the face goes to the cell (`repairIssue`). */
export interface PlanFix {
  readonly face: number;
  readonly to: CellId;
  readonly zh: string;
  readonly en: string;
}

/** A fault of a plan, as data. */
export interface PlanIssue {
  readonly kind: PlanIssueKind;
  readonly severity: "error" | "warning";
  /** Cells concerned, sorted. */
  readonly cells: readonly CellId[];
  /** WGS 84 lon/lat in the ground at fault. */
  readonly where: LonLat;
  readonly message: { readonly zh: string; readonly en: string };
  /** Best first. */
  readonly fixes: readonly PlanFix[];
}

/** Issues of a graph by what they are found on, so that an edit looks again at little. */
export interface PlanChecks {
  readonly graph: PlanGraph;
  readonly ofCells: ReadonlyMap<CellId, readonly PlanIssue[]>;
  /** Gaps and overlaps. */
  readonly ofFaces: ReadonlyMap<number, readonly PlanIssue[]>;
}

/** Looks at all of a graph. */
export function checkPlan(graph: PlanGraph): PlanChecks {
  const checks = { graph, ofCells: new Map<CellId, PlanIssue[]>(), ofFaces: new Map<number, PlanIssue[]>() };
  for (const id of graph.cells.keys()) checkCell(graph, id, checks.ofCells);
  for (let face = 0; face < graph.faces.length; face++) checkFace(graph, face, checks.ofFaces);
  return checks;
}

/** Looks at what edits changed, given the issues of a graph before of the same history; equal to `checkPlan`. */
export function updateChecks(before: PlanChecks, graph: PlanGraph): PlanChecks {
  const old = before.graph;
  const cells = new Set<CellId>(graph.cells.changedFrom(old.cells));
  const faces = new Set<number>(graph.faces.changedFrom(old.faces));
  for (const { before: was, after: is } of changedArcs(old, graph)) {
    for (const face of was ? [was.left, was.right] : []) note(old, face);
    for (const face of is ? [is.left, is.right] : []) note(graph, face);
  }
  const ofCells = new Map(before.ofCells);
  const ofFaces = new Map(before.ofFaces);
  for (const id of cells) checkCell(graph, id, ofCells);
  for (const face of faces) checkFace(graph, face, ofFaces);
  return { graph, ofCells, ofFaces };

  function note(of: PlanGraph, face: number): void {
    faces.add(face);
    const cell = of.faces.get(face)?.cell;
    if (cell) cells.add(cell);
  }
}

/** All issues, errors first; in a fixed order. */
export function issuesOf({ ofCells, ofFaces }: PlanChecks): PlanIssue[] {
  const all = [...[...ofFaces.values()].flat(), ...[...ofCells.values()].flat()];
  const key = ({ severity, kind, cells, where }: PlanIssue): string =>
    `${severity} ${kind} ${cells.join()} ${where.join()}`;
  return all
    .map((issue) => ({ issue, key: key(issue) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ issue }) => issue);
}

function checkCell(graph: PlanGraph, id: CellId, into: Map<CellId, readonly PlanIssue[]>): void {
  const cell = graph.cells.get(id);
  const found = cell ? issuesOfCell(graph, cell) : [];
  if (found.length > 0) into.set(id, found);
  else into.delete(id);
}

function issuesOfCell(graph: PlanGraph, cell: PlanCell): PlanIssue[] {
  if (cell.faces.length === 0) return [issue("empty", [cell.id], [0, 0], [])];
  const found: PlanIssue[] = [];
  if (cell.faces.length > 1) {
    const parts = cell.faces.map((face) => ({ face, areaM2: areaOf(graph, face) }));
    parts.sort((a, b) => b.areaM2 - a.areaM2 || a.face - b.face);
    for (const { face, areaM2 } of parts.slice(1)) {
      const beside = besideOf(graph, face);
      const others = [...new Set(beside.map(({ cell: other }) => other))];
      const kind = isThin(graph, face, areaM2) ? "sliver" : others.length === 1 ? "enclave" : "detached";
      found.push(
        issue(kind, [cell.id, ...others.filter((other) => other !== null)], inside(graph, face), fixesFor(graph, face)),
      );
    }
  }
  found.push(...interleavings(graph, cell));
  const around = cell.faces.flatMap((face) => besideOf(graph, face));
  const parents = new Set(around.map(({ cell: other }) => (other === null ? null : graph.cells.get(other)?.parent)));
  if (cell.parent !== null && parents.size === 1 && !parents.has(null) && !parents.has(cell.parent))
    found.push(issue("outside", [cell.id], inside(graph, cell.faces[0] as number), []));
  return found;
}

/** Pairs of cells that meet along a walk in three stretches or more; told by the first of the two. */
function interleavings(graph: PlanGraph, cell: PlanCell): PlanIssue[] {
  const stretches = new Map<CellId, number>();
  for (const face of cell.faces)
    for (const start of (graph.faces.get(face) as Face).walks) {
      const others = walkOf(graph, start).map((ref) => graph.faces.get(faceOf(graph, ~ref))?.cell ?? null);
      others.forEach((other, i) => {
        const before = others[i === 0 ? others.length - 1 : i - 1];
        if (other !== null && (other !== before || others.length === 1))
          stretches.set(other, (stretches.get(other) ?? 0) + 1);
      });
    }
  return [...stretches].flatMap(([other, count]) =>
    count >= 3 && cell.id < other
      ? [issue("interleaved", [cell.id, other], inside(graph, cell.faces[0] as number), [])]
      : [],
  );
}

function checkFace(graph: PlanGraph, id: number, into: Map<number, readonly PlanIssue[]>): void {
  const face = graph.faces.get(id);
  into.delete(id);
  if (!face || id === OUTSIDE_FACE) return;
  const claims = face.claims.filter((claim) => graph.cells.has(claim));
  if (face.cell !== null && claims.length === 0) return;
  const thin = isThin(graph, id, areaOf(graph, id));
  if (face.cell === null) {
    const cells = besideOf(graph, id).flatMap(({ cell }) => cell ?? []);
    into.set(id, [issue(thin ? "sliver" : "gap", cells, inside(graph, id), fixesFor(graph, id))]);
    return;
  }
  const claimants = [face.cell, ...claims];
  const fixes = claimants.map((to) => fixTo(graph, id, to));
  into.set(id, [issue(thin ? "sliver" : "overlap", claimants, inside(graph, id), fixes)]);
}

const issue = (kind: PlanIssueKind, cells: readonly CellId[], where: LonLat, fixes: readonly PlanFix[]): PlanIssue => {
  const { severity, zh, en } = PLAN_ISSUES[kind];
  return { kind, severity, cells: [...new Set(cells)].sort(), where, message: { zh, en }, fixes };
};

const fixTo = (graph: PlanGraph, face: number, to: CellId): PlanFix => {
  const name = graph.cells.get(to)?.name ?? to;
  return { face, to, zh: `划给「${name}」`, en: `Give it to ${name}` };
};

/** Cells beside a face, longest border first; null for nobody's ground. */
function besideOf(graph: PlanGraph, face: number): { readonly face: number; readonly cell: CellId | null }[] {
  return [...borderLengths(graph, face)]
    .sort(([a, x], [b, y]) => y - x || a - b)
    .map(([beside]) => ({ face: beside, cell: graph.faces.get(beside)?.cell ?? null }));
}

function fixesFor(graph: PlanGraph, face: number): PlanFix[] {
  const gap = graph.faces.get(face)?.cell === null;
  const cells = besideOf(graph, face).flatMap(({ face: beside, cell }) =>
    cell !== null && (gap || !holdOf(graph, { left: face, right: beside })) ? [cell] : [],
  );
  return [...new Set(cells)].map((to) => fixTo(graph, face, to));
}

const ringsOf = (graph: PlanGraph, face: number) => {
  const rings = (graph.faces.get(face) as Face).walks.map((start) => {
    const corners = cornersOf(graph, walkOf(graph, start));
    return [...corners, ...corners.slice(0, 1)];
  });
  return fromLatticePolygons([rings]);
};

const areaOf = (graph: PlanGraph, face: number): number => polygonAreaM2(ringsOf(graph, face)[0] ?? []);
const inside = (graph: PlanGraph, face: number): LonLat => labelPoint(ringsOf(graph, face));

/** True for ground no wider than a slip: twice its area over its outline. */
function isThin(graph: PlanGraph, face: number, areaM2: number): boolean {
  let outline = 0;
  for (const metres of borderLengths(graph, face).values()) outline += metres;
  return outline > 0 && (2 * areaM2) / outline <= SLIVER_WIDTH_M;
}
