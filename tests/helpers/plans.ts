import { randomUUID } from "node:crypto";
import type { MultiPolygonRings } from "../../data/model/geometry.ts";
import type { PlanBase } from "../../data/planning/plan-base.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { policyPoint } from "../fixtures/policy-base.ts";
import { POLICY_COUNTY } from "../fixtures/policy-county.ts";
import type { GraphqlAnswer, TestApi } from "./api.ts";
import { viewerAs, viewerHeaders } from "./viewers.ts";

/** Viewers and operations of the tests about plans, in the county of `tests/fixtures/policy-county.ts`. */
const account = (n: number): string => `00000000-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`;
const person = (n: number, role: Viewer["role"], area: string = POLICY_COUNTY): Viewer =>
  viewerAs(role, area, {
    accountId: account(n),
    actor: `Account:${POLICY_COUNTY}:${account(n)}`,
    name: `${role} ${n}`,
  });

export const PLANNER = person(1, "planner");
export const OTHER_PLANNER = person(2, "planner");
export const PLAN_LEADER = person(3, "leader");
export const TOWN_PLANNER = person(4, "planner", `${POLICY_COUNTY}002`);
/** The town that plans are made of. */
export const PLAN_TOWN = `${POLICY_COUNTY}001`;
/** Its first community: six grids, three by two; the first one is two micro-grids. */
export const PLAN_COMMUNITY = `${PLAN_TOWN}001`;

export interface PlanAnswer {
  readonly id: string;
  readonly state: string;
  readonly revision: number;
  readonly baseCurrent: boolean;
  readonly savedBy: string;
  readonly approvedBy: string | null;
  readonly effectiveOn: string | null;
  readonly steps: readonly string[];
  readonly changes: readonly {
    readonly cell: string;
    readonly code: string;
    readonly name: string;
    readonly geometry: { readonly coordinates: MultiPolygonRings } | null;
  }[];
  readonly events: readonly {
    readonly id: string;
    readonly kind: string;
    readonly author: string;
    readonly text: string | null;
    readonly thread: string | null;
    readonly resolvedBy: string | null;
    readonly anchor: { readonly cells: readonly string[] } | null;
  }[];
}
export const PLAN = `{ id state revision baseCurrent savedBy approvedBy effectiveOn steps changes { cell code name geometry }
  events { id kind author text thread resolvedBy anchor { cells point } } }`;

const INPUT_TYPES: Readonly<Record<string, string>> = {
  createPlan: "CreatePlanInput",
  savePlan: "SavePlanInput",
  commentPlan: "PlanCommentInput",
  publishPlan: "PublishPlanInput",
  rebasePlan: "RebasePlanInput",
};

/** One mutation of a plan with a key of its own. */
export async function planMutation(
  api: TestApi,
  name: string,
  input: Readonly<Record<string, unknown>>,
  viewer: Viewer | null = PLANNER,
): Promise<GraphqlAnswer<Readonly<Record<string, PlanAnswer>>>> {
  return api.graphql(
    `mutation ($input: ${INPUT_TYPES[name] ?? "PlanStepInput"}!) { ${name}(input: $input) ${PLAN} }`,
    { input: { key: randomUUID(), ...input } },
    viewer,
  );
}

/** The same where it must work. */
export async function planDone(
  api: TestApi,
  name: string,
  input: Readonly<Record<string, unknown>>,
  viewer: Viewer = PLANNER,
): Promise<PlanAnswer> {
  const { data, errors } = await planMutation(api, name, input, viewer);
  const plan = data?.[name];
  if (!plan) throw new Error(`${name}: ${JSON.stringify(errors)}`);
  return plan;
}

export async function readBase(
  api: TestApi,
  scope: string = PLAN_COMMUNITY,
  viewer: Viewer = PLANNER,
): Promise<PlanBase> {
  const answer = await api.app.inject({ url: `/columns/plan-base?scope=${scope}`, headers: viewerHeaders(viewer) });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json() as PlanBase;
}

/** A polygon by corners in cells of the county, closed by itself. */
export const ground = (...corners: readonly (readonly [number, number])[]) => {
  const ring = corners.map(([x, y]) => policyPoint(x, y));
  return { type: "Polygon", coordinates: [[...ring, ring[0]]] };
};

/** Row id of the area with a code. */
export const cellOf = (base: PlanBase, code: string): string => {
  const cell = base.cells.find((one) => one.code === code);
  if (!cell) throw new Error(`no cell ${code}`);
  return cell.id;
};

/** The border between grid 2 (x 1 … 2) and grid 3 (x 2 … 3) of the community moved to `x`. */
export function movedBorder(base: PlanBase, x: number) {
  const change = (grid: string, geometry: ReturnType<typeof ground>) => ({
    cell: cellOf(base, `${PLAN_COMMUNITY}${grid}`),
    code: `${PLAN_COMMUNITY}${grid}`,
    kind: "BASIC",
    name: `策区${PLAN_COMMUNITY}${grid}`,
    geometry,
  });
  return [change("002", ground([1, 0], [x, 0], [x, 1], [1, 1])), change("003", ground([x, 0], [3, 0], [3, 1], [x, 1]))];
}
