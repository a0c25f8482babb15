import { CLOCK_STATES } from "../../data/clock/model.ts";
import { JSON_COLUMNS } from "../../data/columns/columns-json.ts";
import { DISPATCH_FACTORS } from "../../data/dispatch/rank-posts.ts";
import { EVALUATION_BY, EVALUATION_INDEX_KEYS, EVALUATION_PARTS } from "../../data/evaluation/indices.ts";
import { CHANGE_KINDS } from "../../data/feed/event.ts";
import { GRID_LAYER_KINDS } from "../../data/grid-layers/layer.ts";
import { LAYER_CONFLICT_KINDS } from "../../data/grid-layers/layer-conflicts.ts";
import { HOUSEHOLD_BASES } from "../../data/households/count.ts";
import { ADMISSION_KINDS } from "../../data/model/admission.ts";
import { DUTY_ENTRY_KINDS } from "../../data/model/alarm.ts";
import { AREA_KINDS } from "../../data/model/area.ts";
import { CAMERA_NETWORKS, CAMERA_STATUSES } from "../../data/model/camera.ts";
import { AREA_LEVELS } from "../../data/model/codes.ts";
import { EVENT_KINDS, INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { LINEAGE_KINDS } from "../../data/model/lineage.ts";
import { ORGANISATION_KINDS, ORGANISATION_ROLES } from "../../data/model/organisation.ts";
import { POST_KINDS } from "../../data/model/staff.ts";
import { WHISTLE_CLASSES } from "../../data/model/whistle.ts";
import { BOUND_SIDES } from "../../data/planning/four-bounds.ts";
import { PREFERENCES } from "../../data/planning/merge-changes.ts";
import { PLAN_EVENT_KINDS, PLAN_STATES, PLAN_STEPS } from "../../data/planning/plan.ts";
import { PLAN_ISSUE_KINDS } from "../../data/planning/referee.ts";
import { ROLES } from "../../data/policy/roles.ts";
import { CELL_MARKS } from "../../data/policy/suppression.ts";
import {
  CLOCK_EFFECTS,
  CLOCK_KINDS,
  CLOCK_TARGETS,
  ESCALATION_LEVELS,
  STEP_REQUIREMENTS,
} from "../../data/workflow/definition.ts";
import { IMPORT_STATES } from "../../db/repositories/import-job-repository.ts";
import { INCIDENT_ORDERS } from "../../db/repositories/incident-repository.ts";
import { STATS_DIMENSIONS } from "../../db/repositories/stats-repository.ts";
import { HEALTH_LEVELS } from "../health/finding.ts";

type UpperCase<Values extends readonly string[]> = { [Value in Values[number] as Uppercase<Value>]: Value };

/** GraphQL writes enums in upper case, the model in lower case. */
const upperCase = <const Values extends readonly string[]>(values: Values): UpperCase<Values> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value])) as UpperCase<Values>;

/** Internal value of each value of each enum of the schema. */
export const enumResolvers = {
  AdmissionKind: upperCase(ADMISSION_KINDS),
  DispatchFactorKey: upperCase(DISPATCH_FACTORS),
  AreaLevel: upperCase(AREA_LEVELS),
  LineageKind: upperCase(LINEAGE_KINDS),
  AreaKind: upperCase(AREA_KINDS),
  GridLayerKind: upperCase(GRID_LAYER_KINDS),
  LayerConflictKind: upperCase(LAYER_CONFLICT_KINDS),
  LayerBasis: upperCase(["households", "ground"]),
  AreaOrder: upperCase(["code", "name"]),
  ChangeKind: upperCase(CHANGE_KINDS),
  BoundSide: upperCase(BOUND_SIDES),
  PlanState: upperCase(PLAN_STATES),
  PlanIssueKind: upperCase(PLAN_ISSUE_KINDS),
  PlanPreference: upperCase(PREFERENCES),
  PlanStep: upperCase(PLAN_STEPS),
  PlanEventKind: upperCase(PLAN_EVENT_KINDS),
  ImportState: upperCase(IMPORT_STATES),
  HealthLevel: upperCase(HEALTH_LEVELS),
  DutyEntryKind: upperCase(DUTY_ENTRY_KINDS),
  CameraNetwork: upperCase(CAMERA_NETWORKS),
  CameraStatus: upperCase(CAMERA_STATUSES),
  IncidentColumn: upperCase(JSON_COLUMNS),
  IncidentState: upperCase(INCIDENT_STATES),
  IncidentSeverity: upperCase(INCIDENT_SEVERITIES),
  IncidentSource: upperCase(INCIDENT_SOURCES),
  IncidentOrder: upperCase(INCIDENT_ORDERS),
  IncidentEventKind: upperCase(EVENT_KINDS),
  StepRequirement: upperCase(STEP_REQUIREMENTS),
  ClockKind: upperCase(CLOCK_KINDS),
  ClockTarget: upperCase(CLOCK_TARGETS),
  ClockEffect: upperCase(CLOCK_EFFECTS),
  ClockState: upperCase(CLOCK_STATES),
  EscalationLevel: upperCase(ESCALATION_LEVELS),
  WhistleClass: upperCase(WHISTLE_CLASSES),
  EvaluationBy: upperCase(EVALUATION_BY),
  EvaluationIndex: upperCase(EVALUATION_INDEX_KEYS),
  EvaluationPart: upperCase(EVALUATION_PARTS),
  OrganisationKind: upperCase(ORGANISATION_KINDS),
  OrganisationRole: upperCase(ORGANISATION_ROLES),
  PostKind: upperCase(POST_KINDS),
  HouseholdBasis: upperCase(HOUSEHOLD_BASES),
  Role: upperCase(ROLES),
  CellMark: upperCase(CELL_MARKS),
  StatsDimension: upperCase(STATS_DIMENSIONS),
};
