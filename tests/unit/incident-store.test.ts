import { describe, expect, it } from "vitest";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import { type ColumnFilter, selectRows } from "../../data/columns/select.ts";
import type { IncidentRow, IncidentStore } from "../../data/columns/store.ts";
import { Prng } from "../../data/demo/prng.ts";
import { INCIDENT_STATES, SENSITIVE_REF_FROM } from "../../data/model/incident.ts";
import {
  CASE_CLASSES,
  CASE_GRIDS,
  casesOf,
  changeAtRandom,
  columnsOfCases,
  emptyStore,
  randomCase,
} from "../helpers/random-cases.ts";

const manyCases = (random: Prng, count: number, firstRef = 1): Map<number, IncidentRow> =>
  new Map(Array.from({ length: count }, (_, i) => [firstRef + i, randomCase(random, firstRef + i)]));

const slabOf = (cases: Iterable<IncidentRow>): IncidentColumns => columnsOfCases(cases);

/** Cases in slabs of `size`, newest first. */
function slabsNewestFirst(cases: Map<number, IncidentRow>, size: number): IncidentColumns[] {
  const sorted = [...cases.values()].sort((a, b) => a.opened - b.opened);
  const slabs: IncidentColumns[] = [];
  for (let end = sorted.length; end > 0; end -= size) slabs.push(slabOf(sorted.slice(Math.max(0, end - size), end)));
  return slabs;
}

/** What must hold of every store, and that it holds exactly these cases. */
function check(store: IncidentStore, cases: Map<number, IncidentRow>): void {
  expect(store.count).toBe(cases.size);
  expect(casesOf(store)).toEqual(cases);
  for (const ref of cases.keys()) expect(store.ref[store.rowOf(ref)]).toBe(ref);
  for (let i = store.first + 1; i < store.sorted; i++)
    if ((store.opened[i - 1] as number) > (store.opened[i] as number)) expect.fail(`row ${i} is out of order`);
}

const FILTERS: readonly ColumnFilter[] = [
  {},
  { inside: "990100001", from: 1_705_000_000 },
  { from: 1_701_000_000, to: 1_722_000_000, classes: ["01", "06010"] },
  { to: 1_715_000_000, states: [0, 3, INCIDENT_STATES.length - 1], late: true },
  { inside: "990100", severities: [0, 1], sources: [2, 3, 4], withoutSuspicious: true, late: false },
  { from: 1_800_000_000 },
  { from: 1_710_000_000, to: 1_705_000_000 },
];

