import { viewCovers } from "../../../data/dispatch/view-covers.ts";
import type { LonLat } from "../../../data/model/geometry.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { policyPoint } from "../../fixtures/policy-base.ts";
import { POLICY_COUNTY, policyCounty } from "../../fixtures/policy-county.ts";
import { RECENT_WHISTLES } from "../../fixtures/policy-whistles.ts";

/** The town that everything asked for lies in. */
export const TOWN = `${POLICY_COUNTY}001`;
const GRID = `${TOWN}001002`;

const county = policyCounty();
const camera = county.cameras.find(({ scopeCode, network }) => scopeCode?.startsWith(TOWN) && network === "xueliang");
const recent = county.incidents.find(
  ({ scopeCode, classCode, organisationId, dueAt, openedAt }) =>
    scopeCode?.startsWith(TOWN) && classCode === "01001" && organisationId && dueAt && openedAt > "2025-12-20",
);
if (!camera || !recent) throw new Error("the fixture lacks a camera or a recent case of the town");
/** A case of the town that everybody there may see. */
export const incident = recent;

// Stands before a camera, so that advice on it has one; the fixture's cameras look to the north-east.
const watched = county.incidents.find(
  ({ scopeCode, classCode, point }) => scopeCode?.startsWith(TOWN) && classCode !== "80001" && isWatched(point),
);
if (!watched) throw new Error("the fixture lacks a case before a camera");

const NOWHERE = "01900000-0000-7000-8000-000000000000";
/** An upload without files. */
const UPLOAD = "01900000-0000-4000-8000-000000000000";
const id = (type: string, row: string = NOWHERE): string => `id: "${toGlobalId(type, POLICY_COUNTY, row)}"`;
const [lon, lat] = incident.point;
// Before what the matrix itself reports: each column of it sees the same cases.
const filter = `filter: { inside: "${TOWN}", classes: ["01"], to: "2026-01-14T00:00:00Z" }`;

/** What was made before the matrix is read, for what needs it. */
export interface Made {
  readonly orderNo: string;
  readonly code: string;
  /** Global id of a plan of the town. */
  readonly plan: string;
  /** Global id of a layer of grids over the town, one of which is merged. */
  readonly gridLayer: string;
}

/** A camera of the town holds the place in its nominal view. */
function isWatched(point: LonLat): boolean {
  return county.cameras.some(
    (one) => one.scopeCode?.startsWith(TOWN) && !one.indoor && one.network !== "tianwang" && viewCovers(one, point),
  );
}

/** A report 2 m from where two grids of the town meet: neither owns it yet. */
export const NEAR_BORDER = `input: { key: "matrix-near-a-border", county: "${POLICY_COUNTY}", class: "01001", source: PATROL, title: "路灯不亮", lon: ${policyPoint(2.5, 1)[0]}, lat: ${policyPoint(2.5, 1.005)[1]} }`;

