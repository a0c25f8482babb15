import { AppError } from "../../../data/model/errors.ts";
import type { Database } from "../../../db/driver.ts";
import { contactsWithoutKey, putContact } from "../../../db/repositories/contact-repository.ts";
import { listCounties } from "../../../db/repositories/county-repository.ts";
import type { Sealer } from "../../seal/sealer.ts";
import { openContact, sealContact } from "./contact-seal.ts";

/** Contacts of one transaction. */
const BATCH = 500;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** What became of contacts that had no key of their own. */
export interface ContactKeysGiven {
  readonly sealed: number;
  /** Sealed under another installation's key: they stay as they are. */
  readonly closed: number;
}

/**
 * Gives a key to every contact that was sealed before contacts had keys: after an upgrade, and after an older backup was taken
 * back. Nothing to do costs one look a county.
 *
 * @param nowMs the server's clock, epoch ms
 */
export async function giveContactKeys(database: Database, sealer: Sealer, nowMs: number): Promise<ContactKeysGiven> {
  const counties = await database.transaction({ kind: "reviewed", name: "county-list" }, listCounties);
  const given = { sealed: 0, closed: 0 };
  for (const { county } of counties)
    for (let after: string | undefined = FIRST_ID; after !== undefined; )
      after = await giveSome(database, sealer, county, after, nowMs, given);
  return given;
}

/** @returns the case to go on after; undefined at the end */
const giveSome = (
  database: Database,
  sealer: Sealer,
  county: string,
  after: string,
  nowMs: number,
  given: { sealed: number; closed: number },
): Promise<string | undefined> =>
  database.transaction({ kind: "county", county }, async (tx) => {
    const rows = await contactsWithoutKey(tx, county, after, BATCH);
    for (const { incidentId, contact, createdAt } of rows) {
      const text = opened(() => openContact(sealer, county, incidentId, { contact, key: null }));
      if (text === undefined) given.closed++;
      else {
        await putContact(tx, county, incidentId, sealContact(sealer, county, incidentId, text, nowMs), createdAt);
        given.sealed++;
      }
    }
    return rows.length < BATCH ? undefined : rows.at(-1)?.incidentId;
  });

/** undefined for what is sealed under another key: it may be put back some day. */
function opened(open: () => string): string | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
