import { randomBytes } from "node:crypto";
import { type Uuid, uuidV7 } from "../../data/model/ids.ts";

/** A fresh row id: UUIDv7 of an event time with random bits of the system (data rule 3). @param epochMs event time, ms */
export function newId(epochMs: number): Uuid {
  const random = randomBytes(12);
  return uuidV7(epochMs, random.readUInt32BE(0), random.readUInt32BE(4), random.readUInt32BE(8));
}
