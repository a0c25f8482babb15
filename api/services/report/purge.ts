import { isOpenState } from "../../../data/model/incident.ts";
import type { Database } from "../../../db/driver.ts";
import { appendAudit, systemActor } from "../../../db/repositories/audit-repository.ts";
import {
  type ContactClock,
  contactClocks,
  deleteDueContacts,
  scheduleDeletion,
} from "../../../db/repositories/contact-repository.ts";
import { listCounties } from "../../../db/repositories/county-repository.ts";
import { forgetEvents } from "../../../db/repositories/feed-repository.ts";
import { forgetKeys } from "../../../db/repositories/idempotency-repository.ts";

const DAY_MS = 86_400_000;
/** Contacts are deleted so many days after their case was closed (domain.md section 5). */
export const CONTACT_DAYS = 30;
/** Events of the live feed are kept so many days (DESIGN section 3): an older cursor begins anew. */
export const FEED_DAYS = 7;
/** Clients' keys are kept so many days (data rule 10). */
export const KEY_DAYS = 30;

/** When the contact of a case is to be deleted; null while the case is open. */
export const contactDeletedOn = ({ state, closedAt }: Pick<ContactClock, "state" | "closedAt">): string | null =>
  isOpenState(state) || closedAt === null ? null : new Date(Date.parse(closedAt) + CONTACT_DAYS * DAY_MS).toISOString();

/** What went. */
export interface Purged {
  readonly contacts: number;
  readonly keys: number;
}

/** Deletes what has served its time in every county, and says in the audit log how much that was. */
export async function purge(database: Database, nowMs: number): Promise<ReadonlyMap<string, Purged>> {
  const counties = await database.transaction({ kind: "reviewed", name: "county-list" }, listCounties);
  const purged = new Map<string, Purged>();
  for (const { county } of counties) purged.set(county, await purgeCounty(database, county, nowMs));
  return purged;
}

const purgeCounty = (database: Database, county: string, nowMs: number): Promise<Purged> =>
  database.transaction({ kind: "county", county }, async (tx) => {
    const now = new Date(nowMs).toISOString();
    // However a case was closed (here, by an import): the time counts from its closing; an opened one waits again.
    const clocks = await contactClocks(tx, county);
    const times = clocks
      .map((clock) => ({ ...clock, due: contactDeletedOn(clock) }))
      .filter(({ due, deleteAfter }) => sameInstant(due, deleteAfter) === false)
      .map(({ incidentId, due }) => ({ incidentId, deleteAfter: due }));
    if (times.length > 0) await scheduleDeletion(tx, county, times);
    const contacts = await deleteDueContacts(tx, county, now);
    const keys = await forgetKeys(tx, county, new Date(nowMs - KEY_DAYS * DAY_MS).toISOString());
    // Not in the audit log: events hold ids only, and nobody's right ends with them.
    await forgetEvents(tx, county, new Date(nowMs - FEED_DAYS * DAY_MS).toISOString());
    if (contacts + keys > 0)
      await appendAudit(tx, county, {
        ...systemActor(),
        action: "purge",
        entity: { contacts, keys },
        at: now,
      });
    return { contacts, keys };
  });

const sameInstant = (one: string | null, other: string | null): boolean =>
  one === null || other === null ? one === other : Date.parse(one) === Date.parse(other);
