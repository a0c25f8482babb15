import type { Transaction } from "../../../db/driver.ts";
import { bumpLiveVersion } from "../../../db/load/load-county.ts";
import { refreshCandidates } from "../../../db/repositories/candidate-repository.ts";
import type { CaseHead } from "../../../db/repositories/case-repository.ts";
import { appendChange, wakeFeed } from "../../../db/repositories/outbox-repository.ts";
import { applyRollupDelta, type RollupCase, rollupCase } from "../../../db/rollups/apply-delta.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import { newId } from "../new-id.ts";

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
  const { county, id, ref, sensitive, version, scopeCode, scopeBefore } = changed;
  const at = nowIso(context);
  // Sent in this order and answered together: a transaction waits for each answer.
  const [countedNow, candidates, liveVersion] = await Promise.all([
    counted === undefined ? undefined : rollupCase(tx, county, id),
    refreshCandidates(tx, county, id),
    bumpLiveVersion(tx, county, at),
  ]);
  const told = {
    county,
    op: "UPSERT",
    entity: { type: "incident", id, ref, sensitive },
    version,
    liveVersion,
    at,
  } as const;
  const own = { scopeBefore, scopeAfter: scopeCode };
  // Who holds the case has just been told; other candidates see it in a list of their own.
  const others = [...candidates, ...(changed.decidedAmong ?? [])].filter(
    (code) => code !== scopeCode && code !== scopeBefore,
  );
  await Promise.all([
    counted === undefined ? undefined : applyRollupDelta(tx, county, counted, countedNow ?? null, true),
    appendChange(tx, { ...told, id: newId(context.nowMs), kind: "incident", ...own }),
    ...others.map((code) =>
      appendChange(tx, {
        ...told,
        id: newId(context.nowMs),
        kind: "undecided",
        scopeBefore: code,
        scopeAfter: code,
      }),
    ),
    wakeFeed(tx, county),
  ]);
}

/** A transaction that changes cases of a county, as the system; the feed is woken when it has committed. */
export async function changingCases<T>(
  context: RequestContext,
  county: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const done = await context.database.transaction({ kind: "county", county }, work);
  context.feed.wake(county);
  return done;
}
