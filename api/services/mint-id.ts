import { randomInt } from "node:crypto";
import { type Uuid, uuidV7 } from "../../data/model/ids.ts";

/** A new row id for an event time, minted by the server before the first try (data rule 3). */
export const mintId = (epochMs: number): Uuid =>
  uuidV7(epochMs, randomInt(2 ** 12), randomInt(2 ** 30), randomInt(2 ** 32));
