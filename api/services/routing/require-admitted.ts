import { type AdmissionTarget, refusingItem } from "../../../data/dispatch/admission.ts";
import { AppError } from "../../../data/model/errors.ts";
import type { Transaction } from "../../../db/driver.ts";
import { type AdmissionRow, refusingItems } from "../../../db/repositories/admission-repository.ts";
import type { CaseOwner } from "../../../db/repositories/flow-repository.ts";

/**
 * Refuses to hand a case to somebody whom the county's admission list keeps its class from: 禁止 from grid workers' posts and
 * inboxes, 不予盖章 from everybody. To be asked in the transaction of the write, before it.
 *
 * @param classCode class of the case, five digits
 * @param target the inbox's role, the post's kind, or both; neither for a unit
 * @param at the argument that names the target
 * @throws FORBIDDEN with the list's own words
 */
export async function requireAdmitted(
  tx: Transaction,
  county: string,
  classCode: string,
  target: AdmissionTarget,
  at: string,
): Promise<void> {
  refuseByList(await refusingItems(tx, county), classCode, target, at);
}

/** `requireAdmitted` over items that this transaction has read (`refusingItems`). */
export function refuseByList(
  items: readonly AdmissionRow[],
  classCode: string,
  target: AdmissionTarget,
  at: string,
): void {
  const item = refusingItem(items, classCode, target);
  if (!item) return;
  const rule = `《准入清单》${item.batch} · ${item.department}:${item.item}`;
  throw new AppError(
    "USER",
    item.kind === "no_stamp"
      ? `communities do not stamp this (不予盖章) — ${rule}`
      : `this must not be handed to grid workers (禁止派给网格员) — ${rule}`,
    {
      code: "FORBIDDEN",
      at,
      hint:
        item.kind === "no_stamp"
          ? "Tell the applicant which office answers for it; close the case as not accepted."
          : `Hand it to ${item.department}, or to a dispatcher.`,
    },
  );
}

/** An inbox that a case may wait in by itself: the dispatcher's, where the list keeps the class from grid workers. */
export async function admittedInbox(
  tx: Transaction,
  county: string,
  classCode: string,
  inbox: CaseOwner["inbox"],
): Promise<CaseOwner["inbox"]> {
  if (inbox?.role !== "grid_worker") return inbox;
  return inboxByList(await refusingItems(tx, county), classCode, inbox);
}

/** `admittedInbox` over items that this transaction has read. */
export function inboxByList(
  items: readonly AdmissionRow[],
  classCode: string,
  inbox: CaseOwner["inbox"],
): CaseOwner["inbox"] {
  if (inbox?.role !== "grid_worker") return inbox;
  const refused = refusingItem(items, classCode, inbox);
  return refused ? { ...inbox, role: "dispatcher" } : inbox;
}
