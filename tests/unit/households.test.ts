import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HouseholdBasis, isOwnCount, parseHouseholds } from "../../data/households/count.ts";
import {
  planSpread,
  type SpreadArea,
  type SpreadBuilding,
  type SpreadCompound,
} from "../../data/households/plan-spread.ts";
import { largestRemainder, spreadWeights } from "../../data/households/spread.ts";
import { ImportLog } from "../../data/importers/report.ts";

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

describe("a count as people write it", () => {
  it.each([
    ["320", { households: 320, exact: true }],
    ["1,200", { households: 1200, exact: true }],
    ["1200户", { households: 1200, exact: true }],
    ["0", { households: 0, exact: true }],
    ["约300户", { households: 300, exact: false }],
    ["≈ 300", { households: 300, exact: false }],
    ["300余", { households: 300, exact: false }],
    ["300+", { households: 300, exact: false }],
    ["300户左右", { households: 300, exact: false }],
    ["many", undefined],
    ["-3", undefined],
    ["9e9", undefined],
  ])("%s", (text, count) => {
    expect(parseHouseholds(text)).toEqual(count);
  });
});

describe("spreading one total", () => {
  it("sums to the total, and no part is off its quota by one household or more", () => {
    fc.assert(
      fc.property(
        fc.nat(2_000_000),
        fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (total, weights) => {
          const counts = largestRemainder(total, weights);
          expect(sum(counts)).toBe(total);
          const all = sum(weights);
          for (const [i, count] of counts.entries()) {
            const quota = all > 0 ? (total * (weights[i] as number)) / all : total / weights.length;
            expect(Number.isInteger(count) && count >= 0).toBe(true);
            expect(Math.abs(count - quota)).toBeLessThan(1 + 1e-6);
          }
        },
      ),
    );
  });

  it.each([
    [
      "floors × ground",
      [
        { floors: 6, footprintM2: 300 },
        { floors: 3, footprintM2: 200 },
      ],
      [1800, 600],
      "floor_area",
    ],
    [
      "ground where no floors are told",
      [
        { floors: null, footprintM2: 300 },
        { floors: null, footprintM2: 100 },
      ],
      [300, 100],
      "floor_area",
    ],
    [
      "the mean for one whose floors are not told",
      [
        { floors: 4, footprintM2: 100 },
        { floors: 8, footprintM2: 100 },
        { floors: null, footprintM2: 100 },
      ],
      [400, 800, 600],
      "floor_area",
    ],
    [
      "all alike where nothing is known",
      [
        { floors: null, footprintM2: null },
        { floors: null, footprintM2: null },
      ],
      [1, 1],
      "even",
    ],
  ] as const)("weighs by %s", (_name, parts, weights, basis) => {
    expect(spreadWeights(parts)).toEqual({ weights, basis });
  });
});

/** Counties of two communities with two grids each, compounds within a community, and buildings with and without counts. */
const basis = fc.constantFrom<HouseholdBasis>("counted", "stated", "unknown", "floor_area");
const county = fc
  .record({
    totals: fc.array(fc.option(fc.nat(3000)), { minLength: 2, maxLength: 2 }),
    compounds: fc.array(fc.record({ community: fc.nat(1), households: fc.nat(500), known: fc.boolean() }), {
      maxLength: 4,
    }),
    buildings: fc.array(
      fc.record({
        grid: fc.nat(3),
        inCompound: fc.boolean(),
        pick: fc.nat(10),
        floors: fc.option(fc.integer({ min: 1, max: 33 })),
        footprintM2: fc.option(fc.integer({ min: 10, max: 2000 })),
        households: fc.nat(60),
        basis,
      }),
      { maxLength: 25 },
    ),
  })
  .map(({ totals, compounds, buildings }) => {
    const communities = ["140226001001", "140226001002"];
    const made: SpreadCompound[] = compounds.map(({ community, households, known }, i) => ({
      id: `c${i}`,
      communityCode: communities[community] as string,
      households: known ? households : 0,
      exact: known,
      basis: known ? "counted" : "unknown",
      grids: [1, 2].map((n) => ({ code: `${communities[community]}00${n}`, share: n === 1 ? 0.3 : 0.7 })),
    }));
    const houses: SpreadBuilding[] = buildings.map((one, i) => {
      const community = communities[one.grid >> 1] as string;
      const near = made.filter(({ communityCode }) => communityCode === community);
      return {
        id: `b${String(i).padStart(2, "0")}`,
        compoundId: one.inCompound ? (near[one.pick % Math.max(near.length, 1)]?.id ?? null) : null,
        scopeCode: `${community}00${1 + (one.grid & 1)}`,
        floors: one.floors,
        footprintM2: one.footprintM2,
        households: one.basis === "unknown" ? 0 : one.households,
        exact: one.basis === "counted",
        basis: one.basis,
      };
    });
    const areas: SpreadArea[] = communities.flatMap((code, i) => [
      { code, households: totals[i] ?? null, exact: true, basis: "counted" as const, lowest: false },
      ...[1, 2].map((n) => ({
        code: `${code}00${n}`,
        households: null,
        exact: true,
        basis: "counted" as const,
        lowest: true,
      })),
    ]);
    return { compounds: made, buildings: houses, areas };
  });

