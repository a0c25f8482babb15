import { randomUUID } from "node:crypto";
import type { Viewer } from "../../data/policy/viewer.ts";
import { at, SMALL_CODES, SMALL_COUNTY } from "../fixtures/small-county-base.ts";
import type { GraphqlAnswer, TestApi } from "./api.ts";
import { viewerAs } from "./viewers.ts";

/** Viewers, inputs and operations of the tests about reported cases in the small county. */

const account = (n: number): string => `00000000-0000-7000-8000-0000000000${String(n).padStart(2, "0")}`;
const person = (n: number, role: Viewer["role"], area: string): Viewer =>
  viewerAs(role, area, { accountId: account(n), actor: `Account:${SMALL_COUNTY}:${account(n)}`, name: `${role} ${n}` });

/** Dispatcher of the county. */
export const DISPATCHER = person(11, "dispatcher", SMALL_COUNTY);
/** Another one. */
export const OTHER_DISPATCHER = person(12, "dispatcher", SMALL_COUNTY);
/** Grid worker of the community 云兴社区. */
export const WORKER = person(13, "grid_worker", SMALL_CODES.community);
/** Grid worker of the village 南河村. */
export const VILLAGE_WORKER = person(14, "grid_worker", SMALL_CODES.village);
export const LEADER = person(15, "leader", SMALL_COUNTY);
/** Somebody of every role on the whole county, none of whom handles anything. */
export const EVERY_ROLE: readonly Viewer[] = (
  ["wall", "leader", "dispatcher", "planner", "grid_worker", "admin", "auditor"] as const
).map((role, n) => person(30 + n, role, SMALL_COUNTY));

/** A point inside micro-grid 1 of the small county. */
export const INSIDE_A1 = at(0.2, 0.4);
/** A class whose cases are sensitive, and one whose cases are not. */
export const SENSITIVE_CLASS = "80001";
export const ORDINARY_CLASS = "01001";

/** A report as it is sent. */
export const reportInput = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  key: randomUUID(),
  county: SMALL_COUNTY,
  class: ORDINARY_CLASS,
  source: "PATROL",
  title: "井盖破损",
  lon: INSIDE_A1[0],
  lat: INSIDE_A1[1],
  ...more,
});

const REPORT = `mutation ($input: ReportInput!) { reportIncident(input: $input) {
  orderNo code incident { id ref version state title point scopeCode gridCodeAt border severity events { fromState toState actor } } } }`;

export interface Reported {
  readonly orderNo: string;
  readonly code: string;
  readonly incident: {
    readonly id: string;
    readonly ref: number;
    readonly version: number;
    readonly state: string;
    readonly title: string;
    readonly point: readonly [number, number];
    readonly scopeCode: string;
    readonly gridCodeAt: string | null;
    readonly border: boolean;
  };
}

/** Sends a report and takes whatever comes back. */
export const tryReport = (
  api: TestApi,
  more: Readonly<Record<string, unknown>> = {},
  viewer: Viewer | null = DISPATCHER,
): Promise<GraphqlAnswer<{ reportIncident: Reported }>> => api.graphql(REPORT, { input: reportInput(more) }, viewer);

/** Reports a case that must be taken in. */
export async function report(
  api: TestApi,
  more: Readonly<Record<string, unknown>> = {},
  viewer: Viewer = DISPATCHER,
): Promise<Reported> {
  const { data, errors } = await tryReport(api, more, viewer);
  if (!data?.reportIncident) throw new Error(`not reported: ${JSON.stringify(errors)}`);
  return data.reportIncident;
}

/** The code of the first error. */
export const codeOf = ({ errors }: GraphqlAnswer<unknown>): unknown => errors?.[0]?.extensions?.["code"];

const TAKE =
  "mutation ($id: ID!, $version: Int!) { takeIncident(id: $id, version: $version) { id version handledByMe } }";
export const take = (api: TestApi, id: string, version: number, viewer: Viewer) =>
  api.graphql<{ takeIncident: { version: number; handledByMe: boolean } }>(TAKE, { id, version }, viewer);

const MOVE =
  "mutation ($input: TransitionInput!) { transitionIncident(input: $input) { id version state dueAt firstAnswerAt closedAt events { fromState toState note } } }";
export interface Moved {
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly dueAt: string | null;
  readonly firstAnswerAt: string | null;
  readonly closedAt: string | null;
  readonly events: readonly {
    readonly fromState: string | null;
    readonly toState: string;
    readonly note: string | null;
  }[];
}
/** Moves a case to another state. */
export const move = (
  api: TestApi,
  id: string,
  version: number,
  to: string,
  viewer: Viewer | null = DISPATCHER,
  more: Readonly<
    Partial<Record<"note" | "key" | "step" | "reason" | "resolution" | "organisation" | "post", string>>
  > = {},
): Promise<GraphqlAnswer<{ transitionIncident: Moved }>> =>
  api.graphql(MOVE, { input: { id, version, to, key: randomUUID(), ...more } }, viewer);

const CONTACT = "query ($id: ID!, $reason: String!) { reporterContact(incident: $id, reason: $reason) }";
export const contactOf = (api: TestApi, id: string, viewer: Viewer | null, reason = "回访") =>
  api.graphql<{ reporterContact: string | null }>(CONTACT, { id, reason }, viewer);

const PLACE = "query ($id: ID!, $reason: String!) { incident(id: $id) { point exactPoint(reason: $reason) } }";
export const placeOf = (api: TestApi, id: string, viewer: Viewer, reason = "上门调解") =>
  api.graphql<{ incident: { point: number[]; exactPoint: number[] | null } | null }>(PLACE, { id, reason }, viewer);

const OWN = "orderNo className state title openedAt closedAt hasContact contact contactDeletedOn";
export interface OwnReport {
  readonly orderNo: string;
  readonly className: string;
  readonly state: string;
  readonly title: string;
  readonly closedAt: string | null;
  readonly hasContact: boolean;
  readonly contact: string | null;
  readonly contactDeletedOn: string | null;
}
/** Reads, corrects or withdraws a report as its reporter, who has no account. */
export const asReporter = async (
  api: TestApi,
  { orderNo, code }: Pick<Reported, "orderNo" | "code">,
  operation: "myReport" | "correctMyReport" | "withdrawMyReport" = "myReport",
  more: { readonly title?: string; readonly contact?: string } = {},
): Promise<GraphqlAnswer<{ report: OwnReport }>> => {
  const [types, args] =
    operation === "correctMyReport"
      ? [", $title: String, $contact: String", ", title: $title, contact: $contact"]
      : ["", ""];
  return api.graphql(
    `${operation === "myReport" ? "query" : "mutation"} ($orderNo: String!, $code: String!${types}) {
       report: ${operation}(orderNo: $orderNo, code: $code${args}) { ${OWN} } }`,
    { orderNo, code, ...more },
    null,
  );
};
