import { beforeAll, describe, expect, it } from "vitest";
import { binByDay, daysBetween } from "../../data/columns/bin-by-day.ts";
import { BoxIndex, type LatticeBox } from "../../data/columns/box-index.ts";
import { type CellGrid, heatCells } from "../../data/columns/cell-counts.ts";
import { dayStarts } from "../../data/columns/cells.ts";
import { NULL_TIME } from "../../data/columns/format.ts";
import { hashRows } from "../../data/columns/hash-rows.ts";
import { FLAG, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import { rankByArea } from "../../data/columns/rank-by-area.ts";
import { type ColumnFilter, RowFilter } from "../../data/columns/select.ts";
import { slabPlan } from "../../data/columns/slab-plan.ts";
import type { IncidentRow, IncidentStore } from "../../data/columns/store.ts";
import { Prng } from "../../data/demo/prng.ts";
import { levelOfCode } from "../../data/model/codes.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES, isLate } from "../../data/model/incident.ts";
import {
  CASE_CLASSES,
  CASE_GRIDS,
  caseAt,
  changeAtRandom,
  columnsOfCases,
  emptyStore,
  randomCase,
} from "../helpers/random-cases.ts";

const AS_OF = 1_720_000_000;
const ZONE = "Asia/Shanghai";

const randomFilter = (random: Prng): ColumnFilter => {
  const some = (list: readonly unknown[]): number[] => list.flatMap((_, i) => (random.chance(0.6) ? [i] : []));
  const maybe = <T>(value: T): T | undefined => (random.chance(0.4) ? value : undefined);
  return {
    inside: maybe(random.pick(["990100", ...CASE_GRIDS])),
    from: maybe(1_700_000_000 + random.int(0, 20_000_000)),
    to: maybe(1_715_000_000 + random.int(0, 20_000_000)),
    classes: maybe(random.pick([["01"], ["05001", "80"], CASE_CLASSES])),
    states: maybe(some(INCIDENT_STATES)),
    severities: maybe(some(INCIDENT_SEVERITIES)),
    sources: maybe(some(INCIDENT_SOURCES)),
    late: maybe(random.chance(0.5)),
    withoutSuspicious: maybe(true),
    withoutSensitive: maybe(true),
  };
};

const iso = (seconds: number): string | null => (seconds === NULL_TIME ? null : new Date(seconds * 1000).toISOString());

/** The filter said again in plain words, over the model's own rule of lateness. */
function holds(one: IncidentRow, wanted: ColumnFilter): boolean {
  const verdict = one.flags & FLAG.lateAtClose ? "overdue" : "on_time";
  const late = (): boolean =>
    isLate(
      {
        dueAt: iso(one.due),
        closedAt: iso(one.closed),
        state: INCIDENT_STATES[one.state] ?? "found",
        sourceVerdict: one.flags & FLAG.verdict ? verdict : null,
      },
      AS_OF * 1000,
    );
  return (
    (wanted.inside === undefined || (one.grid ?? "990100").startsWith(wanted.inside)) &&
    (wanted.from === undefined || one.opened >= wanted.from) &&
    (wanted.to === undefined || one.opened < wanted.to) &&
    (wanted.classes === undefined || wanted.classes.some((prefix) => one.classCode.startsWith(prefix))) &&
    (wanted.states === undefined || wanted.states.includes(one.state)) &&
    (wanted.severities === undefined || wanted.severities.includes(one.severity)) &&
    (wanted.sources === undefined || wanted.sources.includes(one.source)) &&
    !(wanted.withoutSuspicious && one.flags & FLAG.suspicious) &&
    !(wanted.withoutSensitive && one.flags & FLAG.sensitive) &&
    (wanted.late === undefined || late() === wanted.late)
  );
}

const held = (cases: Iterable<IncidentRow>, filter: ColumnFilter): IncidentRow[] =>
  [...cases].filter((one) => holds(one, filter));

const refsOf = (columns: IncidentColumns, rows: Iterable<number>): number[] =>
  Array.from(rows, (row) => columns.ref[row] as number).sort((a, b) => a - b);

const countBy = <T>(items: Iterable<T>, key: (item: T) => string | undefined): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const item of items) {
    const at = key(item);
    if (at !== undefined) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return counts;
};

