import type { LonLat } from "../../data/model/geometry.ts";
import { toLattice } from "../../data/model/geometry.ts";
import type { IncidentState } from "../../data/model/incident.ts";
import type { ZoneClock } from "../../data/model/zoned-time.ts";
import type { Transaction } from "../driver.ts";
import { addKeyCounts, type KeyCounts } from "./apply-delta.ts";
import { CELL_EDGES, LATTICE_SOUTH, LATTICE_WEST } from "./rollup-sql.ts";
import { stateGroupOf } from "./state-groups.ts";

/** A new case as the roll-ups see it. */
export interface CountedCase {
  /** `openedAt` is ISO 8601 in UTC. */
  readonly draft: { readonly areaCode: string | null; readonly openedAt: string; readonly state: IncidentState };
  readonly classCode: string;
  readonly sensitive: boolean;
  readonly suspicious: boolean;
  readonly drawn: LonLat;
}

const TOWN_DIGITS = 9;
const DAY_MS = 86_400_000;
const COARSER = CELL_EDGES.coarse / CELL_EDGES.fine;

type Key = readonly (string | number | boolean)[];

/** Counts by keys, in the order of their texts, so that neighbouring rows fall into neighbouring pages. */
class Counts {
  readonly #counts = new Map<string, number>();

  add(text: string, count = 1): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + count);
  }

  *[Symbol.iterator](): Generator<readonly [parts: readonly string[], count: number]> {
    for (const [text, count] of this.#counts) yield [text.split("|"), count];
  }

  rows(keyOf: (parts: readonly string[]) => Key): (readonly [Key, number])[] {
    return [...this.#counts.keys()]
      .sort()
      .map((text) => [keyOf(text.split("|")), this.#counts.get(text) ?? 0] as const);
  }
}

/**
 * What new cases add to the roll-ups, counted as they pass: the same keys as `rollupKeysSql` computes.
 *
 * @param clock of the county's zone
 */
export function countNewCases(
  county: string,
  clock: ZoneClock,
  cases: Iterable<CountedCase>,
): { readonly days: KeyCounts; readonly cells: KeyCounts } {
  const days = new Counts();
  const fine = new Counts();
  const dayTexts = new Map<number, string>();
  for (const one of cases) {
    const { areaCode, openedAt, state } = one.draft;
    const town = areaCode !== null && areaCode.length >= TOWN_DIGITS ? areaCode.slice(0, TOWN_DIGITS) : county;
    const openedMs = Date.parse(openedAt);
    const dayNumber = Math.floor((openedMs + clock.offsetMs(openedMs)) / DAY_MS);
    let day = dayTexts.get(dayNumber);
    if (day === undefined) {
      day = new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);
      dayTexts.set(dayNumber, day);
    }
    const { classCode, sensitive } = one;
    days.add(`${town}|${day}|${classCode}|${state}|${sensitive}`);
    if (one.suspicious) continue;
    const x = Math.floor((toLattice(one.drawn[0]) - LATTICE_WEST) / CELL_EDGES.fine);
    const y = Math.floor((toLattice(one.drawn[1]) - LATTICE_SOUTH) / CELL_EDGES.fine);
    fine.add(`${day.slice(0, 7)}-01|${town}|${x}|${y}|${classCode.slice(0, 2)}|${stateGroupOf(state)}|${sensitive}`);
  }
  const whole = new Counts();
  for (const [[, ...rest], count] of days) whole.add(rest.join("|"), count);
  const coarse = new Counts();
  for (const [[month, town, x, y, ...rest], count] of fine)
    coarse.add(
      [month, town, Math.floor(Number(x) / COARSER), Math.floor(Number(y) / COARSER), ...rest].join("|"),
      count,
    );
  return {
    days: [
      ...whole.rows((parts) => [county, true, ...dayKey(parts)]),
      ...days.rows(([town = "", ...parts]) => [town, false, ...dayKey(parts)]),
    ],
    cells: [
      ...fine.rows((parts) => cellKey(parts, CELL_EDGES.fine)),
      ...coarse.rows((parts) => cellKey(parts, CELL_EDGES.coarse)),
    ],
  };
}

const dayKey = ([day = "", classCode = "", state = "", sensitive]: readonly string[]): Key => [
  day,
  classCode,
  state,
  sensitive === "true",
];

const cellKey = (
  [month = "", town = "", x, y, major = "", group = "", sensitive]: readonly string[],
  edge: number,
): Key => [town, edge, month, Number(x), Number(y), major, group, sensitive === "true"];

/** Adds what `countNewCases` counted. The county's row must be locked (`lockRollups`). */
export async function addNewCases(
  tx: Transaction,
  county: string,
  { days, cells }: { readonly days: KeyCounts; readonly cells: KeyCounts },
): Promise<void> {
  if (days.length > 0) await addKeyCounts(tx, county, "incident_day", days);
  if (cells.length > 0) await addKeyCounts(tx, county, "incident_cell_month", cells);
}