describe("IncidentStore", () => {
  it("takes slabs newest first without moving a row when it knows how many come", () => {
    const cases = manyCases(new Prng("slabs"), 5000);
    const store = emptyStore(5000);
    const [newest] = cases.values();
    const slabs = slabsNewestFirst(cases, 700);
    expect(store.appendSlab(slabs[0] as IncidentColumns)).toBe(true);
    const arrays = store.lon;
    const row = store.rowOf(slabs[0]?.ref[3] as number);
    for (const slab of slabs.slice(1)) expect(store.appendSlab(slab)).toBe(true);
    expect([store.lon === arrays, store.rowOf(slabs[0]?.ref[3] as number), store.layout]).toEqual([true, row, 0]);
    expect(newest).toBeDefined();
    check(store, cases);
  });

  it("grows in front and behind where it was not told, oldest first, newest first and in the middle", () => {
    const cases = manyCases(new Prng("grow"), 9_000);
    const slabs = slabsNewestFirst(cases, 1500);
    for (const order of [slabs, slabs.toReversed(), [...slabs.slice(0, 3), ...slabs.slice(7), ...slabs.slice(3, 7)]]) {
      const store = emptyStore();
      for (const slab of order) expect(store.appendSlab(slab)).toBe(true);
      check(store, cases);
      expect(store.sorted).toBe(store.rows);
    }
  });

  it("holds and selects after 10,000 random changes what a store holds that is built anew", () => {
    const random = new Prng("changes");
    const cases = manyCases(random, 3000);
    const store = emptyStore(1000);
    for (const slab of slabsNewestFirst(cases, 800)) store.appendSlab(slab);
    for (let round = 0; round < 10; round++) {
      changeAtRandom(random, store, cases, 1000);
      if (round % 3 === 2) {
        const changed = store.settle();
        expect(changed).toBeGreaterThanOrEqual(0);
        expect(store.sorted).toBe(store.rows);
      }
      check(store, cases);
      const anew = columnsOfCases(cases.values());
      for (const filter of FILTERS) {
        const rows = selectRows(store, filter, 1_720_000_000);
        const opened = Array.from(rows, (row) => store.opened[row] as number);
        expect(opened).toEqual(opened.toSorted((a, b) => a - b));
        const refs = (columns: IncidentColumns, selected: Uint32Array): number[] =>
          Array.from(selected, (row) => columns.ref[row] as number).sort((a, b) => a - b);
        expect(refs(store, rows), JSON.stringify(filter)).toEqual(refs(anew, selectRows(anew, filter, 1_720_000_000)));
      }
    }
  });

  it("says from where on settling changed row numbers, and nothing before moved", () => {
    const random = new Prng("settle");
    const cases = manyCases(random, 2000);
    const store = emptyStore();
    store.appendSlab(slabOf(cases.values()));
    for (let round = 0; round < 20; round++) {
      changeAtRandom(random, store, cases, 60);
      const before = store.ref.slice(0, store.rows);
      const layout = store.layout;
      const changed = store.settle();
      expect(store.ref.slice(0, Math.min(changed, store.rows))).toEqual(before.slice(0, Math.min(changed, store.rows)));
      expect(store.layout > layout).toBe(changed < before.length);
      check(store, cases);
    }
  });

  it("squeezes holes out when there are many", () => {
    const cases = manyCases(new Prng("holes"), 4000);
    const store = emptyStore();
    store.appendSlab(slabOf(cases.values()));
    for (let ref = 1; ref <= 3000; ref++) {
      store.remove(ref);
      cases.delete(ref);
    }
    store.settle();
    expect(store.rows - store.first).toBe(1000);
    check(store, cases);
  });

  it("uses holes of the tail again", () => {
    const random = new Prng("tail");
    const store = emptyStore();
    store.appendSlab(slabOf([randomCase(random, 1)]));
    const old = (ref: number): IncidentRow => ({ ...randomCase(random, ref), opened: 5 });
    for (let ref = 2; ref < 5000; ref++) {
      store.upsert(old(ref));
      if (ref > 3) store.remove(ref - 1);
    }
    expect(store.rows - store.sorted).toBeLessThanOrEqual(4);
  });

  it("asks for a reload at an unknown code and changes nothing", () => {
    const random = new Prng("codes");
    const store = emptyStore();
    const known = randomCase(random, 1);
    store.upsert(known);
    expect(store.upsert({ ...known, classCode: "99999" })).toBeUndefined();
    expect(store.upsert({ ...known, ref: 2, grid: "990100777" })).toBeUndefined();
    const slab = columnsOfCases([{ ...known, ref: 3, classCode: "99999" }], ["99999"]);
    expect(store.appendSlab(slab)).toBe(false);
    check(store, new Map([[1, known]]));
    // A dictionary may name more than the rows use.
    const fresh = { ...randomCase(random, 4), grid: CASE_GRIDS[2] as string };
    expect(
      store.appendSlab(columnsOfCases([fresh], ["00000", ...CASE_CLASSES], ["000000", ...CASE_GRIDS].toReversed())),
    ).toBe(true);
    check(
      store,
      new Map([
        [1, known],
        [4, fresh],
      ]),
    );
  });

  it("keeps what came live when a slab brings the same case", () => {
    const random = new Prng("live");
    const [a, b] = [randomCase(random, 1), randomCase(random, 2)];
    const live = { ...a, state: 1, closed: 1_799_999_999 };
    const store = emptyStore();
    store.upsert(live);
    store.appendSlab(slabOf([a, b]));
    check(
      store,
      new Map([
        [1, live],
        [2, b],
      ]),
    );
  });

  it("takes at most 48 bytes a row with its index by ref", () => {
    const rows = 100_000;
    const random = new Prng("bytes");
    const cases = [...manyCases(random, rows * 0.98).values()];
    for (let i = 0; i < rows * 0.02; i++) cases.push(randomCase(random, SENSITIVE_REF_FROM + i));
    const store = emptyStore(rows);
    store.appendSlab(slabOf(cases));
    expect(store.count).toBe(rows);
    expect(store.bytes / rows).toBeLessThan(40);
  });
});
