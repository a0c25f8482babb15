import type { Transaction } from "../../../db/driver.ts";
import { bumpLiveVersion } from "../../../db/load/load-county.ts";
import type { CaseHead } from "../../../db/repositories/case-repository.ts";
import { appendChange, wakeFeed } from "../../../db/repositories/outbox-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import { newId } from "../new-id.ts";

/** A case as it is after a change, and the area that it lay in before; null for a new case. */
export interface ChangedCase extends Pick<CaseHead, "id" | "ref" | "sensitive" | "scopeCode" | "version"> {
  readonly county: string;
  readonly scopeBefore: string | null;
}

/**
 * Tells the feed that a case looks different from now on, in the transaction of the change. The last thing before the audit
 * row: the county's other writers wait from here to the commit.
 */
export async function recordCaseChange(tx: Transaction, context: RequestContext, changed: ChangedCase): Promise<void> {
  const { county, id, ref, sensitive, version, scopeCode, scopeBefore } = changed;
  const at = nowIso(context);
  const liveVersion = await bumpLiveVersion(tx, county, at);
  await appendChange(tx, {
    county,
    id: newId(context.nowMs),
    kind: "incident",
    op: "UPSERT",
    entity: { type: "incident", id, ref, sensitive },
    version,
    liveVersion,
    scopeBefore,
    scopeAfter: scopeCode,
    at,
  });
  await wakeFeed(tx, county);
}
