import { describe, expect, it } from "vitest";
import { aheadIsExact } from "../../api/hot/check-ahead.ts";
import { LoadedCounty } from "../../api/hot/loaded-county.ts";
import { binByDay } from "../../data/columns/bin-by-day.ts";
import { type CellGrid, heatCells } from "../../data/columns/cell-counts.ts";
import { CUBE_EDGE, HeatCube } from "../../data/columns/heat-cube.ts";
import { FLAG, type IncidentColumns } from "../../data/columns/incident-columns.ts";
import type { ColumnFilter } from "../../data/columns/select.ts";
import type { IncidentRow } from "../../data/columns/store.ts";
import { Prng } from "../../data/demo/prng.ts";
import { INCIDENT_STATES, SENSITIVE_REF_FROM } from "../../data/model/incident.ts";
import { applyChanges } from "../helpers/memory-cases.ts";
import { columnsOfCases, emptyStore, randomCase } from "../helpers/random-cases.ts";

const AS_OF = 1_720_000_000;
const FIRST = 1_700_000_000;
const SPAN = 400 * 86_400;

const drain = (steps: Generator<void, unknown>): void => {
  for (const _ of steps);
};

function loaded(cases: Iterable<IncidentRow>): LoadedCounty {
  const store = emptyStore();
  store.appendSlab(columnsOfCases(cases));
  return new LoadedCounty(store, "1", 1, 0, Number.NEGATIVE_INFINITY);
}

/** Filters of which counts ahead can answer most, and some that only rows can. */
const randomFilter = (random: Prng): ColumnFilter => {
  const maybe = <T>(share: number, value: T): T | undefined => (random.chance(share) ? value : undefined);
  const from = FIRST + random.int(-1_000_000, SPAN);
  return {
    from: maybe(0.8, from),
    to: maybe(0.8, from + random.int(1, SPAN)),
    classes: maybe(0.5, random.pick([["01"], ["01", "05"], ["01001", "01002"], ["05", "06", "80", "01"], ["01001"]])),
    withoutSuspicious: maybe(0.9, true),
    withoutSensitive: maybe(0.5, true),
    states: maybe(0.05, [1, 2, 3]),
    inside: maybe(0.05, "990100001"),
    late: maybe(0.05, true),
  };
};

const randomGrid = (random: Prng): CellGrid => {
  const edge = CUBE_EDGE * random.pick([0.5, 1, 1, 2, 4, 8]);
  const first = (origin: number): number => (Math.floor(origin / edge) + random.int(-3, 12)) * edge;
  return {
    west: first(1_127_000_000),
    south: first(400_000_000),
    edgeX: edge,
    edgeY: edge,
    across: random.int(1, 180),
    down: random.int(1, 180),
  };
};

/** Days and counts of a class that are not zero. */
const lines = (starts: Int32Array, counts: ArrayLike<number>, at: (kind: number, day: number) => number): string[] => {
  const found: string[] = [];
  for (let day = 0; day < starts.length; day++)
    for (let kind = 0; kind < 5; kind++)
      if (counts[at(kind, day)]) found.push(`${starts[day]} ${kind} ${counts[at(kind, day)]}`);
  return found;
};

const bytesOf = ({ buffer }: Int32Array | Uint32Array): Uint8Array => new Uint8Array(buffer);

function heatOf(county: LoadedCounty, filter: ColumnFilter, grid: CellGrid): Uint32Array {
  const counts = new Int32Array(grid.across * grid.down);
  county.addHeat(filter, AS_OF, grid, counts);
  return new Uint32Array(counts.buffer);
}

function expectSame(county: LoadedCounty, random: Prng, questions: number): void {
  const { columns } = county;
  for (let n = 0; n < questions; n++) {
    const [filter, grid] = [randomFilter(random), randomGrid(random)];
    const name = JSON.stringify([filter, grid]);
    // Compared as bytes: matchers take far longer over arrays than counting does.
    expect(
      Buffer.compare(bytesOf(heatOf(county, filter, grid)), bytesOf(heatCells(columns, filter, AS_OF, grid))),
      name,
    ).toBe(0);
    const { starts, counts } = county.classDays(filter, AS_OF, "America/New_York");
    const bins = binByDay(columns, filter, AS_OF, "America/New_York", "class", 5);
    expect(
      lines(starts, counts, (kind, day) => kind * starts.length + day),
      name,
    ).toEqual(lines(bins.days, bins.counts, (kind, day) => day * 5 + kind));
  }
}

/** Changes as the feed brings them: other states, places, classes, times, flags; new cases, the newest last; removals. */
function changeAtRandom(county: LoadedCounty, cases: Map<number, IncidentRow>, random: Prng, count: number): void {
  const refs = [...cases.keys()];
  let next = Math.max(0, ...refs.filter((ref) => ref < SENSITIVE_REF_FROM)) + 1;
  const rows = new Map<number, IncidentRow>();
  const gone = new Set<number>();
  for (let i = 0; i < count; i++) {
    const known = cases.get(random.pick(refs));
    if (known && random.chance(0.15) && !rows.has(known.ref)) {
      cases.delete(known.ref);
      gone.add(known.ref);
      continue;
    }
    const fresh = randomCase(random, known && random.chance(0.5) ? known.ref : next++);
    const row = {
      ...(known && known.ref === fresh.ref && random.chance(0.7)
        ? { ...known, flags: known.flags ^ FLAG.suspicious, state: random.int(0, INCIDENT_STATES.length - 1) }
        : fresh),
      ...(random.chance(0.3) ? { opened: FIRST + SPAN + i } : {}),
      ...(random.chance(0.05) ? { lon: 1_131_000_000 + random.int(0, 2_000_000) } : {}),
    };
    if (gone.has(row.ref)) continue;
    cases.set(row.ref, row);
    rows.set(row.ref, row);
  }
  expect(applyChanges(county, rows.values(), gone)).toBe(true);
}

