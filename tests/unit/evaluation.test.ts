import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  EVALUATION_BY,
  EVALUATION_INDEX_KEYS,
  EVALUATION_INDICES,
  type FactCounts,
  figuresOf,
  rankRows,
  scoreOf,
} from "../../data/evaluation/indices.ts";
import { isSatisfied, satisfaction } from "../../data/evaluation/satisfaction.ts";
import "../helpers/property-seed.ts";

const NONE: FactCounts = {
  reported: 0,
  filed: 0,
  handled: 0,
  due: 0,
  closedInTime: 0,
  closed: 0,
  sentBack: 0,
  assigned: 0,
  passedOn: 0,
  fedBack: 0,
  verified: 0,
};
const PERFECT: FactCounts = {
  ...NONE,
  reported: 20,
  filed: 20,
  handled: 20,
  due: 20,
  closedInTime: 20,
  closed: 20,
  assigned: 20,
  fedBack: 20,
  verified: 20,
};
const row = (key: string, counts: FactCounts) => ({ key, cases: counts.reported, figures: figuresOf(counts) });

describe("indices", () => {
  it("every index has its formula in both languages, and the weights add up", () => {
    for (const index of EVALUATION_INDEX_KEYS) {
      expect(EVALUATION_INDICES[index].text).toMatch(/[\u4e00-\u9fff].* = .*÷/u);
      expect(EVALUATION_INDICES[index].textEn).toMatch(/ = .*÷/u);
    }
    const sum = EVALUATION_INDEX_KEYS.reduce((all, index) => all + Math.abs(EVALUATION_INDICES[index].weight), 0);
    expect(sum).toBeCloseTo(1, 12);
  });

  it("all work done in time is 100; one case sent back lowers it", () => {
    expect(scoreOf(figuresOf(PERFECT))).toBeCloseTo(100, 9);
    expect(scoreOf(figuresOf({ ...PERFECT, sentBack: 1 }))).toBeCloseTo(100 - (0.1 * 100) / 20, 9);
  });

  it("what nothing counts for has no value and no weight", () => {
    expect(figuresOf(NONE).every(({ value }) => value === null)).toBe(true);
    expect(scoreOf(figuresOf(NONE))).toBeNull();
    expect(scoreOf(figuresOf({ ...PERFECT, fedBack: 0, verified: 0 }))).toBeCloseTo(100, 9);
  });

  it("nine cases are not ranked, ten are", () => {
    const nine = { ...PERFECT, reported: 9 };
    const ten = { ...PERFECT, reported: 10 };
    expect(rankRows([row("nine", nine), row("ten", ten)]).map(({ key, rank }) => [key, rank])).toEqual([
      ["ten", 1],
      ["nine", null],
    ]);
    expect(rankRows([row("nine", nine)])[0]?.score).toBeNull();
  });

  it("equal scores share a rank, and the next one counts them", () => {
    const worse = { ...PERFECT, closed: 10 };
    const ranks = rankRows([row("c", worse), row("b", PERFECT), row("a", PERFECT)]).map(({ key, rank }) => [key, rank]);
    expect(ranks).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 3],
    ]);
  });

  it("ranks do not depend on the order of rows", () => {
    const counts = fc.integer({ min: 0, max: 30 }).chain((reported) =>
      fc.tuple(fc.integer({ min: 0, max: reported }), fc.integer({ min: 0, max: reported })).map(
        ([filed, closed]): FactCounts => ({
          ...NONE,
          reported,
          filed,
          closed: Math.min(closed, filed),
          handled: filed,
          assigned: filed,
        }),
      ),
    );
    const rows = fc.array(counts, { maxLength: 12 }).map((all) => all.map((one, n) => row(`${n}`, one)));
    fc.assert(
      fc.property(
        rows.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const ranked = rankRows(all);
          expect(rankRows(shuffled)).toEqual(ranked);
          for (const { cases, rank } of ranked) if (cases < 10) expect(rank).toBeNull();
          const scores = ranked.flatMap(({ score }) => score ?? []);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
        },
      ),
    );
  });

  it("areas, departments and posts are assessed, nobody who lives there", () => {
    expect(EVALUATION_BY).toEqual(["area", "department", "post"]);
  });
});

describe("satisfaction", () => {
  it("counts rated orders only: 637 of 650 are 98.0 %, whatever else was not rated", () => {
    expect(((satisfaction(637, 650) ?? 0) * 100).toFixed(1)).toBe("98.0");
    expect(satisfaction(0, 0)).toBeNull();
  });

  it("4 and 5 are content, 3 is not", () => {
    expect([1, 2, 3, 4, 5].map(isSatisfied)).toEqual([false, false, false, true, true]);
  });
});
