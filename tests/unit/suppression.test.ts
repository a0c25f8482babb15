import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSafeTownSum, safeSums } from "../../data/policy/hidden-sums.ts";
import { withheldHouseholds } from "../../data/policy/small-households.ts";
import { type CubeCell, publishFinal, publishOrdinary, publishRunning } from "../../data/policy/suppression.ts";
import { solveCells } from "../helpers/cell-ranges.ts";

const COUNTY = "990001";
const town = (i: number): string => `${COUNTY}${String(i + 1).padStart(3, "0")}`;
const community = (i: number, j: number): string => `${town(i)}${String(j + 1).padStart(3, "0")}`;

type Base = ReadonlyMap<string, number>;
const answer = (cells: readonly CubeCell[]): string =>
  cells
    .map(({ areaCode, mark, count }) => `${areaCode} ${mark} ${count}`)
    .sort()
    .join("\n");
const cellOf = (cells: readonly CubeCell[], code: string): CubeCell | undefined =>
  cells.find(({ areaCode }) => areaCode === code);

/** All ways to fill cells with 1 to 4. */
function* fillings(cells: readonly string[]): Generator<Map<string, number>> {
  const values = cells.map(() => 1);
  for (;;) {
    yield new Map(cells.map((cell, i) => [cell, values[i] as number]));
    let i = 0;
    while (i < values.length && values[i] === 4) values[i++] = 1;
    if (i === values.length) return;
    values[i] = (values[i] as number) + 1;
  }
}

/**
 * What everybody may know who reads a publication and knows how it is made: the truths that are published alike. Split by
 * what one person knows beside it, each cell that is suppressed and not known must have all four values in each part.
 */
function expectNothingNarrowed(small: readonly string[], fixed: Base): void {
  const towns = [...new Set(small.filter((cell) => cell.length > 7).map((cell) => cell.slice(0, 9)))];
  const knowledge: readonly (readonly string[])[] = [
    [],
    ...small.map((cell) => [cell]),
    ...towns.map((code) => small.filter((cell) => cell.startsWith(code))),
  ];
  const worlds = new Map<string, number[]>();
  for (const filling of fillings(small)) {
    const published = answer(publishFinal(new Map([...fixed, ...filling])));
    knowledge.forEach((known, k) => {
      const key = `${k}|${known.map((cell) => filling.get(cell)).join()}|${published}`;
      const seen = worlds.get(key) ?? small.map(() => 0);
      small.forEach((cell, i) => {
        seen[i] = (seen[i] as number) | (1 << (filling.get(cell) as number));
      });
      worlds.set(key, seen);
    });
  }
  for (const [key, seen] of worlds) {
    const known = knowledge[Number(key.split("|")[0])] ?? [];
    small.forEach((cell, i) => {
      if (!known.includes(cell) && seen[i] !== 0b11110)
        expect.fail(`${cell} has only the values of ${seen[i]?.toString(2)} in ${key}`);
    });
  }
}

/** Numbers of suppressed cells in each town, `most` in all, and whether one lies outside all towns. */
const structure = (most: number) =>
  fc
    .record({
      towns: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
      rests: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      outside: fc.boolean(),
      exact: fc.array(fc.integer({ min: 5, max: 9 }), { maxLength: 3 }),
    })
    .map(({ towns, rests, outside, exact }) => {
      const small = towns.flatMap((size, i) =>
        Array.from({ length: size }, (_, j) => (j === 0 && rests[i] ? `${town(i)}*` : community(i, j))),
      );
      const kept = [...(outside ? [`${COUNTY}*`] : []), ...small].slice(0, most);
      return { small: kept, fixed: new Map(exact.map((count, i) => [community(i, 900), count])) };
    });

