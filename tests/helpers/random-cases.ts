import { NULL_TIME } from "../../data/columns/format.ts";
import { HOLE, type IncidentColumns, NO_GRID } from "../../data/columns/incident-columns.ts";
import { type IncidentRow, IncidentStore } from "../../data/columns/store.ts";
import type { Prng } from "../../data/demo/prng.ts";
import {
  INCIDENT_SEVERITIES,
  INCIDENT_SOURCES,
  INCIDENT_STATES,
  SENSITIVE_REF_FROM,
} from "../../data/model/incident.ts";

export const CASE_CLASSES = ["01001", "01002", "05001", "06010", "80001"];
export const CASE_GRIDS = [
  "990100",
  "990100001",
  "990100001001",
  "990100001001001",
  "990100001001001-01",
  "990100001001002",
  "990100002001001",
  "990100002001002",
];

/** A random case within `span` seconds from 1 700 000 000 on, in a box of about 20 km. */
export function randomCase(random: Prng, ref: number, span = 400 * 86_400): IncidentRow {
  const opened = 1_700_000_000 + random.int(0, span);
  const state = random.int(0, INCIDENT_STATES.length - 1);
  return {
    ref,
    lon: 1_127_000_000 + random.int(0, 2_000_000),
    lat: 400_000_000 + random.int(0, 2_000_000),
    opened,
    closed: random.int(0, 2) === 0 ? NULL_TIME : opened + random.int(0, 500_000),
    due: random.int(0, 4) === 0 ? NULL_TIME : opened + random.int(0, 500_000),
    flags: random.int(0, 31) | (ref >= SENSITIVE_REF_FROM ? 64 : 0),
    classCode: CASE_CLASSES[random.int(0, CASE_CLASSES.length - 1)] as string,
    state,
    severity: random.int(0, INCIDENT_SEVERITIES.length - 1),
    source: random.int(0, INCIDENT_SOURCES.length - 1),
    grid: random.int(0, 9) === 0 ? null : (CASE_GRIDS[random.int(0, CASE_GRIDS.length - 1)] as string),
  };
}

export const emptyStore = (expect?: number): IncidentStore =>
  new IncidentStore({
    county: "990100",
    version: "1",
    asOf: 1_720_000_000,
    classes: CASE_CLASSES,
    grids: CASE_GRIDS,
    ...(expect === undefined ? {} : { expect }),
  });

/** What a row says, whatever its number and dictionaries. */
export function caseAt(columns: IncidentColumns, i: number): IncidentRow {
  const grid = columns.grid[i] as number;
  return {
    ref: columns.ref[i] as number,
    lon: columns.lon[i] as number,
    lat: columns.lat[i] as number,
    opened: columns.opened[i] as number,
    closed: columns.closed[i] as number,
    due: columns.due[i] as number,
    flags: columns.flags[i] as number,
    classCode: columns.classes[columns.classIndex[i] as number] as string,
    state: columns.state[i] as number,
    severity: columns.severity[i] as number,
    source: columns.source[i] as number,
    grid: grid === NO_GRID ? null : (columns.grids[grid] as string),
  };
}

/** All cases of some columns by `ref`. */
export function casesOf(columns: IncidentColumns): Map<number, IncidentRow> {
  const cases = new Map<number, IncidentRow>();
  for (let i = 0; i < columns.rows; i++)
    if (columns.state[i] !== HOLE) cases.set(columns.ref[i] as number, caseAt(columns, i));
  return cases;
}

/** Plain columns of some cases, in order of `opened`; dictionaries may be given to differ from those of a store. */
export function columnsOfCases(
  cases: Iterable<IncidentRow>,
  classes = CASE_CLASSES,
  grids = CASE_GRIDS,
): IncidentColumns {
  const sorted = [...cases].sort((a, b) => a.opened - b.opened);
  const numbers = (key: Exclude<keyof IncidentRow, "classCode" | "grid">): number[] => sorted.map((one) => one[key]);
  return {
    rows: sorted.length,
    lon: Int32Array.from(numbers("lon")),
    lat: Int32Array.from(numbers("lat")),
    opened: Int32Array.from(numbers("opened")),
    closed: Int32Array.from(numbers("closed")),
    due: Int32Array.from(numbers("due")),
    flags: Uint8Array.from(numbers("flags")),
    classIndex: Uint16Array.from(sorted, ({ classCode }) => classes.indexOf(classCode)),
    state: Uint8Array.from(numbers("state")),
    severity: Uint8Array.from(numbers("severity")),
    source: Uint8Array.from(numbers("source")),
    grid: Uint32Array.from(sorted, ({ grid }) => (grid === null ? NO_GRID : grids.indexOf(grid))),
    ref: Uint32Array.from(numbers("ref")),
    classes,
    grids,
    county: "990100",
    version: "1",
    asOf: 1_720_000_000,
  };
}

/**
 * Changes a store and the plain map beside it in the same way: new cases, other states and places, other times of opening,
 * removals, now and then a settling.
 */
export function changeAtRandom(
  random: Prng,
  store: IncidentStore,
  cases: Map<number, IncidentRow>,
  changes: number,
  each: (row: number, removed: boolean) => void = () => undefined,
): void {
  const refs = [...cases.keys()];
  let next = Math.max(0, ...refs.filter((ref) => ref < SENSITIVE_REF_FROM)) + 1;
  let nextSensitive = Math.max(SENSITIVE_REF_FROM, ...refs) + 1;
  for (let i = 0; i < changes; i++) {
    const kind = random.int(0, 99);
    const known = refs[random.int(0, Math.max(0, refs.length - 1))];
    const before = known === undefined ? undefined : cases.get(known);
    if (kind < 40 && before) {
      const after = { ...before, state: random.int(0, INCIDENT_STATES.length - 1), closed: before.opened + i };
      if (kind < 10) Object.assign(after, { lon: before.lon + random.int(-9_999, 9_999), lat: before.lat + 77 });
      cases.set(before.ref, after);
      each(store.upsert(after) as number, false);
    } else if (kind < 45 && before) {
      const after = { ...randomCase(random, before.ref) };
      const old = store.rowOf(before.ref);
      cases.set(before.ref, after);
      const row = store.upsert(after) as number;
      if (row !== old) each(old, true);
      each(row, false);
    } else if (kind < 60 && before) {
      cases.delete(before.ref);
      each(store.remove(before.ref), true);
    } else {
      const ref = kind < 70 ? nextSensitive++ : next++;
      const fresh = randomCase(random, ref);
      cases.set(ref, fresh);
      refs.push(ref);
      each(store.upsert(fresh) as number, false);
    }
  }
}
