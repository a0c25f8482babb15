import { setTimeout as delay } from "node:timers/promises";
import { isInside } from "../../data/model/codes.ts";
import { uuidV7, uuidV7Time } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import { bumpLiveVersion } from "../../db/load/load-county.ts";
import { appendChange, wakeFeed } from "../../db/repositories/outbox-repository.ts";
import { SMALL_CODES, SMALL_COUNTY } from "../fixtures/small-county-base.ts";

/**
 * Changes by number, for tests and measurements of many clients: change `n` is about case `n`, lies where the plan says, and is
 * written by lane `n % lanes`, one after another, so that everybody must hear the changes of a lane in order of their numbers.
 */
const PLACES = [SMALL_CODES.microA1, SMALL_CODES.gridB, SMALL_CODES.gridV, SMALL_CODES.microA2, null] as const;

const placeOf = (n: number): string | null => PLACES[n % PLACES.length] ?? null;
const isSensitive = (n: number): boolean => n % 11 === 0;

/** Who hears what: an area and whether sensitive cases are in. The county's code hears what lies in no area, too. */
export interface Hearing {
  readonly area: string;
  readonly sensitive: boolean;
}

export function hears({ area, sensitive }: Hearing, n: number): boolean {
  const place = placeOf(n);
  return (sensitive || !isSensitive(n)) && (area === SMALL_COUNTY || (place !== null && isInside(place, area)));
}

/** Writes change `n` through the outbox, as a write does, in a transaction of its own; its id carries when that ends. */
async function writePlanned(database: Database, n: number): Promise<void> {
  const county = SMALL_COUNTY;
  const at = new Date().toISOString();
  await database.transaction({ kind: "county", county }, async (tx) => {
    const liveVersion = await bumpLiveVersion(tx, county, at);
    if (database.form === "native") await wakeFeed(tx, county);
    // The last statement before the commit: from here on it is measured how long a client takes to hear of it.
    const id = uuidV7(Date.now(), process.pid & 0xfff, n & 0x3fff, n);
    await appendChange(tx, {
      id,
      county,
      kind: "incident",
      op: "UPSERT",
      entity: { type: "incident", id, ref: n, sensitive: isSensitive(n) },
      version: 1,
      liveVersion,
      scopeBefore: null,
      scopeAfter: placeOf(n),
      at,
    });
  });
}

/** When a change was committed, by the global id of its case; epoch ms. */
export const committedAt = (globalId: string): number => uuidV7Time((globalId.split(":")[2] ?? "") as never);

export interface Pace {
  readonly total: number;
  readonly perSecond: number;
  readonly lanes: number;
  /** Called after each commit. */
  readonly written?: (n: number) => void;
}

/** Writes changes `0 … total - 1` at a pace, or as fast as it goes. @returns seconds that it took */
export async function writePaced(database: Database, { total, perSecond, lanes, written }: Pace): Promise<number> {
  const started = performance.now();
  const lane = async (first: number): Promise<void> => {
    for (let n = first; n < total; n += lanes) {
      const wait = started + (n * 1000) / perSecond - performance.now();
      if (wait > 0) await delay(wait);
      await writePlanned(database, n);
      written?.(n);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
  return (performance.now() - started) / 1000;
}
