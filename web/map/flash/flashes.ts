import { FLAG, type IncidentColumns, STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import { LATTICE_PER_DEGREE, type LonLat } from "../../../data/model/geometry.ts";
import { INCIDENT_SEVERITIES } from "../../../data/model/incident.ts";
import type { RowRange } from "../../plane/types.ts";

/** A new case on the map. */
export interface Flash {
  readonly at: LonLat;
  readonly severe: boolean;
  /** `performance.now()` when it began. */
  readonly startMs: number;
}

/** How long a flash lasts, ms: two swells of a ring, seen from the back of a hall and over. */
export const FLASH_MS = 1800;
/** Most flashes at once: a wave of cases is told by the marks and figures, not by a screen full of rings. */
export const MAX_FLASHES = 24;
/** Rows looked at per change: a longer range is a load, and what is loaded is not new. */
const MAX_ROWS = 500;
/** Numbers of cases that flashed are remembered for a day by the county's clock, seconds. */
const KEPT_SECONDS = 86_400;

const SERIOUS = INCIDENT_SEVERITIES.indexOf("serious");

/** Tells cases that were reported after the page had everything, each once. */
export class NewCases {
  /** Instant from which on a case is new, epoch seconds. */
  #since: number;
  readonly #told = new Map<number, number>();

  /** @param since instant that the page's first full picture was of, epoch seconds */
  constructor(since: number) {
    this.#since = since;
  }

  /** New cases in rows that changed. @param startMs `performance.now()` */
  find(columns: IncidentColumns, changed: readonly RowRange[], startMs: number): Flash[] {
    const found: Flash[] = [];
    for (const [from, to] of changed) {
      if (to - from > MAX_ROWS) continue;
      for (let row = from; row < to; row++) {
        const ref = columns.ref[row] as number;
        const opened = columns.opened[row] as number;
        if (ref === 0 || opened < this.#since || this.#told.has(ref)) continue;
        if (STATE_ENDED[columns.state[row] as number]) continue;
        // Neither a default point nor the middle of a cell is where something happened.
        if ((columns.flags[row] as number) & (FLAG.suspicious | FLAG.cell)) continue;
        this.#told.set(ref, opened);
        found.push({
          at: [(columns.lon[row] as number) / LATTICE_PER_DEGREE, (columns.lat[row] as number) / LATTICE_PER_DEGREE],
          severe: (columns.severity[row] as number) >= SERIOUS,
          startMs,
        });
      }
    }
    this.#forget(columns.asOf);
    return found;
  }

  /** A wall runs for weeks: what is older than a day is not new any more, and need not be remembered. */
  #forget(asOf: number): void {
    if (asOf - KEPT_SECONDS <= this.#since) return;
    this.#since = asOf - KEPT_SECONDS;
    for (const [ref, opened] of this.#told) if (opened < this.#since) this.#told.delete(ref);
  }
}

/** Flashes that go on, with new ones; beyond the most at once severe ones stay first, then the newest. */
export function withFlashes(running: readonly Flash[], fresh: readonly Flash[], nowMs: number): Flash[] {
  const all = [...fresh, ...running.filter(({ startMs }) => nowMs - startMs < FLASH_MS)];
  if (all.length <= MAX_FLASHES) return all;
  return [...all.filter(({ severe }) => severe), ...all.filter(({ severe }) => !severe)].slice(0, MAX_FLASHES);
}

/** Ring of a flash at an age. */
export interface FlashRing {
  /** Share of its full radius, 0 … 1. */
  readonly size: number;
  /** 0 … 1. */
  readonly alpha: number;
}

/** How a flash looks after so many ms; undefined when it is over. Without motion a ring stands and is gone. */
export function flashRing(ageMs: number, still: boolean): FlashRing | undefined {
  if (ageMs < 0 || ageMs >= FLASH_MS) return undefined;
  if (still) return { size: 0.7, alpha: 1 };
  // Two swells.
  const phase = (ageMs / (FLASH_MS / 2)) % 1;
  return { size: 0.2 + 0.8 * phase, alpha: 1 - phase };
}
