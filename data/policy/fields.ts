import { ACT, type Action, RESOURCES, type Resource } from "./policy.ts";
import { ROLES, type Role } from "./roles.ts";
import { mayRead, type Viewer } from "./viewer.ts";

/**
 * Who may ask for a field of the SDL, before areas are looked at.
 * - a resource: who may read it somewhere (`mayRead`);
 * - `open`: anybody, also nobody signed in;
 * - `any`: whoever asks as a viewer, visitors included;
 * - `session`: the same, about one's own account;
 * - `do:<action>`: the roles that may act so, never as a visitor.
 */
export type FieldRule = Resource | "open" | "any" | "session" | `do:${Exclude<Action, "read">}`;

/** Fields of one type by their rule: names separated by spaces. */
type TypeRules = Readonly<Partial<Record<FieldRule, string>>>;

const connection = (rule: FieldRule): TypeRules => ({ [rule]: "edges nodes pageInfo totalCount" });
const edge = (rule: FieldRule): TypeRules => ({ [rule]: "cursor node" });

/**
 * Rule of every field of every object type of the SDL; a test holds both sides equal, so a new field has none until
 * somebody decides. What lies outside the viewer's area is cut further by the services and the database.
 */
export const FIELD_RULES: Readonly<Record<string, TypeRules>> = {
  Query: {
    open: "me myReport server",
    session: "mySessions",
    map: "counties county area grid areas search locate organisations classCodes workflows clockRules workCalendars admissionList whistleItems gridLayers gridLayer",
    duty: "staff dutyNow ownership",
    camera: "cameras camera",
    incident:
      "incidents incidentColumns incident incidentByRef stats heat onTime nextToBreach whistles orderFunnel evaluation evaluationCases alarms undecidedCases departmentScores",
    "do:supervise": "dispatchAdvice dutyLog handover",
    sealed: "reporterContact",
    statistic: "cube",
    account: "accounts apiTokens kioskLinks",
    audit: "auditLog auditVerification",
    plan: "plans plan",
    import: "importPreview importJob runningImports imports health databaseMove",
  },
  Mutation: {
    open: "correctMyReport withdrawMyReport rateOrder",
    "do:report": "reportIncident",
    "do:handle": "takeIncident",
    "do:move": "transitionIncident transitionIncidents reportArrival",
    "do:supervise":
      "assignIncident mergeIncidents extendDeadline decideOwner blowWhistle endWhistle acknowledgeAlarm addDutyEntry",
    "do:export": "recordExport",
    "do:plan":
      "createPlan savePlan submitPlan publishPlan withdrawPlan rebasePlan revertPlan mergeLayerAreas savePlanBounds",
    "do:approve": "requestChanges approvePlan",
    plan: "commentPlan resolveComment holdCells",
    "do:import": "runImport cancelImport undoImport checkMove startMove",
    "do:manage":
      "createAccount disableAccount resetPassword grantRole revokeGrant createApiToken revokeApiToken createKioskLink reissueKioskLink setKioskVisitor revokeKioskLink",
  },
  Subscription: { incident: "changes" },
  Change: { incident: "op kind county id ref version liveVersion snapshotVersion cursor" },
  PageInfo: { open: "endCursor hasNextPage" },
  Server: { open: "version database durability now feedAt mapReviewNumber" },

  ImportJob: {
    import:
      "id county upload kind level crs map effective files dryRun state phase rows bytes totalBytes report error rejectedPath batch by createdAt endedAt",
  },
  ImportFieldColumn: { import: "field column" },
  ImportFault: { import: "code message at hint" },
  ImportReport: { import: "kind read loaded updated unchanged skipped flags crs seconds edition" },
  Health: { import: "at findings" },
  DatabaseMove: { import: "phase target tables counted error hint settings" },
  MovedTable: { import: "name rows hash" },
  MoveTarget: { import: "target postgres postgis counties cases" },
  HealthFinding: { import: "id level nameZh nameEn detailZh detailEn adviceZh adviceEn" },
  ImportEdition: { import: "effective counts proposals open applied recoded leftOver" },
  ImportEditionCount: { import: "kind count" },
  ImportProposal: {
    import: "id kind changes verdict confidence olds nexts decision decided choices reasonsZh reasonsEn",
  },
  ImportProposalArea: { import: "code name at" },
  ImportRecoding: { import: "from to renumbered" },
  ImportLeftOver: { import: "code name successors units posts accounts" },
  ImportSkip: { import: "reason count samples" },
  ImportSkipSample: { import: "at value message" },
  ImportFlag: { import: "kind count message" },
  ImportPreview: { import: "files layers notes" },
  ImportFile: { import: "name size" },
  ImportLayer: {
    import: "name file format declaredCrs seen whole columns rows numbers verdict placements error",
  },
  ImportColumn: { import: "name samples field" },
  ImportVerdict: { import: "crs nameZh nameEn by certainty swapped reasonsZh reasonsEn flags" },
  ImportPlacement: { import: "crs nameZh nameEn swapped insideShare drawn polygons lines points" },
  ImportBatch: { import: "id county kind files report by at undoneAt undoneBy undoable" },
  ImportBatchConnection: connection("import"),
  ImportBatchEdge: edge("import"),
  ImportUndo: { import: "batch removed restored" },

  County: {
    map: "id code name nameEn timezone demo anchorAt gridTerm source contentVersion liveVersion asOf historic bbox figures area",
  },
  PublishedFigure: { map: "key value atLeast source" },
  ClassCode: { map: "code kind major name nameEn standardRef isLocalExtension sensitive" },
  Area: {
    map: "id code level kind name nameSort urban areaM2 validFrom validTo sourceRef geometry label ancestors children neighbours compounds successors predecessors layerParts",
    statistic: "households householdsExact householdsBasis counts publishedCameras",
    duty: "responsible staffLinks onDuty",
    incident: "incidentSummary",
  },
  AreaConnection: connection("map"),
  AreaEdge: edge("map"),
  AreaLineage: { map: "kind at area fromCode toCode share toShare" },
  AreaLineageConnection: connection("map"),
  AreaLineageEdge: edge("map"),
  AreaCounts: {
    statistic:
      "towns communities villages compounds grids urbanGrids ruralGrids microGrids buildings households owned expired unowned cameras camerasOnline staff",
  },
  StaffCount: { statistic: "kind count" },
  CameraNetworkCount: { statistic: "network count" },
  GridLayer: { map: "id kind name source importedAt mappedAt areas conflicts", plan: "merges" },
  LayerAreaConnection: connection("map"),
  LayerAreaEdge: edge("map"),
  LayerConflictConnection: connection("map"),
  LayerConflictEdge: edge("map"),
  LayerArea: { map: "id layer code name unit sourceDate areaM2 mergedAt geometry parts" },
  LayerPart: {
    map: "layerArea grid areaM2 shareOfLayerArea shareOfGrid main basis since",
    household: "households householdsExact",
  },
  LayerConflict: { map: "kind grid layerAreas share areaM2" },
  LayerMerge: { plan: "id fromCode fromName to toCode share at author role reason" },
  Compound: {
    map: "id name kind communityCode geometry grids",
    statistic: "households householdsExact householdsBasis",
  },
  CompoundConnection: connection("map"),
  CompoundEdge: edge("map"),
  CompoundShare: { map: "grid share" },
  SearchHit: { map: "kind id code name detail point" },
  Location: { map: "lon lat county area grid path border neighbours", duty: "responsible" },

  Organisation: {
    map: "id name nameSort kind creditCode unitLevel",
    unit_contact: "dutyPhone",
    duty: "responsibleFor",
  },
  OrganisationConnection: connection("map"),
  OrganisationEdge: edge("map"),
  Responsibility: { duty: "organisation areaCode contractNo from to expired" },
  Staff: { duty: "id name nameSort title organisation posts", staff_contact: "workPhone" },
  StaffConnection: connection("duty"),
  StaffEdge: edge("duty"),
  Post: { duty: "id kind place point areaCodes organisation" },
  DutyAssignment: { duty: "post staff slot onDuty until areaCode lead" },

  Camera: {
    camera: "id deviceCode name network point indoor scopeCode",
    camera_device:
      "status azimuthDeg angleDeg rangeM ptzType positionType manufacturer model owner legalBasis sign filingNo inUseSince retentionDays",
  },
  CameraConnection: connection("camera"),
  CameraEdge: edge("camera"),

  Incident: {
    incident:
      "id ref class severity source state point gridCodeAt scopeCode area openedAt dueAt firstAnswerAt closedAt late border suspicious organisation events whistles workflow step clocks escalation nextSteps mergedCases",
    incident_text: "title sourceRef version handledByMe post inbox mergedInto rating photos",
    sealed: "exactPoint",
    duty: "responsible dutyNow",
  },
  IncidentPhoto: { incident_text: "id url width height at by sealed" },
  IncidentEvent: { incident: "fromState toState at kind step", incident_text: "actor note" },
  IncidentConnection: connection("incident"),
  IncidentEdge: edge("incident"),
  IncidentSummary: {
    incident: "reported valid solved open late overdueOpen dueSoon suspicious oldestOverdueDueAt oldestOverdue",
  },
  Workflow: { map: "key version name nameEn steps transitions" },
  WorkflowStep: { map: "key name nameEn state side" },
  WorkflowTransition: { map: "from to name nameEn roles requires clocks notByHandler" },
  TransitionClock: { map: "target effect" },
  NextStep: { incident_text: "step name nameEn requires refusal refusalEn" },
  Inbox: { incident_text: "role areaCode" },
  TransitionOutcome: { "do:move": "id incident code message" },
  IncidentClock: {
    incident:
      "kind target rule calendar allowedSeconds usedSeconds startedAt dueAt endedAt pausedAt extendedSeconds state",
    incident_text: "pauseReason",
  },
  ClockRule: { map: "key name nameEn kind target classes severities allowedSeconds calendar" },
  WorkCalendar: { map: "key name nameEn hours holidays makeUpDays" },
  OnTime: { incident: "target met missed late running paused rate" },
  AdmissionItem: { map: "id department organisation item classes kind batch" },
  Ownership: { duty: "nearBorder candidates", map: "admitted refused", incident: "similar" },
  OwnerCandidate: { duty: "area distanceM responsible leader onDuty" },
  SimilarCase: { incident_text: "incident distanceM minutes score" },
  DispatchAdvice: { "do:supervise": "version suggestions cameras" },
  DispatchSuggestion: { "do:supervise": "post staff score factors" },
  DispatchFactor: { "do:supervise": "key value score weight" },
  CameraView: { "do:supervise": "camera distanceM bearingDeg" },
  UndecidedCase: { incident: "incidentId class state point openedAt candidates version" },
  WhistleItem: { map: "key class name nameEn arriveMinutes" },
  Whistle: { incident: "id incident area item blownAt calls endedAt version", incident_text: "note outcome rating" },
  WhistleCall: { incident: "id organisation arriveBy arrivedAt late points" },
  DepartmentScore: { incident: "organisation calls inTime late rating points yearPart" },
  OrderFunnel: { incident: "stages rated satisfied satisfaction" },
  OrderStage: { incident: "step reached now" },
  OrderRating: { incident_text: "rating satisfied at" },
  Evaluation: { incident: "version formulas rows total asOf" },
  EvaluationRow: { incident: "key name cases figures score rank" },
  EvaluationFigure: { incident: "index numerator denominator value" },
  EvaluationFormula: { incident: "index text textEn weight" },
  Alarm: { incident: "incident raisedAt acknowledgedAt", incident_text: "acknowledgedBy" },
  DutyEntry: { "do:supervise": "id kind author at text areaCode" },
  Handover: { "do:supervise": "at area lastHandoverAt open overdue soon alarms entries" },
  Stats: { incident: "total groups asOf" },
  StatsGroup: { incident: "key count open late" },
  Heat: { incident: "cellM unit max cells suspiciousLeftOut" },
  Cube: { statistic: "cells months through" },
  CubeCell: { statistic: "areaCode level major sensitive month count mark" },

  Plan: {
    plan: "id scope name summary state revision baseAt baseCurrent effectiveOn author drawnByMe savedBy savedAt approvedBy reverts createdAt updatedAt steps changes presence events lineage issues conflicts impact codeCost bounds",
  },
  PlanConnection: connection("plan"),
  PlanEdge: edge("plan"),
  PlanChange: { plan: "cell area code kind name geometry" },
  PlanBounds: { plan: "cell code name sides" },
  PlanBound: { plan: "side text proposed names editedBy editedAt" },
  PlanPresence: { plan: "name me cells" },
  PlanLineage: { plan: "kind fromCode cell toCode share toShare" },
  PlanIssue: { plan: "kind blocks cells where message value" },
  PlanConflict: { plan: "plan cells where" },
  PlanMove: {
    plan: "fromCode cell toCode areaM2 buildings households householdsExact openIncidents cameras boards",
  },
  PlanCellImpact: {
    plan: "cell code areaM2Before areaM2After householdsBefore householdsAfter householdsExact openBefore openAfter staff",
  },
  PlanImpact: {
    plan: "households householdsExact buildings openIncidents cameras boardsToReprint units staff moves cells",
  },
  PlanCodeCost: { plan: "boards grants openIncidents" },
  PlanAnchor: { plan: "cells point" },
  PlanEvent: { plan: "id kind author role at revision text anchor thread resolvedAt resolvedBy" },

  ReportReceipt: { "do:report": "incident orderNo code" },
  MyReport: { open: "orderNo className state openedAt closedAt title hasContact contact contactDeletedOn" },

  Me: {
    open: "kind id name login role county areaCode areaName visitor pointDays mustChangePassword demo grants resources actions",
  },
  Grant: { session: "id role county areaCode areaName grantedBy grantedAt" },
  Session: { session: "id address agent createdAt seenAt current" },
  Account: {
    account:
      "id login name county grants mustChangePassword lockedUntil disabledAt demo createdAt openSessions version",
  },
  AccountConnection: connection("account"),
  AccountEdge: edge("account"),
  ApiToken: { account: "id name role areaCode areaName createdBy createdAt expiresAt revokedAt usedAt" },
  KioskLink: {
    account:
      "id name areaCode areaName startPath pointDays visitor visitorUntil linkExpiresAt exchangedAt exchangedFrom seenAt revokedAt",
  },
  NewAccount: { "do:manage": "account firstPassword" },
  NewApiToken: { "do:manage": "token secret" },
  NewKioskLink: { "do:manage": "kiosk path" },

  AuditRow: { audit: "id seq actor actorName role address action entity reason at hash" },
  AuditConnection: connection("audit"),
  AuditEdge: edge("audit"),
  AuditVerification: { audit: "ok rows unsealed firstBadSeq firstBadId problem headChecked notes" },
};

