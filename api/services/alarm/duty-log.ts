import type { DutyEntryKind } from "../../../data/model/alarm.ts";
import { AppError, userError } from "../../../data/model/errors.ts";
import { requireCleanText } from "../../../data/policy/free-text.ts";
import { mayAct } from "../../../data/policy/viewer.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import {
  type DutyEntryRow,
  type DutyLogWindow,
  dutyEntryById,
  insertDutyEntry,
  listDutyEntries,
} from "../../../db/repositories/duty-log-repository.ts";
import { useKey } from "../../../db/repositories/idempotency-repository.ts";
import { publishChanges } from "../../../db/repositories/outbox-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { MutationAddDutyEntryArgs } from "../../generated/resolvers-types.ts";
import type { CountyModel } from "../../mappers.ts";
import { newId } from "../new-id.ts";
import { pageSize } from "../page.ts";
import { auditViewer, requireAccount, requireViewer } from "../report/actor.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireArea } from "../require.ts";
import { required } from "../required.ts";

const TEXT_LENGTH = 2000;
/** Control characters but line breaks: an entry may have several lines. */
const CONTROL = /[^\P{Cc}\n]/u;

/** The desk of an area, which leaders and dispatchers of the area (or of what holds it) keep. @throws FORBIDDEN for others */
export async function requireDesk(context: RequestContext, area: string, at: string): Promise<CountyModel> {
  const viewer = requireViewer(context, at);
  const { county } = await requireArea(context, area, nowIso(context), "incident", at);
  if (mayAct(viewer, "supervise", area)) return county;
  throw new AppError("USER", `the role ${viewer.role} keeps no duty log here`, {
    code: "FORBIDDEN",
    at,
    hint: "Leaders and dispatchers keep the log of their own area and of what lies in it.",
  });
}

/** Entries of the desk of an area, newest first. */
export async function dutyLog(
  context: RequestContext,
  area: string,
  window: DutyLogWindow,
  first: number | null | undefined,
): Promise<DutyEntryRow[]> {
  const { county } = await requireDesk(context, area, "area");
  return inCounty(context, county, (tx) => listDutyEntries(tx, county, area, window, pageSize(first)));
}

function checkEntryText(value: string, kind: DutyEntryKind): string {
  const text = value.replaceAll("\r\n", "\n").trim();
  if (text.length > TEXT_LENGTH || CONTROL.test(text) || (text === "" && kind === "note"))
    throw userError("the entry is not a text", { at: "input.text", hint: `1 to ${TEXT_LENGTH} characters.` });
  return requireCleanText(text, "input.text");
}

/**
 * Writes into the duty log, once per client's key (data rule 10). A handover or takeover may be without words.
 *
 * @throws FORBIDDEN for kiosks, tokens and other roles, BAD_USER_INPUT for what may not be written, CONFLICT when the key was
 * used for another entry
 */
export async function addDutyEntry(
  context: RequestContext,
  input: MutationAddDutyEntryArgs["input"],
): Promise<DutyEntryRow> {
  const viewer = requireViewer(context, "Mutation.addDutyEntry");
  const authorId = requireAccount(viewer, "Mutation.addDutyEntry");
  const key = checkKey(input.key);
  const kind = input.kind ?? "note";
  const text = checkEntryText(input.text, kind);
  const { county } = await requireDesk(context, input.area, "input.area");
  const content = JSON.stringify(["addDutyEntry", input.area, kind, text]);
  const hash = Buffer.from(context.sealer.digest("request", content)).toString("base64url");
  const at = nowIso(context);
  const id = newId(context.nowMs);
  return changingCases(context, county, async (tx) => {
    const use = await useKey(tx, county, viewer.actor, key, hash, at, { entry: id });
    if (use.hits > 1) {
      if (use.requestHash === hash)
        return required(await dutyEntryById(tx, county, String(use.response?.["entry"])), "entry of a repeated key");
      throw new AppError("USER", "this key was used for another entry", {
        code: "CONFLICT",
        at: "input.key",
        hint: "Make a new key for each entry; the same one only repeats it.",
      });
    }
    const entry = { county, id, kind, author: viewer.name, at, text, areaCode: input.area };
    await insertDutyEntry(tx, { ...entry, authorId });
    await appendAudit(tx, county, {
      ...auditViewer(context, viewer),
      action: "duty.write",
      entity: { entry: entry.id, kind, area: input.area },
      reason: null,
      at,
    });
    // The last thing: from here to the commit the county's other writers wait.
    await publishChanges(tx, county, { op: "UPSERT", entity: { type: "duty_entry", id }, version: 1, at }, [
      { id: newId(context.nowMs), kind: "duty", scopeBefore: null, scopeAfter: input.area },
    ]);
    return entry;
  });
}
