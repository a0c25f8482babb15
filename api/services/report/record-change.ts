import type { Transaction } from "../../../db/driver.ts";
import { refreshCandidates } from "../../../db/repositories/candidate-repository.ts";
import type { CaseHead } from "../../../db/repositories/case-repository.ts";
import { publishChanges, type ToldChange } from "../../../db/repositories/outbox-repository.ts";
import { applyRollupDelta, type RollupCase, rollupCase } from "../../../db/rollups/apply-delta.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import { newId } from "../new-id.ts";
import { required } from "../required.ts";

/** A case as it is after a change, and the area that it lay in before; null for a new case. */
export interface ChangedCase extends Pick<CaseHead, "id" | "ref" | "sensitive" | "scopeCode" | "version"> {
  readonly county: string;
  readonly scopeBefore: string | null;
  /** Areas among which its owner was just decided. */
  readonly decidedAmong?: readonly string[];
}

/**
 * Tells the feed that a case looks different from now on, in the transaction of the change. The last thing before the audit
 * row: the county's other writers wait from here to the commit.
 *
 * @param counted what the roll-ups counted of the case before (`rollupCase`, read once the case was locked and before it
 * was changed), null for a new case; left out where class, state, place, area and time stay as they were
 */
export async function recordCaseChange(
  tx: Transaction,
  context: RequestContext,
  changed: ChangedCase,
  counted?: RollupCase | null,
): Promise<void> {
  const { county, id } = changed;
  // Sent in this order and answered together: a transaction waits for each answer.
  const [countedNow, candidates] = await Promise.all([
    counted === undefined ? undefined : rollupCase(tx, county, id),
    refreshCandidates(tx, county, id),
  ]);
  const counts = counted === undefined ? undefined : { before: counted, after: countedNow ?? null };
  await tell(tx, context, changed, [...candidates, ...(changed.decidedAmong ?? [])], counts);
}

/**
 * The same for a case that this transaction has written.
 *
 * @param counted what the roll-ups are to count of it
 * @param candidates codes of the areas that were written as its candidates
 */
export const recordNewCase = (
  tx: Transaction,
  context: RequestContext,
  made: Omit<ChangedCase, "scopeBefore" | "decidedAmong">,
  counted: RollupCase,
  candidates: readonly string[],
): Promise<void> => tell(tx, context, { ...made, scopeBefore: null }, candidates, { before: null, after: counted });

async function tell(
  tx: Transaction,
  context: RequestContext,
  { county, id, ref, sensitive, version, scopeCode, scopeBefore }: ChangedCase,
  candidates: readonly string[],
  counts: { readonly before: RollupCase | null; readonly after: RollupCase | null } | undefined,
): Promise<void> {
  const changed = {
    op: "UPSERT",
    entity: { type: "incident", id, ref, sensitive },
    version,
    at: nowIso(context),
  } as const;
  // Who holds the case is told by its own change; other candidates see it in a list of their own.
  const others = candidates.filter((code) => code !== scopeCode && code !== scopeBefore);
  const told: ToldChange[] = [
    { id: newId(context.nowMs), kind: "incident", scopeBefore, scopeAfter: scopeCode },
    ...others.map(
      (code): ToldChange => ({
        id: newId(context.nowMs),
        kind: "undecided",
        scopeBefore: code,
        scopeAfter: code,
      }),
    ),
  ];
  const [liveVersion] = await Promise.all([
    publishChanges(tx, county, changed, told),
    counts && applyRollupDelta(tx, county, counts.before, counts.after, true),
  ]);
  required(liveVersion, `county ${county}`);
}

/** A transaction that changes what the feed tells of a county, as the system; the feed is woken when it has committed. */
export async function changingCases<T>(
  context: RequestContext,
  county: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const done = await context.database.transaction({ kind: "county", county }, work);
  context.feed.wake(county);
  return done;
}
