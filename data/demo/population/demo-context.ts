import type { CountyGeography } from "../../model/dataset.ts";
import { userError } from "../../model/errors.ts";
import { type Uuid, uuidV7 } from "../../model/ids.ts";
import type { Prng } from "../prng.ts";
import type { DemoProfile } from "../profile.ts";
import type { AreaTree } from "./area-tree.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** Asia/Shanghai: UTC+8 all year since 1992; every demo county is in it. */
export const ZONE_MS = 8 * HOUR_MS;

/** What each part of the population is made from. */
export interface DemoContext {
  readonly profile: DemoProfile;
  readonly geography: CountyGeography;
  readonly tree: AreaTree;
  readonly anchorMs: number;
  /** The seed's generator; parts fork it by name, so that one part's draws never move another's. */
  readonly prng: Prng;
}

/**
 * Epoch milliseconds of an anchor: a date (`2026-01-15`, midnight in the county's zone) or an ISO 8601 instant with
 * an offset (`2026-01-15T09:30+08:00`). Parsed here and not by `Date`, whose leniency differs between engines.
 */
export function parseAnchor(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(
    text,
  );
  if (match) {
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const millisecond = Number((match[7] ?? "0").padEnd(3, "0"));
    const zone = match[8];
    const offsetMs =
      zone === undefined
        ? ZONE_MS
        : zone === "Z"
          ? 0
          : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * MINUTE_MS;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
    // Date.UTC rolls 02-30 over to March: refuse what does not read back.
    if (hour < 24 && minute < 60 && second < 60 && new Date(wall).toISOString().startsWith(text.slice(0, 10)))
      return wall - offsetMs;
  }
  throw userError(`"${text}" is not an anchor date`, {
    at: "anchorDate",
    hint: "Use a date such as 2026-01-15, or an instant with its offset such as 2026-01-15T09:30+08:00.",
  });
}

/** ISO 8601 text in UTC of an instant. */
export const isoOf = (epochMs: number): string => new Date(epochMs).toISOString();

/** A UUIDv7 at an instant with the generator's next bits. */
export const nextId = (prng: Prng, epochMs: number): Uuid =>
  uuidV7(epochMs, prng.uint32() & 0xfff, prng.uint32() >>> 2, prng.uint32());
