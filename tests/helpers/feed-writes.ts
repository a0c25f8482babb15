import { uuidV7 } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import { bumpLiveVersion } from "../../db/load/load-county.ts";
import { appendChange, wakeFeed } from "../../db/repositories/outbox-repository.ts";

const AT = "2026-01-15T00:00:00Z";
let next = 1;

/** Sends a change of a case through the outbox of a county, as a write does, in a transaction of its own. */
export const writeChange = (database: Database, county: string, ref: number, at = AT): Promise<number> =>
  database.transaction({ kind: "county", county }, async (tx) => {
    const liveVersion = await bumpLiveVersion(tx, county, at);
    const id = uuidV7(Date.parse(at), process.pid, next++, ref);
    await appendChange(tx, {
      id,
      county,
      kind: "incident",
      op: "UPSERT",
      entity: { type: "incident", id, ref, sensitive: false },
      version: 1,
      liveVersion,
      scopeBefore: null,
      scopeAfter: county,
      at,
    });
    await wakeFeed(tx, county);
    return liveVersion;
  });
