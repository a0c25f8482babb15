import { gridRange, type IncidentColumns, NO_GRID } from "../../../../data/columns/incident-columns.ts";
import { INCIDENT_STATES } from "../../../../data/model/incident.ts";
import type { Filters } from "../../../app/view-state.ts";
import { showsAllClosed } from "../shown-closed.ts";

const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;
const ALL_BITS = 0xffff_ffff;

/** Words of the mask of classes: as many classes as there are bits in them, far above GB/T 47678.5's. */
export const CLASS_WORDS = 64;

/**
 * Which cases the GPU draws as dots, as the numbers that its shader compares: all integers, so that no case is on another
 * side of a border than in the figures. Times are epoch seconds.
 */
export interface DotsFilter {
  /** Opened in `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Ended cases however old; otherwise those of the last `CLOSED_SHOWN_HOURS` only. */
  readonly allEnded: boolean;
  /** Bit per index in `INCIDENT_STATES`, `INCIDENT_SEVERITIES` and `INCIDENT_SOURCES`. */
  readonly states: number;
  readonly severities: number;
  readonly sources: number;
  /** Indexes `[from, to)` in the dictionary of areas. */
  readonly gridFrom: number;
  readonly gridTo: number;
  /** What lies outside every area is in. */
  readonly outside: boolean;
  /** Late only, not late only, or both. */
  readonly late: boolean | undefined;
  /** Bit per class of the dictionary, 32 to a word. */
  readonly classes: Uint32Array;
}

const bits = (indexes: readonly number[] | undefined): number =>
  indexes ? indexes.reduce((mask, index) => mask | (1 << index), 0) >>> 0 : ALL_BITS;

/** What codes are looked up in. */
export type Dictionaries = Pick<IncidentColumns, "classes" | "grids">;

/** The page's filters over given dictionaries; the same rules as `selectRows`, which the tests hold it to. */
export function dotsFilter({ classes, grids }: Dictionaries, filters: Filters, area: string): DotsFilter {
  const [gridFrom, gridTo] = area ? gridRange(grids, area) : [0, NO_GRID];
  const wanted = filters.classes;
  const mask = new Uint32Array(CLASS_WORDS).fill(wanted ? 0 : ALL_BITS);
  if (wanted)
    for (const [i, code] of classes.entries())
      if (wanted.some((prefix) => code.startsWith(prefix)))
        mask[i >> 5] = ((mask[i >> 5] as number) | (1 << (i & 31))) >>> 0;
  return {
    from: filters.from ?? INT32_MIN,
    to: filters.to ?? INT32_MAX,
    allEnded: showsAllClosed(filters),
    states: bits(filters.states),
    severities: bits(filters.severities),
    sources: bits(filters.sources),
    gridFrom,
    gridTo,
    outside: !area || area.length === 6,
    late: filters.late,
    classes: mask,
  };
}

/** Bits of the states in which a case is ended, and of those that are not valid. */
export const stateBits = (states: readonly (typeof INCIDENT_STATES)[number][]): number =>
  bits(states.map((state) => INCIDENT_STATES.indexOf(state)));
