import { randomUUID } from "node:crypto";
import type { LonLat } from "../../data/model/geometry.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { policyPoint } from "../fixtures/policy-base.ts";
import { POLICY_COUNTY } from "../fixtures/policy-county.ts";
import type { GraphqlAnswer, TestApi } from "./api.ts";
import { viewerAs } from "./viewers.ts";

/** People, places and operations of the tests about ownership and dispatch in the policy county. */

export const FIRST = `${POLICY_COUNTY}001`;
export const SECOND = `${POLICY_COUNTY}002`;
export const THIRD = `${POLICY_COUNTY}003`;

/** Somebody with an account of their own. */
export const person = (n: number, role: Viewer["role"], area: string): Viewer => {
  const account = `00000000-0000-7000-8000-0000000001${String(n).padStart(2, "0")}`;
  return viewerAs(role, area, { accountId: account, actor: `Account:${POLICY_COUNTY}:${account}` });
};
export const AT_FIRST = person(1, "dispatcher", FIRST);
export const AT_SECOND = person(2, "dispatcher", SECOND);
export const AT_THIRD = person(3, "dispatcher", THIRD);
export const OF_COUNTY = person(4, "dispatcher", POLICY_COUNTY);

/** Grids of the first and the second town that meet along a line, and a point 2 m to the north of it. */
export const SOUTH = `${FIRST}002005`;
export const NORTH = `${SECOND}002002`;
export const BORDER: LonLat = policyPoint(4.5, 2.005);
export const INSIDE: LonLat = policyPoint(4.5, 1.5);
export const SENSITIVE = "80001";

export interface OwnershipAnswer {
  readonly nearBorder: boolean;
  readonly candidates: readonly {
    readonly area: { readonly code: string };
    readonly distanceM: number;
    readonly responsible: { readonly areaCode: string } | null;
    readonly leader: { readonly id: string } | null;
    readonly onDuty: readonly { readonly post: { readonly id: string } }[];
  }[];
  readonly admitted: readonly { readonly item: string; readonly kind: string }[];
  readonly refused: readonly { readonly item: string; readonly kind: string }[];
  readonly similar: readonly { readonly incident: { readonly id: string }; readonly score: number }[];
}

const OWNERSHIP = `query ($lon: Float!, $lat: Float!, $class: String) {
  ownership(county: "${POLICY_COUNTY}", lon: $lon, lat: $lat, class: $class) {
    nearBorder candidates { area { code } distanceM responsible { areaCode } leader { id } onDuty { post { id } } }
    admitted { item kind } refused { item kind } similar { incident { id } distanceM minutes score } } }`;
export const ownership = (
  api: TestApi,
  viewer: Viewer,
  [lon, lat]: LonLat,
  classCode: string | null = null,
): Promise<GraphqlAnswer<{ ownership: OwnershipAnswer }>> =>
  api.graphql(OWNERSHIP, { lon, lat, class: classCode }, viewer);

/** What an operation answered; its errors are the test's. */
export function answered<Data>({ data, errors }: GraphqlAnswer<Data>): Data {
  if (data && !errors) return data;
  throw new Error(JSON.stringify(errors));
}

const REPORT = "mutation ($input: ReportInput!) { reportIncident(input: $input) { incident { id version } } }";
/** Reports at a place and takes whatever comes back. */
export const reportAt = (
  api: TestApi,
  [lon, lat]: LonLat,
  classCode = "01001",
  viewer: Viewer = OF_COUNTY,
  severity = "NORMAL",
): Promise<GraphqlAnswer<{ reportIncident: { incident: { id: string } } }>> => {
  const what = { class: classCode, source: "PATROL", title: "路灯不亮", severity };
  return api.graphql(REPORT, { input: { key: randomUUID(), county: POLICY_COUNTY, ...what, lon, lat } }, viewer);
};
/** Id of a case that must be taken in. */
export const reported = async (...args: Parameters<typeof reportAt>): Promise<string> =>
  answered(await reportAt(...args)).reportIncident.incident.id;

/** Row id of a global id. */
export const rowOf = (id: string): string => id.split(":")[2] ?? "";
