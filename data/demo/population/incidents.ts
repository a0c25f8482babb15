import type { AreaRecord } from "../../model/area.ts";
import { CLASS_CODES } from "../../model/class-codes.ts";
import { bugError } from "../../model/errors.ts";
import type { LonLat } from "../../model/geometry.ts";
import {
  ENDED_STATES,
  type IncidentEventRecord,
  type IncidentRecord,
  type IncidentSource,
  type IncidentState,
  SENSITIVE_REF_FROM,
} from "../../model/incident.ts";
import type { OrganisationRecord, OrganisationRoleRecord } from "../../model/organisation.ts";
import { inboxOf } from "../../workflow/ownership.ts";
import type { Prng } from "../prng.ts";
import { dueByRules } from "./case-due.ts";
import { caseHistory } from "./case-history.ts";
import { type DemoContext, isoOf, nextId } from "./demo-context.ts";
import { type DrawnCase, drawCases, type IncidentMode } from "./incident-draw.ts";
import { workflowOf } from "./named-workflows.ts";
import type { Organisations } from "./organisations.ts";
import { offsetMetres } from "./plane.ts";
import type { Site, Sites } from "./sites.ts";

export interface Caseload {
  readonly incidents: readonly IncidentRecord[];
  readonly incidentEvents: readonly IncidentEventRecord[];
}

/** Who reports, by source. */
const REPORTERS: Record<IncidentSource, string> = {
  patrol: "网格员",
  app: "居民",
  hotline: "12345热线",
  visit: "走访干部",
  video: "视频巡查员",
  drone: "无人机巡查员",
  walk_in: "窗口受理员",
  system: "相邻系统",
  other: "其他来源",
};

/** States in which a unit has taken the case. */
const WITH_UNIT: ReadonlySet<IncidentState> = new Set([
  "dispatched",
  "arrived",
  "consulted",
  "handling",
  "fed_back",
  "closed",
  "evaluated",
  "on_hold",
  "rework",
  "inspection",
]);

const CLASS_NAMES = new Map(
  // A component's code names the matter "…异常" when it is a case.
  CLASS_CODES.filter((entry) => entry.kind !== "component").map((entry) => [entry.code, entry.name]),
);

const SENSITIVE_CLASSES = new Set(CLASS_CODES.filter(({ sensitive }) => sensitive).map(({ code }) => code));

/** All cases of the year before the anchor with their histories, numbered in the order they were opened. */
export function makeIncidents(
  context: DemoContext,
  organisations: Organisations,
  roles: readonly OrganisationRoleRecord[],
  sites: Sites,
  mode: IncidentMode,
): Caseload {
  const { anchorMs, profile, tree } = context;
  const prng = context.prng.fork("histories");
  const handlerOf = handlers(context, organisations, roles);
  const dueOf = dueByRules(profile);
  const drawn = drawCases(context, sites, mode)
    .map((item, index) => ({ item, index }))
    .sort((a, b) => a.item.openedMs - b.item.openedMs || a.index - b.index);

  const incidents: IncidentRecord[] = [];
  const incidentEvents: IncidentEventRecord[] = [];
  const refs = { ordinary: 0, sensitive: SENSITIVE_REF_FROM - 1 };
  drawn.forEach(({ item }) => {
    const { site, spec } = item;
    const workflow = workflowOf(profile.slug, { classCode: spec.code, source: item.source });
    const steps = caseHistory(item, workflow, anchorMs, prng);
    const last = steps.at(-1);
    if (!last) throw bugError("a case without a step");
    const place = tree.at(site.code, 12);
    const grid = tree.at(site.code, 15);
    const handler = handlerOf(item, prng);
    const id = nextId(prng, item.openedMs);
    const ended = steps.find(({ step }) => ENDED_STATES.includes(step.state));
    const answer = steps[1];
    const organisationId = steps.some(({ step }) => WITH_UNIT.has(step.state)) ? handler.id : null;
    const inbox = inboxOf(workflow, last.step.key, { handlerId: null, postId: null, organisationId }, site.code);
    const dueMs = dueOf(item, steps);
    incidents.push({
      id,
      ref: ++refs[SENSITIVE_CLASSES.has(spec.code) ? "sensitive" : "ordinary"],
      classCode: spec.code,
      severity: item.severity,
      source: item.source,
      state: last.step.state,
      title: titleOf(place, grid, spec.code),
      point: pointNear(site, sites, prng),
      gridId: grid?.id ?? null,
      gridCodeAt: grid?.code ?? null,
      scopeCode: site.code,
      openedAt: isoOf(item.openedMs),
      dueAt: dueMs === null ? null : isoOf(dueMs),
      firstAnswerAt: answer ? isoOf(answer.atMs) : null,
      closedAt: ended ? isoOf(ended.atMs) : null,
      sourceVerdict: null,
      border: false,
      suspicious: false,
      sourceRef: null,
      organisationId,
      workflow: workflow.key,
      step: last.step.key,
      ...(inbox && { inbox }),
    });
    const handedAt = steps.findIndex(({ step }) => WITH_UNIT.has(step.state));
    steps.forEach(({ step: { key: step, name, state }, atMs }, k) => {
      incidentEvents.push({
        id: nextId(prng, atMs),
        incidentId: id,
        seq: k + 1,
        fromState: steps[k - 1]?.step.state ?? null,
        toState: state,
        actor: actorOf(state, item.source, place, handler, profile.profile.name),
        at: isoOf(atMs),
        note: state === "dispatched" ? `${name}：${handler.name}` : name,
        kind: "step",
        step,
        ...(k === handedAt && { organisationId: handler.id }),
      });
    });
  });
  return { incidents, incidentEvents };
}

