import type { ClockContext } from "../../../data/clock/case-clocks.ts";
import { areaOfLevel, nextRise, type Rise, type RisingCase } from "../../../data/clock/escalation.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import type { Transaction } from "../../../db/driver.ts";
import { appendAudit, systemActor } from "../../../db/repositories/audit-repository.ts";
import { appendStep, lockCase } from "../../../db/repositories/case-repository.ts";
import { clocksOfCases } from "../../../db/repositories/clock-repository.ts";
import { findCounty, listCounties } from "../../../db/repositories/county-repository.ts";
import { raiseCase, takeTurn, type WaitingCase, waitingCases } from "../../../db/repositories/escalation-repository.ts";
import { nowIso, type RequestContext, requestContext, type ServerParts } from "../../context.ts";
import type { CountyModel } from "../../mappers.ts";
import { asOfCounty } from "../as-of.ts";
import { type CountyFlow, workflowsOf } from "../flow/workflows-of.ts";
import { newId } from "../new-id.ts";
import { changingCases, recordCaseChange } from "../report/record-change.ts";

/** Rises in one run of a county: the rest comes in the next, so that other writers are not kept waiting. */
const MOST_AT_ONCE = 200;

/**
 * Raises what is late, and what nobody claims, in every county: one level per entry of the county's chain, each with an entry
 * in the timeline, an audit row and a change in the feed. Of several processes one does a county's run. A county whose data
 * ended long ago stands still.
 *
 * @param everyMs pause between two runs
 * @returns how many levels cases rose
 */
export async function escalate(parts: ServerParts, nowMs: number, everyMs: number): Promise<number> {
  const { database } = parts;
  const context = requestContext(parts, nowMs, null, "");
  const counties = await database.transaction({ kind: "reviewed", name: "county-list" }, listCounties);
  let rises = 0;
  for (const { county } of counties) {
    const row = await database.transaction({ kind: "county", county }, (tx) => findCounty(tx, county));
    const model = row && asOfCounty(row, nowMs);
    if (!model || standsStill(model, nowMs)) continue;
    rises += await escalateCounty(context, model, everyMs);
  }
  return rises;
}

/** A quiet week is no end: only data that ended before is left alone, and a demo once its figures stand still. */
const QUIET_MS = 7 * 86_400_000;

const standsStill = ({ demo, historic, lastOpenedAt }: CountyModel, nowMs: number): boolean =>
  demo ? historic : lastOpenedAt === null || nowMs - Date.parse(lastOpenedAt) > QUIET_MS;

async function escalateCounty(context: RequestContext, model: CountyModel, everyMs: number): Promise<number> {
  const { county } = model;
  const flow = await workflowsOf(context, model);
  const waiting = await context.database.transaction({ kind: "county", county }, async (tx) =>
    (await takeTurn(tx, county, context.nowMs, everyMs)) ? rising(tx, context, county, flow, null) : [],
  );
  let rises = 0;
  for (const { id } of waiting.slice(0, MOST_AT_ONCE))
    rises += await changingCases(context, county, (tx) => raise(tx, context, county, flow, id));
  return rises;
}

interface RisingNow extends RisingCase {
  readonly id: string;
  readonly rise: Rise;
}

const contextOf = ({ process, timezone }: CountyFlow, one: WaitingCase): ClockContext => ({
  settings: process,
  timezone,
  one,
});

/** The cases that rise now, as they are. */
async function rising(
  tx: Transaction,
  context: RequestContext,
  county: string,
  flow: CountyFlow,
  ids: readonly string[] | null,
): Promise<RisingNow[]> {
  const split = flow.process.clockRules.filter(({ levels }) => levels).map(({ key }) => key);
  const cases = await waitingCases(tx, county, nowIso(context), split, ids);
  const clocks = await clocksOfCases(
    tx,
    county,
    cases.map(({ id }) => id),
  );
  return cases.flatMap((one) => {
    const now: RisingCase = {
      level: one.level,
      clocks: (clocks.get(one.id) ?? []).map(({ clock }) => clock),
      inboxSinceMs: one.inboxSince === null ? null : Date.parse(one.inboxSince),
    };
    const rise = nextRise(now, context.nowMs, contextOf(flow, one));
    return rise ? [{ ...now, id: one.id, rise }] : [];
  });
}

/** Raises one case as far as its chain says, if it still must. */
async function raise(
  tx: Transaction,
  context: RequestContext,
  county: string,
  flow: CountyFlow,
  id: string,
): Promise<number> {
  const before = await lockCase(tx, county, id);
  if (!before || !isOpenState(before.state)) return 0;
  let rises = 0;
  let [now] = await rising(tx, context, county, flow, [id]);
  while (now) {
    const { step, because } = now.rise;
    const at = nowIso(context);
    await raiseCase(tx, county, id, step.level, {
      role: step.role,
      area: areaOfLevel(before.scopeCode ?? county, step.level),
    });
    await appendStep(tx, {
      county,
      id: newId(context.nowMs),
      incidentId: id,
      fromState: before.state,
      toState: before.state,
      actor: "system",
      at,
      note: `${REASONS[because]}：${LEVEL_NAMES[step.level]}`,
      kind: "escalated",
      step: null,
    });
    rises++;
    await appendAudit(tx, county, {
      ...systemActor(),
      action: "incident.escalate",
      entity: { incident: toGlobalId("Incident", county, id), level: step.level, because },
      at,
    });
    const level = step.level;
    const rise: Rise | undefined = nextRise(
      { ...now, level },
      context.nowMs,
      contextOf(flow, { ...before, ...now, inboxSince: null }),
    );
    now = rise && { ...now, level, rise };
  }
  if (rises > 0)
    await recordCaseChange(tx, context, {
      ...before,
      county,
      version: before.version + rises,
      scopeBefore: before.scopeCode,
    });
  return rises;
}

/** What the timeline says, in the county's own language: notes are what people write. */
const REASONS: Readonly<Record<Rise["because"], string>> = {
  due: "超过时限，上升到",
  share: "本级时限已用完，上升到",
  inbox: "无人认领，上升到",
};
const LEVEL_NAMES: Readonly<Record<Rise["step"]["level"], string>> = {
  grid: "网格",
  community: "社区",
  town: "镇街",
  county: "县区",
};