describe("spreading a county's totals", () => {
  it("keeps every count of a source, and what stands in a total sums to it exactly", () => {
    fc.assert(
      fc.property(county, ({ compounds, buildings, areas }) => {
        const log = new ImportLog();
        const plan = planSpread(buildings, compounds, areas, log);
        const after = buildings.map((one) => ({ ...one, ...plan.buildings.get(one.id) }));
        for (const [i, { basis: was, households }] of buildings.entries())
          if (isOwnCount(was)) expect(after[i]).toMatchObject({ basis: was, households });
        const flags = log.flags().map(({ kind }) => kind);
        const holds = (total: number, inside: typeof after, before: SpreadBuilding[]): void => {
          if (inside.length === 0) return;
          const all = sum(inside.map((one) => one.households));
          const open = before.some(({ basis: was }) => !isOwnCount(was));
          if (all > total) expect(flags).toContain("counts_exceed_total");
          else if (all < total) expect([open, flags.includes("total_not_reached")]).toEqual([expect.anything(), true]);
        };
        for (const { id, households, basis: known } of compounds) {
          if (!isOwnCount(known)) continue;
          const mine = after.filter(({ compoundId }) => compoundId === id);
          holds(
            households,
            mine,
            buildings.filter(({ compoundId }) => compoundId === id),
          );
          const fixed = sum(
            buildings.filter((one) => one.compoundId === id && isOwnCount(one.basis)).map((one) => one.households),
          );
          if (mine.some(({ basis: now }) => !isOwnCount(now)) && fixed <= households)
            expect(sum(mine.map((one) => one.households))).toBe(households);
        }
        for (const { code, households } of areas.filter((area) => area.households !== null && !area.lowest)) {
          const inside = after.filter(({ scopeCode }) => scopeCode.startsWith(code));
          const free = compounds
            .filter(
              (one) =>
                one.communityCode === code &&
                isOwnCount(one.basis) &&
                !inside.some(({ compoundId }) => compoundId === one.id),
            )
            .reduce((all, one) => all + one.households, 0);
          holds(
            Math.max((households ?? 0) - free, 0),
            inside,
            buildings.filter(({ scopeCode }) => scopeCode.startsWith(code)),
          );
          // Grids are the sums of their buildings, and so sum to the community's total.
          const grids = areas
            .filter((area) => area.lowest && area.code.startsWith(code))
            .map((area) => plan.areas.get(area.code)?.households);
          if (inside.length > 0)
            expect(sum(grids.map((count) => count ?? Number.NaN))).toBe(
              sum(inside.map((one) => one.households)) + free,
            );
        }
      }),
    );
  });

  it("is done once: a second run changes nothing", () => {
    fc.assert(
      fc.property(county, ({ compounds, buildings, areas }) => {
        const first = planSpread(buildings, compounds, areas, new ImportLog());
        const second = planSpread(
          buildings.map((one) => ({ ...one, ...first.buildings.get(one.id) })),
          compounds,
          areas.map((area) => ({ ...area, ...first.areas.get(area.code) })),
          new ImportLog(),
        );
        expect([second.buildings.size, second.areas.size]).toEqual([0, 0]);
      }),
    );
  });
});
