import { type Uuid, uuidV7 } from "../../model/ids.ts";
import type { Prng } from "../prng.ts";

/** Event time of all demo places: 2024-01-01T00:00+08:00, before any anchor. */
const FOUNDED_MS = 1704038400000;

/** Ids for places, seeded: equal streams give equal ids. */
export const placeIds = (random: Prng) => (): Uuid =>
  uuidV7(FOUNDED_MS, random.uint32(), random.uint32(), random.uint32());
