import { randomBytes } from "node:crypto";
import type { NewContact, SealedContactRow } from "../../../db/repositories/contact-repository.ts";
import { SEAL_KEY_BYTES, Sealer } from "../../seal/sealer.ts";
import { newId } from "../new-id.ts";

/** What a sealed contact, or its key, belongs to: moved to another row, it does not open. */
const contactSeal = (county: string, incidentId: string): string => `reporter_contact/${county}/${incidentId}`;
const keySeal = (county: string, incidentId: string): string => `contact_key/${county}/${incidentId}`;

/**
 * Seals a contact under a fresh key of its own, and that key under the installation's: with the key gone, nobody opens what
 * copies still hold of the contact.
 *
 * @param nowMs epoch ms, of the key's id
 */
export function sealContact(
  sealer: Sealer,
  county: string,
  incidentId: string,
  contact: string,
  nowMs: number,
): NewContact {
  const key = randomBytes(SEAL_KEY_BYTES);
  return {
    keyId: newId(nowMs),
    key: sealer.seal(key.toString("base64"), keySeal(county, incidentId)),
    contact: new Sealer(key).seal(contact, contactSeal(county, incidentId)),
  };
}

/**
 * Opens what `sealContact` made, or what was sealed under the installation's key before contacts had keys.
 *
 * @throws USER error when the installation's key is another one
 */
export function openContact(sealer: Sealer, county: string, incidentId: string, kept: SealedContactRow): string {
  const about = contactSeal(county, incidentId);
  const contact = Buffer.from(kept.contact, "hex");
  if (kept.key === null) return sealer.open(contact, about);
  const key = Buffer.from(sealer.open(Buffer.from(kept.key, "hex"), keySeal(county, incidentId)), "base64");
  return new Sealer(key).open(contact, about);
}
