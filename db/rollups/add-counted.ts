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
  readonly areaCode: string | null;
  /** ISO 8601 in UTC. */
  readonly openedAt: string;
  readonly classCode: string;
  readonly state: IncidentState;
  readonly sensitive: boolean;
  readonly suspicious: boolean;
  readonly drawn: LonLat;
}

const TOWN_DIGITS = 9;
const DAY_MS = 86_400_000;
const COARSER = CELL_EDGES.coarse / CELL_EDGES.fine;

type Key = readonly (string | number | boolean)[];

class Counts {
  readonly #counts = new Map<string, { readonly key: Key; count: number }>();

  add(text: string, key: () => Key, count = 1): void {
    const found = this.#counts.get(text);
    if (found) found.count += count;
    else this.#counts.set(text, { key: key(), count });
  }

  *[Symbol.iterator](): Generator<readonly [Key, number]> {
    for (const { key, count } of this.#counts.values()) yield [key, count];
  }

  /** In the order of the tables' keys, so that neighbouring rows fall into neighbouring pages. */
  sorted(): (readonly [Key, number])[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { key, count }]) => [key, count] as const);
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
    const town = one.areaCode !== null && one.areaCode.length >= TOWN_DIGITS ? one.areaCode.slice(0, TOWN_DIGITS) : county;
    const openedMs = Date.parse(one.openedAt);
    const dayNumber = Math.floor((openedMs + clock.offsetMs(openedMs)) / DAY_MS);
    let day = dayTexts.get(dayNumber);
    if (day === undefined) {
      day = new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);
      dayTexts.set(dayNumber, day);
    }
    const { classCode, state, sensitive } = one;
    const date = day;
    days.add(`${town}|${date}|${classCode}|${state}|${sensitive}`, () => [town, false, date, classCode, state, sensitive]);
    if (one.suspicious) continue;
    const x = Math.floor((toLattice(one.drawn[0]) - LATTICE_WEST) / CELL_EDGES.fine);
    const y = Math.floor((toLattice(one.drawn[1]) - LATTICE_SOUTH) / CELL_EDGES.fine);
    const month = `${date.slice(0, 7)}-01`;
    const major = classCode.slice(0, 2);
    const group = stateGroupOf(state);
    fine.add(`${month}|${town}|${x}|${y}|${major}|${group}|${sensitive}`, () => [
      town,
      CELL_EDGES.fine,
      month,
      x,
      y,
      major,
      group,
      sensitive,
    ]);
  }
  const whole = new Counts();
  for (const [[, , day, classCode, state, sensitive], count] of days)
    whole.add(
      `${day}|${classCode}|${state}|${sensitive}`,
      () => [county, true, day, classCode, state, sensitive] as Key,
      count,
    );
  const coarse = new Counts();
  for (const [[town, , month, x, y, major, group, sensitive], count] of fine) {
    const [cx, cy] = [Math.floor(Number(x) / COARSER), Math.floor(Number(y) / COARSER)];
    coarse.add(
      `${month}|${town}|${cx}|${cy}|${major}|${group}|${sensitive}`,
      () => [town, CELL_EDGES.coarse, month, cx, cy, major, group, sensitive] as Key,
      count,
    );
  }
  return { days: [...whole.sorted(), ...days.sorted()], cells: [...fine.sorted(), ...coarse.sorted()] };
}

/** Adds what `countNewCases` counted. The county's row must be locked (`lockRollups`). */
export async function addNewCases(
  tx: Transaction,
  county: string,
  { days, cells }: { readonly days: KeyCounts; readonly cells: KeyCounts },
): Promise<void> {
  if (days.length > 0) await addKeyCounts(tx, county, "incident_day", days);
  if (cells.length > 0) await addKeyCounts(tx, county, "incident_cell_month", cells);
}