/** Arguments of each query, all about one town; empty for none. */
export const queryArguments = (made: Made): Readonly<Record<string, string>> => ({
  me: "",
  server: "",
  counties: "",
  mySessions: "",
  county: `code: "${POLICY_COUNTY}"`,
  area: `code: "${TOWN}"`,
  grid: `code: "${GRID}"`,
  areas: `filter: { inside: "${GRID}" }, first: 2`,
  search: `county: "${POLICY_COUNTY}", text: "策区${GRID}", first: 2`,
  locate: `lon: ${lon}, lat: ${lat}`,
  organisations: `county: "${POLICY_COUNTY}", first: 2`,
  classCodes: `county: "${POLICY_COUNTY}"`,
  staff: `inside: "${TOWN}", first: 2`,
  dutyNow: `grid: "${GRID}"`,
  cameras: `filter: { inside: "${TOWN}", networks: [XUELIANG] }, first: 2`,
  camera: id("Camera", camera.id),
  incidents: `${filter}, first: 2`,
  incidentColumns: filter,
  incident: id("Incident", incident.id),
  incidentByRef: `county: "${POLICY_COUNTY}", ref: ${incident.ref}`,
  stats: `${filter}, by: [STATE]`,
  heat: filter,
  workflows: `county: "${POLICY_COUNTY}"`,
  clockRules: `county: "${POLICY_COUNTY}"`,
  workCalendars: `county: "${POLICY_COUNTY}"`,
  onTime: `inside: "${TOWN}"`,
  nextToBreach: `inside: "${TOWN}", first: 2`,
  cube: `county: "${POLICY_COUNTY}"`,
  accounts: `county: "${POLICY_COUNTY}", first: 2`,
  apiTokens: `county: "${POLICY_COUNTY}"`,
  kioskLinks: `county: "${POLICY_COUNTY}"`,
  auditLog: `filter: { county: "${POLICY_COUNTY}" }, first: 2`,
  importPreview: `county: "${POLICY_COUNTY}", upload: "${UPLOAD}", kind: "areas"`,
  plans: `filter: { inside: "${TOWN}" }, first: 2`,
  plan: `id: "${made.plan}"`,
  gridLayers: `county: "${POLICY_COUNTY}"`,
  gridLayer: `id: "${made.gridLayer}"`,
  importJob: id("ImportJob"),
  runningImports: `county: "${POLICY_COUNTY}"`,
  health: `county: "${POLICY_COUNTY}"`,
  databaseMove: `county: "${POLICY_COUNTY}"`,
  imports: `county: "${POLICY_COUNTY}"`,
  auditVerification: `county: "${POLICY_COUNTY}"`,
  myReport: `orderNo: "${made.orderNo}", code: "${made.code}"`,
  ownership: `county: "${POLICY_COUNTY}", lon: ${lon}, lat: ${lat}, class: "01001"`,
  dispatchAdvice: `incident: "${toGlobalId("Incident", POLICY_COUNTY, watched.id)}", first: 2`,
  undecidedCases: `inside: "${TOWN}"`,
  admissionList: `county: "${POLICY_COUNTY}"`,
  whistleItems: `county: "${POLICY_COUNTY}"`,
  whistles: `inside: "${TOWN}", from: "${RECENT_WHISTLES}", open: false, first: 2`,
  departmentScores: `county: "${POLICY_COUNTY}", year: 2025`,
  orderFunnel: `inside: "${TOWN}"`,
  evaluation: `inside: "${TOWN}", from: "2025-01-15T00:00:00Z", to: "2026-01-15T00:00:00Z"`,
  evaluationCases: `inside: "${TOWN}", index: FILING, part: DENOMINATOR, from: "${incident.openedAt}", to: "${new Date(Date.parse(incident.openedAt) + 1000).toISOString()}"`,
  alarms: `inside: "${TOWN}", all: true`,
  dutyLog: `area: "${TOWN}"`,
  handover: `area: "${TOWN}"`,
  reporterContact: `incident: "${toGlobalId("Incident", POLICY_COUNTY, incident.id)}", reason: "核对"`,
});

