import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { ENDED_STATES, type IncidentState } from "../../../data/model/incident.ts";
import { requireCleanText } from "../../../data/policy/free-text.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import { clockAfter, nextStates } from "../../../data/workflow/transitions.ts";
import type { Transaction } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import {
  appendStep,
  type CaseHead,
  caseClock,
  lastStep,
  lockCase,
  moveCase,
} from "../../../db/repositories/case-repository.ts";
import { keepResponse, useKey } from "../../../db/repositories/idempotency-repository.ts";
import { incidentsById } from "../../../db/repositories/incident-repository.ts";
import { rollupCase } from "../../../db/rollups/apply-delta.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { MutationTransitionIncidentArgs } from "../../generated/resolvers-types.ts";
import type { IncidentRow } from "../../mappers.ts";
import { readingOf } from "../loaders.ts";
import { newId } from "../new-id.ts";
import { requireCounty, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { auditViewer, requireViewer } from "./actor.ts";
import { changedConflict, endedConflict } from "./case-conflicts.ts";
import { changingCases, recordCaseChange } from "./record-change.ts";
import { checkKey } from "./report-input.ts";

const NOTE_LENGTH = 500;

/** What is asked for, checked as far as it can be without the case. */
interface Wanted {
  readonly id: string;
  readonly version: number;
  readonly to: IncidentState;
  readonly note: string | null;
}

/**
 * Moves a case to another state, once per client's key (data rule 10): state and clock, step, change, audit and key in one
 * transaction.
 *
 * @throws NOT_FOUND for what the viewer may not see, FORBIDDEN without the right to handle it, CONFLICT when it was changed
 * or has ended or the key was used for something else, BAD_USER_INPUT for a state that does not follow
 */
export async function transitionIncident(
  context: RequestContext,
  input: MutationTransitionIncidentArgs["input"],
): Promise<IncidentRow> {
  const viewer = requireViewer(context, "Mutation.transitionIncident");
  const { county, id } = requireGlobalId(input.id, "Incident", "input.id");
  const key = checkKey(input.key);
  const wanted: Wanted = { id: input.id, version: input.version, to: input.to, note: checkNote(input.note) };
  const reading = await readingOf(context, await requireCounty(context, county, "input.id"));
  const read = () => inCounty(context, county, (tx) => incidentsById(tx, reading, [id]));
  const nothing = () => notFound(`there is no incident ${input.id}`, { at: "input.id" });
  const seen = (await read()).get(id);
  if (!seen) throw nothing();
  if (!mayAct(viewer, "handle", seen.scopeCode ?? county))
    throw new AppError("USER", `the role ${viewer.role} handles no cases here`, {
      code: "FORBIDDEN",
      at: "input.id",
      hint: "A dispatcher or a grid worker of the area moves it on.",
    });
  await changingCases(context, county, async (tx) => {
    const use = await useKey(tx, county, viewer.actor, key, requestHash(context, wanted), nowIso(context));
    if (use.hits > 1) {
      if (use.requestHash === requestHash(context, wanted)) return;
      throw new AppError("USER", "this key was used for something else", {
        code: "CONFLICT",
        at: "input.key",
        hint: "Make a new key for each step; the same one only repeats it.",
      });
    }
    const before = await lockCase(tx, county, id);
    if (!before) throw nothing();
    if (before.version !== wanted.version) throw changedConflict("input.version");
    await move(tx, context, viewer, county, before, wanted);
    await keepResponse(tx, county, viewer.actor, key, { incident: id });
  });
  return required((await read()).get(id), `incident ${input.id}`);
}

async function move(
  tx: Transaction,
  context: RequestContext,
  viewer: Viewer,
  county: string,
  before: CaseHead,
  { id: globalId, to, note }: Wanted,
): Promise<void> {
  const { id, state: from } = before;
  const last = await lastStep(tx, county, id);
  const allowed = nextStates(from, last?.fromState ?? null);
  if (allowed.length === 0) throw endedConflict("input.version");
  if (!allowed.includes(to))
    throw userError(`a case does not go from ${from} to ${to}`, {
      at: "input.to",
      hint: `From here it goes to ${allowed.map((state) => state.toUpperCase()).join(", ")}.`,
    });
  // Who handles a case does not verify it (domain.md section 2.4).
  if (to === "verified" && before.handlerId !== null && before.handlerId === viewer.accountId)
    throw new AppError("USER", "who handles a case does not verify it", {
      code: "FORBIDDEN",
      at: "input.to",
      hint: "Somebody else of the area verifies it.",
    });
  const clock = await caseClock(tx, county, id);
  const at = nowIso(context);
  const counted = await rollupCase(tx, county, id);
  const since = last ? Date.parse(last.at) : context.nowMs;
  await moveCase(tx, county, id, to, clockAfter(clock, { from, to, since, at: context.nowMs }));
  await appendStep(tx, {
    county,
    id: newId(context.nowMs),
    incidentId: id,
    fromState: from,
    toState: to,
    actor: viewer.role,
    at,
    note,
    kind: "step",
    step: null,
  });
  const changed = { ...before, county, version: before.version + 1, scopeBefore: before.scopeCode };
  await recordCaseChange(tx, context, changed, counted);
  await appendAudit(tx, county, {
    ...auditViewer(context, viewer),
    action: "incident.transition",
    entity: { incident: globalId, from, to, note: note !== null, ended: ENDED_STATES.includes(to) },
    reason: null,
    at,
  });
}

/** A note of a step, which everybody who reads the case's texts can read; null for none. */
function checkNote(text: string | null | undefined): string | null {
  const note = text?.trim() ?? "";
  if (note === "") return null;
  if (note.length > NOTE_LENGTH || /\p{Cc}/u.test(note))
    throw userError("the note is not one line of text", {
      at: "input.note",
      hint: `At most ${NOTE_LENGTH} characters.`,
    });
  return requireCleanText(note, "input.note");
}

const requestHash = (context: RequestContext, wanted: Wanted): string =>
  Buffer.from(context.sealer.digest("request", JSON.stringify(["transitionIncident", wanted]))).toString("base64url");