/** Rule of each field by `Type.field`. */
export const FIELD_RULE: ReadonlyMap<string, FieldRule> = new Map(
  Object.entries(FIELD_RULES).flatMap(([type, rules]) =>
    Object.entries(rules).flatMap(([rule, names]) =>
      names.split(" ").map((name): [string, FieldRule] => [`${type}.${name}`, rule as FieldRule]),
    ),
  ),
);

/** Kinds of asker that rules tell apart: a role, a visitor of whatever role, nobody. */
export const ASKERS = [...ROLES, "visitor", "nobody"] as const;
export type Asker = (typeof ASKERS)[number];

export const askerOf = (viewer: Pick<Viewer, "role" | "visitor"> | null): Asker => {
  if (!viewer) return "nobody";
  return viewer.visitor ? "visitor" : viewer.role;
};

const isResource = (rule: FieldRule): rule is Resource => (RESOURCES as readonly string[]).includes(rule);

/** May somebody of this kind ask for a field of this rule? */
export function ruleAllows(rule: FieldRule, asker: Asker): boolean {
  if (rule === "open") return true;
  if (asker === "nobody") return false;
  if (rule === "any" || rule === "session") return true;
  const visitor = asker === "visitor";
  // A visitor's role does not matter: `mayRead` looks at the mode first.
  const role: Role = asker === "visitor" ? "wall" : asker;
  if (isResource(rule)) return mayRead({ role, visitor }, rule);
  return !visitor && ACT[rule.slice("do:".length) as Exclude<Action, "read">].includes(role);
}
