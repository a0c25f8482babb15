import { randomUUID } from "node:crypto";
import { getNamedType, isObjectType } from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildGraphqlSchema } from "../../../api/schema/index.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { askerOf, FIELD_RULE, type FieldRule, ruleAllows } from "../../../data/policy/fields.ts";
import { ROLES } from "../../../data/policy/roles.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { type GraphqlAnswer, type TestApi, testApiOver } from "../../helpers/api.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { importLayer, POLICY_LAYER } from "../../helpers/grid-layers.ts";
import { ground, movedBorder, planDone, readBase } from "../../helpers/plans.ts";
import { smallJpeg } from "../../helpers/small-photos.ts";
import { viewerAs, viewerHeaders } from "../../helpers/viewers.ts";
import { incident, type Made, mutationArguments, NEAR_BORDER, queryArguments, TOWN } from "./root-arguments.ts";
import { type Given, selectAll, valuesOf } from "./selections.ts";

const OTHER_TOWN = `${POLICY_COUNTY}002`;
const schema = buildGraphqlSchema();
const ruleOf = (name: string): FieldRule => FIELD_RULE.get(name) ?? "open";

interface Column {
  readonly name: string;
  readonly viewer: Viewer | null;
  /** The viewer's area holds what is asked for. */
  readonly inside: boolean;
}

const COLUMNS: readonly Column[] = [
  ...ROLES.map((role) => ({ name: `${role}, own area`, viewer: viewerAs(role, TOWN), inside: true })),
  ...ROLES.map((role) => ({ name: `${role}, another area`, viewer: viewerAs(role, OTHER_TOWN), inside: false })),
  { name: "county's administrator", viewer: viewerAs("admin", POLICY_COUNTY), inside: true },
  { name: "county's auditor", viewer: viewerAs("auditor", POLICY_COUNTY), inside: true },
  { name: "a visitor", viewer: viewerAs("leader", TOWN, { visitor: true }), inside: true },
  {
    name: "a kiosk",
    viewer: viewerAs("wall", TOWN, { kind: "kiosk", accountId: null, pointDays: 60 }),
    inside: true,
  },
  { name: "nobody", viewer: null, inside: false },
];

/** Root fields whose things lie in one area: somebody of elsewhere is refused them as a whole. */
const PLACED: readonly FieldRule[] = ["duty", "camera", "incident", "plan"];
/** Fields of an area or a place that are null for somebody of elsewhere; units name areas of the viewer's own. */
const NULL_OUTSIDE = new Set([
  "Area.responsible",
  "Area.staffLinks",
  "Area.onDuty",
  "Area.incidentSummary",
  "Location.responsible",
  "OwnerCandidate.responsible",
  "OwnerCandidate.leader",
  "LayerPart.households",
  "LayerPart.householdsExact",
]);
/** Root fields that name no area: they speak of what the viewer may see, wherever that is. */
const COUNTY_WIDE = new Set(["departmentScores"]);
/** Root fields that lead to units, and through them to areas of the viewer's own. */
const BY_UNIT = new Set(["organisations", "admissionList", "departmentScores"]);
/**
 * Fields that speak of who asks, so that equal roles need not get equal answers: an assessment counts what one sees; what counts of areas are null for whom
 * the differential test knows.
 */
const PERSONAL =
  /^(Me|Plan\.(steps|drawnByMe)|PlanPresence\.me|AreaCounts|Session|Incident\.handledByMe|Query\.(me|mySessions|reporterContact)|Account|NewAccount|EvaluationRow\.(score|rank)|EvaluationFigure\.value)\b/;
/** Households of a handful, which reviewers who neither draw nor administer are not told. */
const HOUSEHOLDS =
  /^(PlanIssue\.value|PlanCellImpact\.households(Before|After)|Plan(Impact|Move)\.households|LayerPart\.households(Exact)?)$/;
const isHandful = ({ name, value }: Given): boolean => HOUSEHOLDS.test(name) && Number(value) > 0 && Number(value) < 5;
/** Fields that need a true session (tests of sign-in), a socket (the differential test) or files (tests of imports and of editions), and answers of mutations, which find nothing here. */
const ELSEWHERE =
  /^(Session\..*|Grant\..*|Query\.(mySessions|reporterContact|importPreview|importJob)|Health\w*\..*|(DatabaseMove|MovedTable|MoveTarget)\..*|Import(?!BatchConnection)\w*\..*|AreaLineage(?!Connection)\w*\..*|Incident\.exactPoint|Mutation\..*|New(Account|ApiToken|KioskLink)\..*|ReportReceipt\..*|TransitionOutcome\..*|Subscription\..*|Change\..*)$/;