describe("functions over a store after 10,000 random changes", () => {
  const random = new Prng("functions");
  const cases = new Map<number, IncidentRow>();
  let store: IncidentStore;
  let index: BoxIndex;
  const filters = [{}, ...Array.from({ length: 25 }, () => randomFilter(random))];

  beforeAll(() => {
    for (let ref = 1; ref <= 6000; ref++) cases.set(ref, randomCase(random, ref));
    store = emptyStore();
    store.appendSlab(columnsOfCases([...cases.values()]));
    index = new BoxIndex(store);
    // Cases wander a little beyond the box that they begin in.
    const box: LatticeBox = [1_126_000_000, 399_000_000, 1_128_000_000, 401_000_000];
    for (let round = 0; round < 20; round++) {
      changeAtRandom(random, store, cases, 500, (row) => index.changed(row));
      // Asked while it changes: what is put right later must not have been wrong before.
      const rows = index.rows(box, new RowFilter(store, {}, AS_OF));
      expect(rows.length).toBe([...cases.values()].filter((one) => one.lon <= box[2] && one.lat <= box[3]).length);
      if (round % 6 === 5) index.movedFrom(store.settle());
    }
    expect(store.sorted).toBeLessThan(store.rows);
  });

  it("rows in a box", () => {
    for (const filter of filters) {
      const [x, y] = [1_127_000_000 + random.int(0, 2_000_000), 400_000_000 + random.int(0, 2_000_000)];
      const box: LatticeBox = [x, y, x + random.int(0, 1_500_000), y + random.int(0, 1_500_000)];
      const test = new RowFilter(store, filter, AS_OF);
      const rows = index.rows(box, test);
      const expected = held(cases.values(), filter).filter(
        (one) => one.lon >= box[0] && one.lat >= box[1] && one.lon <= box[2] && one.lat <= box[3],
      );
      expect(refsOf(store, rows), JSON.stringify(filter)).toEqual(expected.map(({ ref }) => ref).sort((a, b) => a - b));
      const opened = Array.from(rows, (row) => store.opened[row] as number);
      expect(opened).toEqual(opened.toSorted((a, b) => a - b));
    }
  });

  it("counts in cells, to the last case on the edge of a cell", () => {
    for (const filter of filters) {
      const grid: CellGrid = {
        west: 1_127_000_000 + random.int(-100_000, 900_000),
        south: 400_000_000 + random.int(-100_000, 900_000),
        edgeX: random.int(1, 3) === 1 ? 1 : random.int(2, 60_000),
        edgeY: random.int(1, 60_000),
        across: random.int(1, 50),
        down: random.int(1, 50),
      };
      const counts = heatCells(store, filter, AS_OF, grid);
      const expected = new Uint32Array(grid.across * grid.down);
      for (const one of held(cases.values(), filter)) {
        const x = Math.floor((one.lon - grid.west) / grid.edgeX);
        const y = Math.floor((one.lat - grid.south) / grid.edgeY);
        if (x < 0 || y < 0 || x >= grid.across || y >= grid.down) continue;
        const cell = y * grid.across + x;
        expected[cell] = (expected[cell] as number) + 1;
      }
      expect(counts, JSON.stringify(filter)).toEqual(expected);
    }
  });

  it("counts by day and kind", () => {
    const startOf = dayStarts(ZONE);
    for (const filter of filters) {
      for (const [kind, kinds, name] of [
        ["class", CASE_CLASSES.length, (one: IncidentRow) => CASE_CLASSES.indexOf(one.classCode)],
        ["state", INCIDENT_STATES.length, (one: IncidentRow) => one.state],
      ] as const) {
        const range = random.chance(0.5) ? ([1_702_000_000, 1_719_000_123] as const) : undefined;
        const bins = binByDay(store, filter, AS_OF, ZONE, kind, kinds, range);
        const expected = countBy(held(cases.values(), filter), (one) =>
          !range || (one.opened >= range[0] && one.opened < range[1])
            ? `${startOf(one.opened)} ${name(one)}`
            : undefined,
        );
        const counts = new Map<string, number>();
        bins.counts.forEach((count, i) => {
          if (count > 0) counts.set(`${bins.days[Math.floor(i / kinds)]} ${i % kinds}`, count);
        });
        expect(counts, JSON.stringify(filter)).toEqual(expected);
      }
    }
  });

  it("ranks areas of a level", () => {
    for (const filter of filters) {
      for (const level of ["town", "community", "grid"] as const) {
        const length = { town: 9, community: 12, grid: 15 }[level];
        const expected = countBy(held(cases.values(), filter), ({ grid }) =>
          grid !== null && grid.length >= length ? grid.slice(0, length) : undefined,
        );
        const ranks = rankByArea(store, filter, AS_OF, level);
        expect(new Map(ranks.map(({ code, count }) => [code, count]))).toEqual(expected);
        expect(ranks.every(({ code }) => levelOfCode(code) === level)).toBe(true);
        for (let i = 1; i < ranks.length; i++) expect((ranks[i - 1]?.count ?? 0) >= (ranks[i]?.count ?? 0)).toBe(true);
      }
    }
  });

  it("hash to the same as a store built anew, with other dictionaries, and to another after any one change", () => {
    const anew = columnsOfCases(cases.values(), ["00000", ...CASE_CLASSES], ["000000", ...CASE_GRIDS]);
    for (const filter of filters) {
      const hash = (columns: IncidentColumns): string => hashRows(columns, new RowFilter(columns, filter, AS_OF));
      expect(hash(store)).toMatch(/^[0-9a-f]{16}$/);
      expect(hash(store), JSON.stringify(filter)).toBe(hash(anew));
    }
    const all = (): string => hashRows(store, new RowFilter(store, {}, AS_OF));
    const before = all();
    const row = store.rowOf([...cases.keys()][17] as number);
    const one = caseAt(store, row);
    const others: Partial<IncidentRow>[] = [
      { lon: one.lon + 1 },
      { lat: one.lat - 1 },
      { closed: one.closed + 1 },
      { due: one.due ^ 1 },
      { flags: one.flags ^ 64 },
      { classCode: one.classCode === "01001" ? "01002" : "01001" },
      { state: (one.state + 1) % INCIDENT_STATES.length },
      { severity: one.severity ^ 1 },
      { source: one.source ^ 1 },
      { grid: one.grid === null ? "990100" : null },
    ];
    const seen = new Set([before]);
    for (const other of others) {
      store.upsert({ ...one, ...other });
      seen.add(all());
    }
    expect(seen.size).toBe(others.length + 1);
    store.upsert(one);
    expect(all()).toBe(before);
  });

  it("plans slabs that hold every case once, at full hours or between seconds", () => {
    for (const filter of filters) {
      for (const target of [50, 700, 100_000]) {
        const plan = slabPlan(store, new RowFilter(store, filter, AS_OF), target);
        const rows = held(cases.values(), filter);
        expect(plan.reduce((sum, slab) => sum + slab.rows, 0)).toBe(rows.length);
        plan.forEach((slab, i) => {
          const next = plan[i + 1];
          expect(slab.to).toBe(next?.from);
          const to = slab.to ?? Number.POSITIVE_INFINITY;
          expect(rows.filter(({ opened }) => opened >= slab.from && opened < to).length).toBe(slab.rows);
          if (next) expect(slab.rows).toBeGreaterThanOrEqual(target);
        });
      }
    }
  });
});

