import { checkCoverage } from "../coverage/check-coverage.ts";
import { checkLayer } from "../coverage/check-layer.ts";
import { groundOf } from "../coverage/layer-faults.ts";
import { arrange, OUTSIDE } from "../coverage/noding/arrangement.ts";
import { labelPoint } from "../geo/label-point.ts";
import { LocateIndex } from "../geo/locate-index.ts";
import { bboxOf } from "../geo/measure.ts";
import { levelOfCode, parentCode } from "../model/codes.ts";
import type { Bbox, LonLat } from "../model/geometry.ts";
import { type AfterCell, afterPlan, touchedCells } from "./after-plan.ts";
import { GRID_HOUSEHOLDS } from "./household-band.ts";
import type { BaseCell, PlanChange } from "./plan.ts";

export const PLAN_ISSUE_KINDS = [
  "gap",
  "overlap",
  "outside",
  "self_crossing",
  "invalid_ring",
  "t_junction",
  "detached",
  "unowned_building",
  "code_taken",
  "code_retired",
  "parent_missing",
  "nothing_changed",
  "base_changed",
  "database",
  "many_households",
  "few_households",
] as const;
/**
 * - `gap`, `overlap`: ground of a changed cell that nobody, or somebody else as well, has afterwards; of any size.
 * - `outside`: ground beyond the area that is planned, or a code outside it.
 * - `self_crossing`, `invalid_ring`: lines from which no border follows.
 * - `t_junction`: a corner on a neighbour's straight line that has none there: no ground is at stake, a question.
 * - `detached`: a cell in more parts than before.
 * - `unowned_building`: a building that no cell holds.
 * - `code_taken`, `code_retired`, `parent_missing`: the code is another's, was another's, or leads to no area.
 * - `base_changed`: the plan was drawn on boundaries that have changed since.
 * - `database`: the database's own check (PostGIS) finds what this one does not.
 * - `many_households`, `few_households`: beyond 300 to 500 households (GB/T 34300, domain.md 4.5): a question, no error.
 */
export type PlanIssueKind = (typeof PLAN_ISSUE_KINDS)[number];

/** What is found of a plan, as data. An error keeps it from being handed in and published. */
export interface PlanIssue {
  readonly kind: PlanIssueKind;
  readonly severity: "error" | "warning";
  /** Cells concerned. */
  readonly cells: readonly string[];
  /** WGS 84 lon/lat in or at it; null for what has no place. */
  readonly where: LonLat | null;
  readonly message: string;
  /** m² or households; null where there is no number. */
  readonly value: number | null;
}

export interface RefereeBuilding {
  readonly point: LonLat;
  readonly households: number;
  /** Whether the count is one, or an estimate. */
  readonly exact: boolean;
}

export interface RefereeCase {
  /** All cells of the plan's area, as they are. */
  readonly base: readonly BaseCell[];
  readonly changes: readonly PlanChange[];
  /** Ground of the area that is planned. */
  readonly scope: { readonly code: string; readonly geometry: BaseCell["geometry"] };
  /** Codes that areas had and no area has, with the areas that had them: each may have its own again. */
  readonly retired: ReadonlyMap<string, ReadonlySet<string>>;
  /** Codes of areas that cells lie in. */
  readonly parents: ReadonlySet<string>;
  readonly buildings: readonly RefereeBuilding[];
}

/** Characters of a grid's code; a micro-grid's goes on with `-NN`. */
const GRID_CODE_LENGTH = 15;