/** Fields that stay null in this fixture: what has not happened, or is not configured. */
const NOT_HAPPENED = new Set(
  `Plan.effectiveOn Plan.approvedBy Plan.reverts Server.feedAt Server.mapReviewNumber Alarm.acknowledgedAt Alarm.acknowledgedBy Area.validTo Area.sourceRef Responsibility.to Incident.closedAt NextStep.refusal NextStep.refusalEn Incident.escalation Incident.post Incident.mergedInto MyReport.closedAt MyReport.contact
   MyReport.contactDeletedOn Me.login Me.areaName Account.lockedUntil Account.disabledAt ApiToken.revokedAt ApiToken.usedAt
   KioskLink.visitorUntil KioskLink.exchangedAt KioskLink.exchangedFrom KioskLink.seenAt KioskLink.revokedAt AuditRow.seq
   AuditRow.reason AuditRow.hash AuditVerification.firstBadSeq AuditVerification.firstBadId AuditVerification.problem`.split(
    /\s+/,
  ),
);

describeOnBothDatabases("role × field", (open) => {
  let api: TestApi;
  let made: Made;
  /** Non-null values by asker's column and place: what one may see, all whom the rule allows must see. */
  const seen = new Map<string, Map<string, Given>>();

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
    const { reportIncident: args } = mutationArguments(0);
    const { data, errors } = await api.graphql<{ reportIncident: Made }>(
      `mutation { near: reportIncident(${NEAR_BORDER}) { orderNo } reportIncident(${args}) { orderNo code } }`,
      {},
      viewerAs("dispatcher", TOWN),
    );
    if (!data) throw new Error(JSON.stringify(errors));
    made = { ...data.reportIncident, plan: await makePlan(api), gridLayer: await makeGridLayer(api) };
    const photo = await api.app.inject({
      method: "POST",
      url: `/photos?${new URLSearchParams({ incident: toGlobalId("Incident", POLICY_COUNTY, incident.id), key: randomUUID() })}`,
      headers: { ...viewerHeaders(viewerAs("dispatcher", TOWN)), "content-type": "image/jpeg" },
      payload: Buffer.from(smallJpeg()),
    });
    expect(photo.statusCode, photo.body).toBe(201);
  });
  afterAll(() => api.close());

  /** A layer of grids over the town: one of them merged, the others in conflict. */
  async function makeGridLayer(to: TestApi): Promise<string> {
    await importLayer(to.database, POLICY_LAYER);
    const planner = viewerAs("planner", TOWN);
    const { data } = await to.graphql<{
      gridLayers: { id: string; areas: { nodes: { id: string; code: string }[] } }[];
    }>(`{ gridLayers(county: "${POLICY_COUNTY}") { id areas { nodes { id code } } } }`, {}, planner);
    const [layer] = data?.gridLayers ?? [];
    const area = layer?.areas.nodes.find(({ code }) => code === "C");
    const input = { layer: layer?.id, layerAreas: [area?.id], reason: "矩阵", key: randomUUID() };
    const { errors } = await to.graphql(
      "mutation ($input: MergeLayerAreasInput!) { mergeLayerAreas(input: $input) { id } }",
      { input },
      planner,
    );
    expect(errors).toBeUndefined();
    return layer?.id ?? "";
  }

  /** A plan of the town with a change and an answered, settled comment. */
  async function makePlan(to: TestApi): Promise<string> {
    const planner = viewerAs("planner", TOWN);
    const plan = await planDone(to, "createPlan", { scope: TOWN, name: "矩阵", summary: "矩阵" }, planner);
    const { id } = plan;
    // Leaves a strip to nobody: the referee has something to say of it, too.
    const changes = movedBorder(await readBase(to, TOWN, planner), 2.7).map((change, n) =>
      n === 0 ? { ...change, geometry: ground([1, 0], [2.7, 0], [2.7, 0.99], [1, 0.99]) } : change,
    );
    const other = await planDone(to, "createPlan", { scope: TOWN, name: "矩阵二" }, planner);
    const otherChanges = movedBorder(await readBase(to, TOWN, planner), 2.2);
    await planDone(to, "savePlan", { id: other.id, revision: 1, changes: otherChanges }, planner);
    await planDone(to, "savePlan", { id, revision: 1, changes }, planner);
    const pinned = { cells: changes.map(({ cell }) => cell), lon: 113.001, lat: 40.001 };
    const { events } = await planDone(to, "commentPlan", { id, text: "矩阵", ...pinned }, planner);
    await to.graphql(`mutation { holdCells(id: "${id}", cells: ["${pinned.cells[0]}"]) { id } }`, {}, planner);
    const thread = events.at(-1)?.id;
    await planDone(to, "commentPlan", { id, text: "矩阵", thread }, planner);
    await to.graphql(`mutation { resolveComment(id: "${thread}") { id } }`, {}, planner);
    await to.graphql(
      "mutation ($input: SavePlanBoundsInput!) { savePlanBounds(input: $input) { id } }",
      { input: { id, cell: pinned.cells[0], west: "西至田埂", key: randomUUID() } },
      planner,
    );
    return id;
  }

  /** Errors of the guard name the field; others are a service's own. */
  const guardErrors = ({ errors = [] }: GraphqlAnswer): string[] =>
    errors.map(({ extensions }) => String(extensions?.["path"] ?? "")).filter((at) => FIELD_RULE.has(at));
  const codes = ({ errors = [] }: GraphqlAnswer): string[] =>
    errors.map(({ extensions }) => String(extensions?.["code"]));

  function checkValues(column: Column, root: string, values: readonly Given[]): void {
    const asker = askerOf(column.viewer);
    const given = seen.get(column.name) ?? new Map<string, Given>();
    seen.set(column.name, given);
    for (const one of values) {
      const where = `${column.name}: ${root} ${one.path} (${one.name})`;
      if (!ruleAllows(ruleOf(one.name), asker)) expect(one.value, where).toBeNull();
      else if (!column.inside && !BY_UNIT.has(root) && NULL_OUTSIDE.has(one.name)) expect(one.value, where).toBeNull();
      else given.set(`${root} ${one.path}`, one);
    }
  }

  async function checkRoot(column: Column, kind: "query" | "mutation", root: string, args: string): Promise<void> {
    const type = kind === "query" ? schema.getQueryType() : schema.getMutationType();
    const field = type?.getFields()[root];
    if (!type || !field) throw new Error(`no root field ${root}`);
    const inner = getNamedType(field.type);
    const selection = isObjectType(inner) ? selectAll(inner) : "";
    const answer = await api.graphql(`${kind} { ${root}${args ? `(${args})` : ""} ${selection} }`, {}, column.viewer);
    const where = `${column.name}: ${root} ${JSON.stringify(answer.errors ?? [])}`;
    expect(codes(answer), where).not.toContain("INTERNAL");
    expect(codes(answer), where).not.toContain("TOO_COMPLEX");
    const name = `${type.name}.${root}`;
    if (kind === "mutation" && column.viewer?.kind === "kiosk") {
      // A wall writes nothing at all; it is refused before its fields are looked at.
      expect(codes(answer), where).toEqual(["FORBIDDEN"]);
      return;
    }
    const rule = ruleOf(name);
    if (!ruleAllows(rule, askerOf(column.viewer))) {
      expect(codes(answer), where).toEqual([column.viewer ? "FORBIDDEN" : "UNAUTHENTICATED"]);
      expect(guardErrors(answer), where).toEqual([name]);
      return;
    }
    expect(guardErrors(answer), where).toEqual([]);
    if (kind === "query" && column.viewer && !column.inside && PLACED.includes(rule) && !COUNTY_WIDE.has(root)) {
      expect(["FORBIDDEN", "NOT_FOUND"], where).toContain(codes(answer)[0]);
      return;
    }
    if (answer.data) checkValues(column, root, [...valuesOf(type, answer.data, "")]);
  }

  it("has arguments for every root field", () => {
    expect(Object.keys(queryArguments(made)).sort()).toEqual(
      Object.keys(schema.getQueryType()?.getFields() ?? {}).sort(),
    );
    expect(Object.keys(mutationArguments(0)).sort()).toEqual(
      Object.keys(schema.getMutationType()?.getFields() ?? {}).sort(),
    );
  });

  // Administrators first: what they make is there for the others to be refused.
  const ordered = [...COLUMNS].sort(
    (a, b) => Number(b.name.includes("administrator")) - Number(a.name.includes("administrator")),
  );
  for (const [n, column] of ordered.entries())
    it(`holds for ${column.name}`, { timeout: 120_000 }, async () => {
      for (const [root, args] of Object.entries(mutationArguments(n + 1)))
        await checkRoot(column, "mutation", root, args);
      for (const [root, args] of Object.entries(queryArguments(made))) await checkRoot(column, "query", root, args);
    });

  it("gives what a rule allows to all whom it allows", () => {
    // Same area, same cases: a kiosk gets no old ones, and a county's administrator sees more places.
    const insiders = COLUMNS.filter(({ viewer }) => viewer?.area === TOWN && viewer.pointDays === null);
    const missing: string[] = [];
    for (const giver of insiders)
      for (const [place, one] of seen.get(giver.name) ?? [])
        for (const other of insiders) {
          const theirs = seen.get(other.name)?.get(place);
          // Its rows stand in the order of what each viewer counts.
          // Planners made plans between one viewer's turn and another's: the same plan stands elsewhere; `plan(id)` is compared.
          if (/^(departmentScores|plans) /.test(place)) continue;
          if (one.value === null || isHandful(one) || PERSONAL.test(one.name) || !theirs || theirs.name !== one.name)
            continue;
          if (theirs.value === null)
            missing.push(`${one.name} at ${place}: ${giver.name} gets it, ${other.name} does not`);
        }
    expect(missing).toEqual([]);
  });

  it("has seen every field with a value", () => {
    const filled = new Set(
      [...seen.values()].flatMap((given) =>
        [...given.values()].filter(({ value }) => value !== null).map(({ name }) => name),
      ),
    );
    const empty = [...FIELD_RULE.keys()].filter(
      (name) => !filled.has(name) && !ELSEWHERE.test(name) && !NOT_HAPPENED.has(name),
    );
    expect(empty).toEqual([]);
  });
});