describe("a month that is over", () => {
  it("narrows no suppressed cell, for whoever knows the rule and the records of one community or town", () => {
    fc.assert(
      fc.property(structure(6), ({ small, fixed }) => expectNothingNarrowed(small, fixed)),
      { numRuns: 25 },
    );
  });

  it.each<[string, number[]]>([
    ["one town whose total is published", [4]],
    ["two towns, one of them open", [5, 2]],
    ["three hidden towns, whose county is sometimes published", [2, 2, 2]],
    ["four hidden towns", [2, 2, 2, 1]],
  ])("narrows nothing in %s", (_name, sizes) => {
    const small = sizes.flatMap((size, i) => Array.from({ length: size }, (_, j) => community(i, j)));
    expectNothingNarrowed(small, new Map());
  });

  const counts = fc.integer({ min: 0, max: 12 });
  const tree = fc
    .record({
      towns: fc.array(fc.array(counts, { minLength: 1, maxLength: 14 }), { minLength: 1, maxLength: 9 }),
      rests: fc.array(counts, { minLength: 10, maxLength: 10 }),
    })
    .map(
      ({ towns, rests }): Base =>
        new Map([
          ...towns.flatMap((cells, i) => cells.map((count, j): [string, number] => [community(i, j), count])),
          ...towns.map((_, i): [string, number] => [`${town(i)}*`, rests[i] ?? 0]),
          [`${COUNTY}*`, rests[9] ?? 0],
        ]),
    );

  it("leaves each suppressed cell of a large tree all of 1 to 4 by the linear system", () => {
    fc.assert(
      fc.property(tree, (base) => {
        const cells = publishFinal(base);
        const solved = solveCells(cells);
        for (const { areaCode, mark } of cells)
          if (mark === "less_than_five") expect(solved.get(areaCode), areaCode).toEqual({ from: 1, to: 4 });
      }),
      { numRuns: 300 },
    );
  });

  it("tells the truth: what is exact is exact, what is small reads <5, nothing else is left out", () => {
    fc.assert(
      fc.property(tree, (base) => {
        const cells = publishFinal(base);
        const truth = new Map(publishOrdinary(base).map(({ areaCode, count }) => [areaCode, count]));
        expect(new Set(cells.map(({ areaCode }) => areaCode))).toEqual(new Set(truth.keys()));
        for (const { areaCode, count, mark } of cells) {
          const real = truth.get(areaCode) ?? 0;
          if (mark === "exact") expect(count, areaCode).toBe(real);
          else expect(count, areaCode).toBeNull();
          if (base.has(areaCode)) expect(mark).toBe(real < 5 ? "less_than_five" : "exact");
          else expect(["exact", "hidden"]).toContain(mark);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("publishes totals that are safe, and finds the rule's edge", () => {
    const base = (values: readonly number[]): Base => new Map(values.map((value, j) => [community(0, j), value]));
    const mark = (values: readonly number[]) => cellOf(publishFinal(base(values)), town(0))?.mark;
    expect(mark([3, 3, 2, 2])).toBe("exact");
    expect(mark([3, 3, 3, 2])).toBe("hidden");
    expect(mark([2, 2, 2, 3])).toBe("hidden");
    expect(mark([7, 8])).toBe("exact");
    expect(mark([7, 3])).toBe("hidden");
    // Six cells: 12 to 18.
    expect([11, 12, 18, 19].map((sum) => isSafeTownSum(6, sum))).toEqual([false, true, true, false]);
  });

  it("publishes a county over hidden towns where enough of them mix", () => {
    expect(safeSums([3])).toBe(0n);
    expect(safeSums([2, 2])).toBe(0n);
    expect(safeSums([3, 3, 3, 3]) > 0n).toBe(true);
    const hidden = [0, 1, 2, 3].flatMap((i) => [0, 1, 2].map((j): [string, number] => [community(i, j), 2 + (j % 2)]));
    const cells = publishFinal(new Map(hidden));
    expect(cellOf(cells, town(0))?.mark).toBe("hidden");
    expect(cellOf(cells, COUNTY)).toMatchObject({ mark: "exact", count: 28 });
  });

  it("finds the edge of a naive rule: the solver sees a single hidden cell under a published total", () => {
    const naive = [
      { areaCode: town(0), mark: "exact", count: 9 },
      { areaCode: community(0, 0), mark: "exact", count: 6 },
      { areaCode: community(0, 1), mark: "less_than_five", count: null },
    ] as const;
    expect(solveCells(naive).get(community(0, 1))).toEqual({ from: 3, to: 3 });
  });
});

describe("the month that runs", () => {
  it("has no totals, and moves in steps", () => {
    const cells = publishRunning(
      new Map([
        [community(0, 0), 3],
        [community(0, 1), 14],
        [community(1, 0), 0],
        [`${COUNTY}*`, 5],
      ]),
    );
    expect(answer(cells)).toBe(
      [
        `${COUNTY} hidden null`,
        `${town(0)} hidden null`,
        `${community(0, 0)} less_than_five null`,
        `${community(0, 1)} at_least 10`,
        `${COUNTY}* at_least 5`,
      ]
        .sort()
        .join("\n"),
    );
  });

  it("tells no growth of 1 to 4 from one day to another, nor to the end of the month", () => {
    const DAYS = 3;
    const MOST = 13;
    const worlds = new Map<string, Set<number>[]>();
    const one = (count: number): Base => new Map([[community(0, 0), count]]);
    const walk = (days: readonly number[]): void => {
      if (days.length < DAYS) {
        for (let next = days.at(-1) ?? 0; next <= MOST; next++) walk([...days, next]);
        return;
      }
      const last = days.at(-1) as number;
      const key = [...days.slice(0, -1).map((count) => publishRunning(one(count))), publishFinal(one(last))]
        .map(answer)
        .join("|");
      const growths = worlds.get(key) ?? days.map(() => new Set<number>());
      days.forEach((count, i) => {
        growths[i]?.add(count - (days[i - 1] ?? 0));
      });
      worlds.set(key, growths);
    };
    walk([]);
    expect(worlds.size).toBeGreaterThan(20);
    for (const [key, growths] of worlds) {
      for (const growth of growths) {
        const [only = 0] = growth;
        expect(growth.size === 1 && only >= 1 && only <= 4, key).toBe(false);
      }
    }
  });

  it("and its end narrow nothing together: neither the cells of the day nor those of the month", () => {
    // A town of two cells and one of one, seen on one day and when the month is over; cells only grow.
    const cells = [community(0, 0), community(0, 1), community(1, 0)];
    const worlds = new Map<string, { readonly day: number[]; readonly end: number[] }>();
    for (const end of fillings(cells)) {
      for (let n = 0; n < 5 ** cells.length; n++) {
        const day = new Map(cells.map((cell, i) => [cell, Math.floor(n / 5 ** i) % 5]));
        if (cells.some((cell) => (day.get(cell) as number) > (end.get(cell) as number))) continue;
        const key = `${answer(publishRunning(day))}|${answer(publishFinal(end))}`;
        const seen = worlds.get(key) ?? { day: [0, 0, 0], end: [0, 0, 0] };
        cells.forEach((cell, i) => {
          seen.day[i] = (seen.day[i] as number) | (1 << (day.get(cell) as number));
          seen.end[i] = (seen.end[i] as number) | (1 << (end.get(cell) as number));
        });
        worlds.set(key, seen);
      }
    }
    expect(worlds.size).toBeGreaterThan(7);
    for (const [key, seen] of worlds) {
      expect(seen.end, key).toEqual([0b11110, 0b11110, 0b11110]);
      // A cell of the day is zero in the open, or anything of 1 to 4.
      for (const values of seen.day) expect([0b1, 0b11110], key).toContain(values);
    }
  });
});

describe("households", () => {
  it("withholds a small count and what would give it away", () => {
    const households = new Map([
      [COUNTY, 203],
      [town(0), 103],
      [community(0, 0), 100],
      [community(0, 1), 3],
      [town(1), 100],
      [community(1, 0), 60],
      [community(1, 1), 40],
    ]);
    expect([...withheldHouseholds(households)].sort()).toEqual([COUNTY, town(0), community(0, 1)].sort());
    const rest = new Map([
      [town(0), 103],
      [community(0, 0), 100],
    ]);
    expect(withheldHouseholds(rest).has(town(0))).toBe(true);
    expect(withheldHouseholds(new Map([[community(0, 0), 0]])).size).toBe(0);
  });
});