/** Everything that is to be said of a plan, errors first. */
export function refereePlan(given: RefereeCase): PlanIssue[] {
  const after = afterPlan(given.base, given.changes);
  const old = touchedCells(given.base, given.changes);
  const issues = [
    ...(given.changes.length === 0 ? [issue("nothing_changed", [], null, "The plan changes nothing")] : []),
    ...codeIssues(given, after),
    ...lineIssues(after),
    ...groundIssues(given, old, after),
    ...partIssues(old, after),
    ...buildingIssues(given, old, after),
  ];
  return issues.sort((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}

const issue = (
  kind: PlanIssueKind,
  cells: readonly string[],
  where: LonLat | null,
  message: string,
  value: number | null = null,
  severity: PlanIssue["severity"] = "error",
): PlanIssue => ({ kind, severity, cells, where, message, value });

const touches = (a: Bbox, b: Bbox): boolean => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

const boxOf = ({ geometry }: { readonly geometry: BaseCell["geometry"] }): Bbox[] => {
  const box = bboxOf(geometry);
  return box ? [box] : [];
};

/** Changed cells and those around them: what a change can be at fault with. */
export function cellsAround(after: readonly AfterCell[], more: readonly BaseCell[] = []): AfterCell[] {
  const boxes = [...after.filter(({ changed }) => changed), ...more].flatMap(boxOf);
  return after.filter(({ changed, geometry }) => {
    if (changed) return true;
    const box = bboxOf(geometry);
    return box !== undefined && boxes.some((one) => touches(box, one));
  });
}

function codeIssues({ base, changes, scope, retired, parents }: RefereeCase, after: readonly AfterCell[]): PlanIssue[] {
  const issues: PlanIssue[] = [];
  const holders = new Map<string, string[]>();
  for (const { code, cell } of after) holders.set(code, [...(holders.get(code) ?? []), cell]);
  for (const [code, cells] of holders)
    if (cells.length > 1) issues.push(issue("code_taken", cells, null, `${cells.length} cells have the code ${code}`));
  const codeBefore = new Map(base.map(({ id, code }) => [id, code]));
  // Cells that keep ground of their own have none inside them.
  const standing = new Set(after.map((one) => one.code));
  for (const { cell, code, geometry } of changes) {
    if (geometry === null || codeBefore.get(cell) === code) continue;
    const others = retired.get(code);
    if ((others && !others.has(cell)) || [...codeBefore].some(([id, had]) => had === code && id !== cell))
      issues.push(issue("code_retired", [cell], null, `${code} was the code of another area and is not used again`));
    const parent = parentCode(code);
    if (!code.startsWith(scope.code)) issues.push(issue("outside", [cell], null, `${code} lies outside ${scope.code}`));
    else if (parent !== undefined && standing.has(parent))
      issues.push(
        issue("parent_missing", [cell], null, `${parent} has no grids and keeps ground: give all of it to its grids`),
      );
    // The planned area itself, drawn where it loses its grids again, lies where it lay.
    else if (code !== scope.code && (levelOfCode(code) === undefined || parent === undefined || !parents.has(parent)))
      issues.push(issue("parent_missing", [cell], null, `there is no area ${parent ?? ""} that ${code} could lie in`));
  }
  return issues;
}

const LINE_KINDS: ReadonlySet<string> = new Set(["invalid_ring", "self_crossing", "t_junction"]);

function lineIssues(after: readonly AfterCell[]): PlanIssue[] {
  const changed = new Set(after.filter((one) => one.changed).map(({ cell }) => cell));
  const around = cellsAround(after).map(({ cell, geometry }) => ({ code: cell, geometry }));
  return checkCoverage(around)
    .filter(({ kind, codes }) => LINE_KINDS.has(kind) && codes.some((cell) => changed.has(cell)))
    .map(({ kind, codes, where, message }) =>
      issue(kind as PlanIssueKind, codes, where, message, null, kind === "t_junction" ? "warning" : "error"),
    );
}

/** Gaps, overlaps and ground beyond: by faces of the old ground, the new cells and those around, exactly. */
function groundIssues(
  { base, scope }: RefereeCase,
  old: readonly BaseCell[],
  after: readonly AfterCell[],
): PlanIssue[] {
  const around = cellsAround(after, old);
  const heldBefore = new Map(base.map(({ id, geometry }) => [id, geometry]));
  const members = [...old.map(({ geometry }) => geometry), ...around.map(({ geometry }) => geometry), scope.geometry];
  const arrangement = arrange(members);
  const inScope = members.length - 1;
  const issues: PlanIssue[] = [];
  arrangement.owners.forEach((owners, face) => {
    if (face === OUTSIDE) return;
    const before = owners.filter((owner) => owner < old.length);
    const now = owners
      .filter((owner) => owner >= old.length && owner < inScope)
      .map((owner) => around[owner - old.length]);
    const drawn = now.filter((one) => one?.changed);
    const cells = now.flatMap((one) => one?.cell ?? []);
    const report = (kind: "gap" | "overlap" | "outside", concerned: readonly string[], message: string): void => {
      const { where, areaM2 } = groundOf(arrangement, face);
      issues.push(issue(kind, concerned, where, message, areaM2));
    };
    if (now.length > 1 && drawn.length > 0) report("overlap", cells, "Two cells share ground");
    if (now.length === 0 && before.length > 0)
      report(
        "gap",
        before.map((owner) => (old[owner] as BaseCell).id),
        "Ground that nobody holds afterwards",
      );
    // Ground that an unchanged cell holds is an overlap already; what nobody held may be taken inside the area only.
    if (drawn.length > 0 && before.length === 0 && now.length === drawn.length && !owners.includes(inScope))
      report("outside", cells, "Ground beyond the area that is planned");
  });
  // Rings of nobody's length say nothing of ground: cells that were there and lost all of it.
  for (const { cell, geometry } of after)
    if (heldBefore.has(cell) && geometry.length === 0)
      issues.push(issue("invalid_ring", [cell], null, "The cell has no ground"));
  return issues;
}

function partIssues(old: readonly BaseCell[], after: readonly AfterCell[]): PlanIssue[] {
  const before = new Map(old.map(({ id, geometry }) => [id, partsOf(geometry)]));
  return after.flatMap(({ cell, geometry, changed }) =>
    changed && partsOf(geometry) > (before.get(cell) ?? 1)
      ? [issue("detached", [cell], labelPoint([smallestPart(geometry)]), "A part of the cell lies apart")]
      : [],
  );
}

/** Parts of ground that hang together by more than a corner. */
const partsOf = (geometry: AfterCell["geometry"]): number =>
  1 + checkLayer([{ code: "", geometry }]).filter(({ kind }) => kind === "detached" || kind === "enclave").length;

function smallestPart(geometry: AfterCell["geometry"]): AfterCell["geometry"][number] {
  const size = (polygon: AfterCell["geometry"][number]): number => {
    const box = bboxOf([polygon]) ?? [0, 0, 0, 0];
    return (box[2] - box[0]) * (box[3] - box[1]);
  };
  return geometry.reduce((least, polygon) => (size(polygon) < size(least) ? polygon : least));
}

function buildingIssues(
  { buildings }: RefereeCase,
  old: readonly BaseCell[],
  after: readonly AfterCell[],
): PlanIssue[] {
  const changed = after.filter((one) => one.changed);
  const index = new LocateIndex(after.map(({ cell, geometry }) => ({ code: cell, geometry })));
  const boxes = [...old, ...changed].flatMap(boxOf);
  const codeOf = new Map(after.map(({ cell, code }) => [cell, code]));
  const households = new Map<string, number>();
  const issues: PlanIssue[] = [];
  for (const { point, households: count } of buildings) {
    const { owners } = index.locate(point[0], point[1]);
    // On a border the lowest code owns (DESIGN section 4, rule 4); the index is in order of the cells' names.
    const [owner] = owners
      .map((one) => index.codes[one] as string)
      .sort((a, b) => ((codeOf.get(a) ?? "") < (codeOf.get(b) ?? "") ? -1 : 1));
    if (owner !== undefined) households.set(owner, (households.get(owner) ?? 0) + count);
    else if (boxes.some((box) => touches(box, [point[0], point[1], point[0], point[1]])))
      issues.push(issue("unowned_building", [], point, "No cell holds this building"));
  }
  // Micro-grids are held against the band together: it is their grid's (domain.md 2.1).
  const gridOf = ({ code }: AfterCell): string => code.slice(0, GRID_CODE_LENGTH);
  const sums = new Map<string, number>();
  for (const one of after) sums.set(gridOf(one), (sums.get(gridOf(one)) ?? 0) + (households.get(one.cell) ?? 0));
  for (const grid of new Set(changed.map(gridOf))) {
    const count = sums.get(grid) ?? 0;
    const cells = changed.filter((one) => gridOf(one) === grid).map(({ cell }) => cell);
    if (count > GRID_HOUSEHOLDS.to)
      issues.push(
        issue("many_households", cells, null, `more than ${GRID_HOUSEHOLDS.to} households`, count, "warning"),
      );
    else if (count > 0 && count < GRID_HOUSEHOLDS.from)
      issues.push(
        issue("few_households", cells, null, `fewer than ${GRID_HOUSEHOLDS.from} households`, count, "warning"),
      );
  }
  return issues;
}