const manyCases = (random: Prng, count: number): Map<number, IncidentRow> =>
  new Map(
    Array.from({ length: count }, (_, i) => {
      const ref = i % 9 === 0 ? SENSITIVE_REF_FROM + i : i + 1;
      return [ref, randomCase(random, ref)] as const;
    }),
  );

describe("counts made ahead", () => {
  it("are found out by the continuous check where they differ from the rows, and only then", () => {
    const random = new Prng("check-ahead");
    const cases = manyCases(random, 4000);
    const county = loaded(cases.values());
    drain(county.countAhead(3_000_000, 100));
    county.classDays({}, AS_OF, "Asia/Shanghai");
    changeAtRandom(county, cases, random, 300);
    const verdicts = (): Set<boolean> =>
      new Set(Array.from({ length: 20 }, () => aheadIsExact(county, AS_OF, () => random.float())));
    expect(verdicts()).toEqual(new Set([true]));
    const { columns } = county;
    for (let row = columns.first; row < columns.rows; row += 5) columns.flags[row] = FLAG.suspicious;
    expect(verdicts()).toContain(false);
  });

  it("are what counting rows gives, for random questions, before and after thousands of changes", () => {
    const random = new Prng("counts-ahead");
    const cases = manyCases(random, 6000);
    const county = loaded(cases.values());
    drain(county.countAhead(3_000_000, 200));
    expect(county.aheadBytes).toBeGreaterThan(1_000_000);
    expectSame(county, random, 30);
    for (let round = 0; round < 5; round++) {
      changeAtRandom(county, cases, random, 800);
      expect(county.columns.count).toBe(cases.size);
      expectSame(county, random, 15);
    }
    // As many new cases as there were: instants were added, and thinned out to stay within the memory given.
    expect(county.aheadBytes).toBeLessThan(4_000_000);
    expect(county.aheadBytes).toBeGreaterThan(1_000_000);
    county.forgetSpare();
    expect(county.aheadBytes).toBe(0);
    expectSame(county, random, 10);
  });

  it("are what answers: rows are not even looked at where the window ends at instants", () => {
    const random = new Prng("really-ahead");
    const cases = manyCases(random, 4000);
    const columns = columnsOfCases(cases.values());
    const steps = HeatCube.build(columns, 3_000_000, 200);
    let step = steps.next();
    while (!step.done) step = steps.next();
    const cube = step.value as HeatCube;
    const grid: CellGrid = {
      west: 1_127_000_000,
      south: 400_000_000,
      edgeX: 25_000,
      edgeY: 25_000,
      across: 80,
      down: 80,
    };
    const filter: ColumnFilter = { withoutSuspicious: true, withoutSensitive: true };
    const expected = heatCells(columns, filter, AS_OF, grid);
    columns.lon.fill(0);
    const counts = new Int32Array(80 * 80);
    expect(cube.addTo(counts, filter, AS_OF, grid)).toBe(true);
    expect(Buffer.compare(bytesOf(counts), bytesOf(expected))).toBe(0);
  });

  it("count more cases in a cell than 16 bits hold", () => {
    const random = new Prng("crowded");
    const one = { ...randomCase(random, 1), flags: 0, classCode: "01001" };
    const crowd = Array.from({ length: 65_000 }, (_, i) => ({ ...one, ref: i + 1, opened: FIRST + i }));
    const county = loaded([...crowd.slice(0, 30_000), { ...one, ref: 99_999, lon: one.lon + 500_000 }]);
    drain(county.countAhead(1_000_000, 5000));
    expect(county.aheadBytes).toBeGreaterThan(0);
    const more = Array.from({ length: 2000 }, (_, i) => ({ ...one, ref: 100_000 + i, opened: FIRST + 70_000 + i }));
    expect(applyChanges(county, crowd.slice(30_000))).toBe(true);
    expect(applyChanges(county, more)).toBe(true);
    const grid: CellGrid = {
      west: Math.floor(one.lon / 12_500) * 12_500,
      south: Math.floor(one.lat / 12_500) * 12_500,
      edgeX: 12_500,
      edgeY: 12_500,
      across: 1,
      down: 1,
    };
    expect([...heatOf(county, { withoutSuspicious: true }, grid)]).toEqual([67_000]);
    expect(county.aheadBytes).toBeGreaterThan(0);
  });

  it("are not made where cases lie too far apart, are too few, or there is no memory", () => {
    const random = new Prng("none");
    const cases = [...manyCases(random, 2000).values()];
    const bytesWith = (rows: IncidentRow[], maxBytes: number): number => {
      const county = loaded(rows);
      drain(county.countAhead(maxBytes, 200));
      return county.aheadBytes;
    };
    expect(bytesWith(cases, 3_000_000)).toBeGreaterThan(0);
    expect(bytesWith(cases, 0)).toBe(0);
    expect(bytesWith(cases.slice(0, 900), 3_000_000)).toBe(0);
    const astray = { ...(cases[0] as IncidentRow), ref: 5000, lon: -1_200_000_000, flags: 0 };
    expect(bytesWith([...cases, astray], 3_000_000)).toBe(0);
  });
});

it("plain columns have counts by day too, whatever their order", () => {
  const cases = [...manyCases(new Prng("days"), 500).values()];
  const columns: IncidentColumns = columnsOfCases(cases);
  expect(
    loaded(cases)
      .classDays({}, AS_OF, "Asia/Shanghai")
      .counts.reduce((a, b) => a + b, 0),
  ).toBe(columns.rows);
});