describe("slabPlan", () => {
  const at = (times: readonly number[]): IncidentColumns => {
    const random = new Prng("plan");
    return columnsOfCases(times.map((opened, i) => ({ ...randomCase(random, i + 1), opened })));
  };
  const plan = (columns: IncidentColumns, target: number) =>
    slabPlan(columns, new RowFilter(columns, {}, AS_OF), target);

  it("keeps old slabs as they are when newer cases come", () => {
    const random = new Prng("newer");
    const times = Array.from({ length: 900 }, () => 1_700_000_000 + random.int(0, 900_000)).sort((a, b) => a - b);
    const whole = plan(at(times), 100);
    for (const some of [150, 400, 899]) {
      const part = plan(at(times.slice(0, some)), 100);
      expect(part.slice(0, -1)).toEqual(whole.slice(0, part.length - 1));
    }
  });

  it("leaves boundaries at their hours when an old case is taken away", () => {
    // Twenty an hour: the hundredth falls within an hour that has others.
    const times = Array.from({ length: 2000 }, (_, i) => 1_700_002_800 + Math.floor(i / 20) * 3600 + (i % 20) * 100);
    const bounds = (list: readonly number[]) => plan(at(list), 111).map(({ to }) => to);
    expect(bounds(times.filter((_, i) => i !== 50))).toEqual(bounds(times));
  });

  it("never cuts a second in two, however many cases it has", () => {
    const times = [...Array.from({ length: 500 }, () => 1_700_000_000), 1_700_000_001, 1_700_000_001];
    expect(plan(at(times), 100).map(({ rows }) => rows)).toEqual([500, 2]);
  });

  it("has no slab without cases", () => {
    expect(plan(at([]), 100)).toEqual([]);
  });
});