function titleOf(place: AreaRecord | undefined, grid: AreaRecord | undefined, classCode: string): string {
  const placeName = place?.name ?? "";
  const gridName = grid ? grid.name.replace(placeName, "") : "";
  return `${placeName}${gridName} ${CLASS_NAMES.get(classCode) ?? classCode}`;
}

/** Up to 8 m around the site but inside its area, so that cases on one spot do not cover each other. */
function pointNear(site: Site, { codeAt }: Sites, prng: Prng): LonLat {
  const point = offsetMetres(site.point, prng.range(-8, 8), prng.range(-8, 8));
  return codeAt(point) === site.code ? point : site.point;
}

/** Acting party of a step. Who handles never verifies: closing is the grid centre's, evaluation the resident's. */
function actorOf(
  state: IncidentState,
  source: IncidentSource,
  place: AreaRecord | undefined,
  handler: OrganisationRecord,
  countyName: string,
): string {
  const placeName = place?.name ?? countyName;
  switch (state) {
    case "found":
      return source === "patrol" ? `${placeName}网格员` : REPORTERS[source];
    case "consulted":
      return `${placeName}党组织`;
    case "arrived":
    case "handling":
    case "fed_back":
    case "on_hold":
      return handler.name;
    case "evaluated":
      return "居民";
    case "inspection":
      return `${countyName}督查室`;
    case "accepted":
    case "rejected":
    case "dispatched":
    case "verified":
    case "closed":
    case "void":
    case "rework":
      return `${countyName}网格中心`;
  }
}

/** The unit that handles a case: the class's department, the community, its property firm, or the responsible unit. */
function handlers(
  { tree, anchorMs }: DemoContext,
  organisations: Organisations,
  roles: readonly OrganisationRoleRecord[],
): (drawn: DrawnCase, prng: Prng) => OrganisationRecord {
  const byId = new Map(organisations.all.map((organisation) => [organisation.id, organisation]));
  const anchor = isoOf(anchorMs);
  const responsible = new Map(
    roles
      .filter((role) => role.role === "responsible" && (role.to === null || role.to > anchor))
      .map((role) => [role.areaId, byId.get(role.organisationId) as OrganisationRecord]),
  );
  const placeIndex = new Map(tree.places.map((place, i) => [place.code, i]));
  return ({ spec, site }, prng) => {
    const placeCode = site.code.slice(0, 12);
    const office = organisations.placeOffices.get(placeCode) ?? organisations.townOffices.get(site.code.slice(0, 9));
    if (!office) throw bugError(`no office answers for ${site.code}`);
    const unit = responsible.get(tree.get(site.code).id);
    if (unit && prng.chance(0.3)) return unit;
    if (spec.department === "community") return office;
    if (spec.department === "property")
      return (
        (site.urban
          ? organisations.propertyFirms[(placeIndex.get(placeCode) ?? 0) % organisations.propertyFirms.length]
          : undefined) ?? office
      );
    return organisations.byDepartment.get(spec.department) ?? office;
  };
}
