import { AppError, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import { areaWithin, type Viewer } from "../../../data/policy/viewer.ts";
import type { WhistleItemDefinition } from "../../../data/workflow/process.ts";
import { WHISTLED_STEP } from "../../../data/workflow/whistled-step.ts";
import { lockCase } from "../../../db/repositories/case-repository.ts";
import { organisationsById } from "../../../db/repositories/organisation-repository.ts";
import { insertCalls, insertWhistle, type WhistleRow } from "../../../db/repositories/whistle-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { WhistleInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { checkLine } from "../flow/step-input.ts";
import { requireCase } from "../flow/transition-incident.ts";
import { workflowsOf } from "../flow/workflows-of.ts";
import { newId } from "../new-id.ts";
import { requireViewer } from "../report/actor.ts";
import { changedConflict, endedConflict } from "../report/case-conflicts.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { readWhistle } from "./read-whistle.ts";
import { followingStep, tellWhistle } from "./whistle-change.ts";

const MINUTE_MS = 60_000;
const MOST_CALLED = 20;

/**
 * Blows a whistle for an open case, once per client's key: the departments are called, and where the case's workflow has the
 * step 吹哨 next (or begins with it) the case goes on, to the first department.
 *
 * @throws BAD_USER_INPUT without a listed item or a department, NOT_FOUND for what the viewer may not see, FORBIDDEN without
 * the right to supervise the place, CONFLICT with the current state when the case was changed or has ended
 */
export async function blowWhistle(context: RequestContext, input: WhistleInput): Promise<WhistleRow> {
  const viewer = requireViewer(context, "Mutation.blowWhistle");
  const key = checkKey(input.key);
  const note = checkLine(input.note, "input.note");
  const { county, id } = await requireCase(context, viewer, input.incident, "supervise", "input.incident");
  const workflows = await workflowsOf(context, county);
  const item = requireItem(workflows.process.whistleItems, input.item);
  const code = county.county;
  const units = checkUnits(code, input.organisations);
  const { incident, version } = input;
  const content = ["blowWhistle", { incident, version, item: item.key, units, note }];
  const whistleId = newId(context.nowMs);
  const request = { county: code, actor: viewer.actor, key, content };
  const done = await changingCases(context, code, (tx) =>
    once(tx, context, request, { whistle: whistleId }, async () => {
      const head = required(await lockCase(tx, code, id), `incident ${incident}`);
      if (head.version !== version) throw changedConflict("input.version", head);
      if (!isOpenState(head.state)) throw endedConflict("input.version", head);
      const found = await organisationsById(tx, code, units);
      const names = units.map((unit) => found.get(unit)?.name);
      if (names.includes(undefined))
        throw userError("there is no such department", {
          at: `input.organisations.${names.indexOf(undefined)}`,
          hint: "Query.organisations lists the units of the county.",
        });
      const areaCode = whistlingArea(viewer, code, head.scopeCode ?? code);
      await insertWhistle(tx, {
        county: code,
        id: whistleId,
        incidentId: id,
        areaCode,
        item: item.key,
        class: item.class,
        note,
        at: nowIso(context),
      });
      // In order of their ids calls are listed as they were made: within one millisecond ids are random.
      const ids = units.map(() => newId(context.nowMs)).sort();
      const calls = units.map((organisationId, n) => ({ id: required(ids[n], "id of a call"), organisationId }));
      const arriveBy = new Date(context.nowMs + item.arriveMinutes * MINUTE_MS).toISOString();
      await insertCalls(tx, code, whistleId, calls, arriveBy);
      await tellWhistle(tx, context, {
        county: code,
        viewer,
        workflows,
        head,
        action: "whistle.blow",
        note: `吹哨：${item.name}（${names.join("、")}）`,
        facts: {
          incident,
          whistle: toGlobalId("Whistle", code, whistleId),
          item: item.key,
          class: item.class,
          area: areaCode,
          organisations: units,
        },
        step: followingStep(
          workflows,
          head,
          (next, here) => next.key === WHISTLED_STEP || (here === WHISTLED_STEP && next.state === "accepted"),
        ),
        organisationId: required(units[0], "called department"),
      });
    }),
  );
  return readWhistle(context, county, String(done["whistle"]));
}

/** @throws BAD_USER_INPUT for what the county does not list under one of the three classes */
function requireItem(items: readonly WhistleItemDefinition[], key: string): WhistleItemDefinition {
  const item = items.find((one) => one.key === key);
  if (item) return item;
  throw userError(`"${key}" is no item that may be whistled for here`, {
    at: "input.item",
    hint: items.length === 0 ? "This county lists none." : "Query.whistleItems lists what may be whistled for.",
  });
}

/** Row ids of the departments, each once. */
function checkUnits(county: string, texts: readonly string[]): string[] {
  const ids = texts.map((text, n) => {
    const at = `input.organisations.${n}`;
    const id = requireGlobalId(text, "Organisation", at);
    if (id.county === county) return id.id as string;
    throw userError(`${text} is of another county than the case`, { at, hint: `Name one of county ${county}.` });
  });
  const units = [...new Set(ids)];
  if (units.length >= 1 && units.length <= MOST_CALLED) return units;
  throw userError(units.length === 0 ? "no department is called" : `more than ${MOST_CALLED} departments are called`, {
    at: "input.organisations",
    hint: `Name 1 to ${MOST_CALLED} units.`,
  });
}

/** Who whistles: the viewer's own area where it is a community or less, otherwise the community of the case. */
function whistlingArea(viewer: Viewer, county: string, scope: string): string {
  const own = areaWithin(viewer, county);
  if (own === undefined)
    throw new AppError("USER", `county ${county} lies outside your grant`, { code: "FORBIDDEN", at: "input.incident" });
  return own.length >= 12 ? own : scope.slice(0, 12);
}