describe("daysBetween", () => {
  it("follows the calendar over changes of summer time", () => {
    // 2026-03-08 has 23 hours in Boston, 2026-11-01 has 25.
    const lengths = (from: string, to: string): number[] => {
      const days = daysBetween(Date.parse(from) / 1000, Date.parse(to) / 1000, "America/New_York");
      return Array.from(days.subarray(1), (day, i) => (day - (days[i] as number)) / 3600);
    };
    expect(lengths("2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z")).toEqual([24, 23, 24]);
    expect(lengths("2026-10-31T12:00:00Z", "2026-11-02T12:00:00Z")).toEqual([24, 25, 24]);
    expect(lengths("2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z")).toEqual([24]);
  });
});

describe("BoxIndex", () => {
  it("finds the same over many blocks, while slabs come in front and cases behind", () => {
    const random = new Prng("blocks");
    const total = 150_000;
    const sorted = Array.from({ length: total }, (_, i) => randomCase(random, i + 1)).sort(
      (a, b) => a.opened - b.opened,
    );
    const store = emptyStore(total);
    const index = new BoxIndex(store);
    const loaded: IncidentRow[] = [];
    const check = (): void => {
      const [x, y] = [1_127_000_000 + random.int(0, 1_500_000), 400_000_000 + random.int(0, 1_500_000)];
      const box: LatticeBox = [x, y, x + 400_000, y + 400_000];
      const filter = { from: 1_705_000_000, states: [0, 1, 2, 3] };
      const expected = loaded.filter(
        (one) =>
          one.lon >= box[0] &&
          one.lat >= box[1] &&
          one.lon <= box[2] &&
          one.lat <= box[3] &&
          one.opened >= filter.from &&
          one.state <= 3,
      );
      const rows = index.rows(box, new RowFilter(store, filter, AS_OF));
      expect(refsOf(store, rows)).toEqual(expected.map(({ ref }) => ref).sort((a, b) => a - b));
    };
    for (let end = total; end > 0; end -= 50_000) {
      const slab = sorted.slice(end - 50_000, end);
      store.appendSlab(columnsOfCases(slab));
      loaded.push(...slab);
      check();
    }
    for (let i = 0; i < 10_000; i++) {
      const one = { ...randomCase(random, total + 1 + i), opened: 1_800_000_000 + i };
      index.changed(store.upsert(one) as number);
      loaded.push(one);
      if (i % 3000 === 0) check();
    }
    check();
    expect(index.bytes / store.count).toBeLessThan(3);
  });
});