/** Arguments of each mutation. Most name what is not there: whoever is let through finds nothing, others are refused first. */
export const mutationArguments = (n: number): Readonly<Record<string, string>> => ({
  checkMove: `county: "${POLICY_COUNTY}", url: "elsewhere"`,
  startMove: `county: "${POLICY_COUNTY}", url: "elsewhere"`,
  createAccount: `county: "${POLICY_COUNTY}", login: "matrix-${n}", name: "矩阵"`,
  disableAccount: `${id("Account")}, disabled: true, version: 1`,
  resetPassword: `${id("Account")}, version: 1`,
  grantRole: `account: "${toGlobalId("Account", POLICY_COUNTY, NOWHERE)}", role: WALL, areaCode: "${TOWN}"`,
  revokeGrant: id("Grant"),
  createApiToken: `name: "矩阵${n}", role: WALL, areaCode: "${TOWN}", days: 5`,
  revokeApiToken: id("ApiToken"),
  createKioskLink: `name: "矩阵${n}", areaCode: "${TOWN}"`,
  reissueKioskLink: id("KioskLink"),
  setKioskVisitor: `${id("KioskLink")}, hours: 1`,
  revokeKioskLink: id("KioskLink"),
  reportIncident: `input: { key: "matrix-of-roles-and-fields-${n}", county: "${POLICY_COUNTY}", class: "01001", source: PATROL, title: "路灯不亮", lon: ${lon}, lat: ${lat} }`,
  takeIncident: `${id("Incident")}, version: 1`,
  transitionIncident: `input: { ${id("Incident")}, version: 1, to: HANDLING, key: "matrix-of-transitions-${n}" }`,
  transitionIncidents: `inputs: [{ ${id("Incident")}, version: 1, to: HANDLING, key: "matrix-of-many-transitions-${n}" }]`,
  assignIncident: `input: { ${id("Incident")}, version: 1, organisation: "${toGlobalId("Organisation", POLICY_COUNTY, NOWHERE)}", key: "matrix-of-assignments-${n}" }`,
  mergeIncidents: `input: { into: "${toGlobalId("Incident", POLICY_COUNTY, NOWHERE)}", version: 1, cases: ["${toGlobalId("Incident", POLICY_COUNTY, incident.id)}"], reason: "同一件事", key: "matrix-of-merged-cases-${n}" }`,
  decideOwner: `input: { ${id("Incident")}, version: 1, area: "${GRID}", key: "matrix-of-decisions-${n}" }`,
  blowWhistle: `input: { incident: "${toGlobalId("Incident", POLICY_COUNTY, NOWHERE)}", version: 1, item: "gas", organisations: [], key: "matrix-of-whistles-${n}" }`,
  reportArrival: `input: { call: "${toGlobalId("WhistleCall", POLICY_COUNTY, NOWHERE)}", version: 1, key: "matrix-of-arrivals-${n}" }`,
  endWhistle: `input: { ${id("Whistle")}, version: 1, outcome: "矩阵", rating: 3, key: "matrix-of-ended-whistles-${n}" }`,
  rateOrder: `orderNo: "GD-0", code: "0000", rating: 5`,
  extendDeadline: `input: { ${id("Incident")}, version: 1, seconds: 60, reason: "等配件", key: "matrix-of-extensions-${n}" }`,
  acknowledgeAlarm: `incident: "${toGlobalId("Incident", POLICY_COUNTY, NOWHERE)}"`,
  addDutyEntry: `input: { area: "${TOWN}", kind: HANDOVER, text: "矩阵${n}", key: "matrix-of-duty-entries-${n}" }`,
  createPlan: `input: { scope: "${TOWN}001", name: "矩阵${n}", key: "matrix-of-new-plans-${n}" }`,
  savePlan: `input: { ${id("Plan")}, revision: 1, changes: [], key: "matrix-of-saved-plans-${n}" }`,
  commentPlan: `input: { ${id("Plan")}, text: "矩阵", key: "matrix-of-plan-comments-${n}" }`,
  resolveComment: id("PlanEvent"),
  holdCells: `${id("Plan")}, cells: []`,
  submitPlan: `input: { ${id("Plan")}, revision: 1, key: "matrix-of-submitted-plans-${n}" }`,
  requestChanges: `input: { ${id("Plan")}, revision: 1, note: "矩阵", key: "matrix-of-wanted-changes-${n}" }`,
  approvePlan: `input: { ${id("Plan")}, revision: 1, key: "matrix-of-approved-plans-${n}" }`,
  publishPlan: `input: { ${id("Plan")}, revision: 1, effectiveOn: "2026-02-01", key: "matrix-of-published-plans-${n}" }`,
  savePlanBounds: `input: { ${id("Plan")}, cell: "new:1", east: "东至矩阵", key: "matrix-of-plan-bounds-${n}" }`,
  rebasePlan: `input: { ${id("Plan")}, revision: 1, key: "matrix-of-rebased-plans-${n}" }`,
  revertPlan: `input: { ${id("Plan")}, revision: 1, key: "matrix-of-reverted-plans-${n}" }`,
  withdrawPlan: `input: { ${id("Plan")}, revision: 1, key: "matrix-of-withdrawn-plans-${n}" }`,
  mergeLayerAreas: `input: { layer: "${toGlobalId("GridLayer", POLICY_COUNTY, NOWHERE)}", reason: "矩阵", key: "matrix-of-merged-layers-${n}" }`,
  runImport: `input: { county: "${POLICY_COUNTY}", upload: "${UPLOAD}", kind: "areas", dryRun: true, clientKey: "matrix-of-imports-${n}" }`,
  cancelImport: id("ImportJob"),
  undoImport: id("ImportBatch"),
  recordExport: `areaCode: "${TOWN}", list: "矩阵", rows: 1`,
  correctMyReport: `orderNo: "GD-0", code: "0000"`,
  withdrawMyReport: `orderNo: "GD-0", code: "0000"`,
});
