import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutChange } from "../../data/feed/cut-change.ts";
import { areaM2 } from "../../data/geo/measure.ts";
import { fromLattice, type MultiPolygonRings } from "../../data/model/geometry.ts";
import { planConflicts } from "../../data/planning/conflicts.ts";
import { planImpact } from "../../data/planning/impact.ts";
import { planLineage } from "../../data/planning/lineage.ts";
import { chooseBy, mergeChanges } from "../../data/planning/merge-changes.ts";
import { mergeSaves } from "../../data/planning/merge-saves.ts";
import { groundPieces } from "../../data/planning/moved-ground.ts";
import { changedParents } from "../../data/planning/parents.ts";
import type { BaseCell, PlanChange } from "../../data/planning/plan.ts";
import { packPolygons, unpackPolygons } from "../../data/planning/plan-base.ts";
import { planGeometry } from "../../data/planning/plan-geometry.ts";
import { refereePlan } from "../../data/planning/referee.ts";
import { PLAN_TRANSITIONS, refusePlanStep } from "../../data/planning/transitions.ts";
import { viewerAs } from "../helpers/viewers.ts";

const at = (x: number, y: number): readonly [number, number] => [
  fromLattice(1_130_000_000 + Math.round(x * 10_000)),
  fromLattice(400_000_000 + Math.round(y * 10_000)),
];
const box = (west: number, south: number, east: number, north: number): MultiPolygonRings => [
  [[at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]],
];
const T = "990200001";
const cell = (community: string, grid: string, geometry: MultiPolygonRings): BaseCell => ({
  id: `area-${community}${grid}`,
  versionId: `version-${community}${grid}`,
  code: `${T}${community}${grid}`,
  kind: "basic",
  name: `网格${grid}`,
  geometry,
});
/** Two communities side by side, two grids each, in one row from x 0 to 4. */
const A = cell("001", "001", box(0, 0, 1, 1));
const B = cell("001", "002", box(1, 0, 2, 1));
const C = cell("002", "001", box(2, 0, 3, 1));
const D = cell("002", "002", box(3, 0, 4, 1));
const BASE = [A, B, C, D];
const change = (of: BaseCell, geometry: MultiPolygonRings | null, more: Partial<PlanChange> = {}): PlanChange => ({
  cell: of.id,
  areaId: of.id,
  code: of.code,
  kind: of.kind,
  name: of.name,
  geometry,
  ...more,
});
const fresh = (n: number, code: string, geometry: MultiPolygonRings): PlanChange => ({
  cell: `new:${n}`,
  areaId: null,
  code,
  kind: "basic",
  name: "新网格",
  geometry,
});
const judge = (changes: readonly PlanChange[], buildings: Parameters<typeof refereePlan>[0]["buildings"] = []) =>
  refereePlan({
    base: BASE,
    changes,
    scope: { code: T, geometry: box(0, 0, 4, 1) },
    retired: new Map([[`${T}001009`, new Set(["somebody"])]]),
    parents: new Set([T, `${T}001`, `${T}002`]),
    buildings,
  });
const errors = (changes: readonly PlanChange[]): string[] =>
  judge(changes)
    .filter(({ severity }) => severity === "error")
    .map(({ kind }) => kind);
const lineage = (changes: readonly PlanChange[]) => {
  const old = BASE.filter(({ id }) => changes.some((one) => one.cell === id));
  return planLineage(old, changes, groundPieces(old, changes)).map(({ kind, fromCode, toCode }) => [
    kind,
    fromCode.slice(9),
    toCode.slice(9),
  ]);
};

/** Every corner that was drawn, and between them the same ground but for rounding where borders crossed. */
function expectGround(merged: readonly PlanChange[], drawn: readonly PlanChange[]): void {
  const size = (ground: MultiPolygonRings | null): number => (ground ? areaM2(ground) : 0);
  expect(merged.map(({ cell: id }) => id)).toEqual(drawn.map(({ cell: id }) => id));
  merged.forEach(({ geometry }, n) => {
    const wanted = drawn[n]?.geometry ?? null;
    const has = new Set((geometry ?? []).flat(2).map(String));
    expect((wanted ?? []).flat(2).filter((corner) => !has.has(String(corner)))).toEqual([]);
    expect(Math.abs(size(geometry) - size(wanted))).toBeLessThan(1);
  });
}

describe("plans of boundaries", () => {
  it("packs polygons as differences and gives them back", () => {
    const polygons = [...box(0, 0, 1, 1), ...box(5, 5, 6, 7)];
    expect(unpackPolygons(packPolygons(polygons))).toEqual(polygons);
    expect(packPolygons(box(0, 0, 1, 1))[0]?.[0]).toEqual([
      1_130_000_000, 400_000_000, 10_000, 0, 0, 10_000, -10_000, 0,
    ]);
  });

  it("takes positions to the lattice and refuses what is no polygon", () => {
    const raw = {
      type: "Polygon",
      coordinates: [
        [
          [0, 0],
          [1.00000004, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    };
    expect(planGeometry(raw, "g")[0]?.[0]?.[1]).toEqual([1, 0]);
    for (const bad of [
      null,
      { type: "Polygon" },
      {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
    ])
      expect(() => planGeometry(bad, "g")).toThrow();
  });

  it("lets nobody approve what they drew, and each step only by its role, place and state", () => {
    const author = viewerAs("planner", T, { accountId: "a" });
    const other = viewerAs("leader", "990200", { accountId: "b" });
    const plan = { state: "submitted", scopeCode: T, authorId: "a", savedBy: ["a", "c"] } as const;
    expect(refusePlanStep(author, plan, "approve")).toBe("author");
    expect(refusePlanStep({ ...author, accountId: "c" }, plan, "approve")).toBe("author");
    expect(refusePlanStep({ ...author, accountId: null }, plan, "approve")).toBe("author");
    expect(refusePlanStep(other, plan, "approve")).toBeUndefined();
    expect(refusePlanStep(viewerAs("leader", "990200002"), plan, "approve")).toBe("role");
    expect(refusePlanStep(other, plan, "submit")).toBe("role");
    expect(refusePlanStep(author, plan, "save")).toBe("state");
    expect(refusePlanStep({ ...author, visitor: true }, plan, "withdraw")).toBe("role");
    // What is published or withdrawn is never changed again.
    for (const { from, to } of Object.values(PLAN_TRANSITIONS))
      if (to !== null) expect(from.some((state) => state === "published" || state === "withdrawn")).toBe(false);
  });

  it("names what became of areas", () => {
    expect(lineage([change(A, box(0, 0, 0.5, 1)), fresh(1, `${T}001003`, box(0.5, 0, 1, 1))])).toEqual([
      ["moved", "001001", "001001"],
      ["split", "001001", "001003"],
    ]);
    expect(lineage([change(A, box(0, 0, 2, 1)), change(B, null)])).toEqual([
      ["moved", "001001", "001001"],
      ["merge", "001002", "001001"],
    ]);
    expect(lineage([change(A, box(0, 0, 1.5, 1)), change(B, box(1.5, 0, 2, 1))])).toEqual([
      ["moved", "001001", "001001"],
      ["moved", "001002", "001001"],
      ["moved", "001002", "001002"],
    ]);
    expect(lineage([change(A, A.geometry, { name: "新名" })])).toEqual([["renamed", "001001", "001001"]]);
    expect(lineage([change(A, A.geometry)])).toEqual([["redigitised", "001001", "001001"]]);
    expect(lineage([change(B, B.geometry, { code: `${T}002003` })])).toEqual([["reparented", "001002", "002003"]]);
  });

  it("finds every gap and overlap to one lattice unit, and nothing where there is none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19_999 }), fc.constantFrom(-1, 0, 1), (x, slip) => {
        const line = x / 10_000;
        const found = errors([change(A, box(0, 0, line + slip / 10_000, 1)), change(B, box(line, 0, 2, 1))]);
        const kinds = slip === 0 ? [] : [slip < 0 ? "gap" : "overlap"];
        // At either end there is no ground left of one of the two.
        fc.pre(line + slip / 10_000 > 0 && line < 2);
        expect(found).toEqual(kinds);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses codes that are another's, and flags many households without an error", () => {
    expect(errors([])).toEqual(["nothing_changed"]);
    expect(errors([change(A, A.geometry, { code: B.code })])).toEqual(["code_taken", "code_retired"]);
    expect(errors([change(A, A.geometry, { code: `${T}001009` })])).toEqual(["code_retired"]);
    expect(errors([change(A, A.geometry, { code: `${T}003001` })])).toEqual(["parent_missing"]);
    expect(errors([change(A, A.geometry, { code: "990200002001001" })])).toEqual(["outside"]);
    const found = judge(
      [change(A, box(0, 0, 2, 1)), change(B, null)],
      [
        { point: at(0.5, 0.5), households: 400, exact: true },
        { point: at(1.5, 0.5), households: 220, exact: false },
      ],
    );
    expect(found).toMatchObject([{ kind: "many_households", severity: "warning", value: 620 }]);
  });

  it("changes areas above only where ground goes from one to another", () => {
    const parents = [
      { code: T, geometry: box(0, 0, 4, 1) },
      { code: `${T}001`, geometry: box(0, 0, 2, 1) },
      { code: `${T}002`, geometry: box(2, 0, 4, 1) },
    ];
    expect(changedParents(parents, BASE, [change(A, box(0, 0, 1.5, 1)), change(B, box(1.5, 0, 2, 1))])).toEqual([]);
    const moved = changedParents(parents, BASE, [change(B, box(1, 0, 2.5, 1)), change(C, box(2.5, 0, 3, 1))]);
    expect(moved.map(({ code }) => code)).toEqual([`${T}001`, `${T}002`]);
    expect(planConflicts(BASE, [], [])).toEqual([]);
  });

  it("counts what moves by where each thing lies before and after", () => {
    const { total, moves, cells, boardsToReprint } = planImpact(
      BASE,
      [change(A, box(0, 0, 1.5, 1)), change(B, box(1.5, 0, 2, 1))],
      {
        buildings: [
          { point: at(0.5, 0.5), households: 10, exact: true },
          { point: at(1.2, 0.5), households: 7, exact: false },
        ],
        openIncidents: [at(1.5, 0.5), at(1.7, 0.5)],
        cameras: [at(3.5, 0.5)],
        boards: [at(0.1, 0.1), at(3.1, 0.1)],
      },
    );
    // A point on the new border goes to the lower code.
    expect(total).toMatchObject({ buildings: 1, households: 7, householdsExact: false, openIncidents: 1, cameras: 0 });
    expect(moves.map(({ fromCode, toCode }) => [fromCode, toCode])).toEqual([[B.code, A.code]]);
    expect(cells.map(({ before, after }) => [before?.households, after?.households])).toEqual([
      [10, 17],
      [7, 0],
    ]);
    expect(boardsToReprint).toBe(1);
  });

  it("tells of a plan those who may read plans and follow an area that holds it", () => {
    const event = {
      id: "e",
      county: "990200",
      seq: 1,
      liveVersion: 1,
      version: 3,
      scopeBefore: T,
      scopeAfter: T,
      at: "2026-01-15T00:00:00Z",
      kind: "plan",
      op: "UPSERT",
      entity: { type: "plan", id: "p" },
    } as const;
    const cut = { area: "990200", sensitive: false, pointDays: null };
    const scope = { cut, area: "990200", pointsFrom: undefined, plans: true };
    expect(cutChange(event, scope)).toEqual({ op: "UPSERT", kind: "plan", id: "p", version: 3 });
    expect(cutChange(event, { ...scope, plans: false })).toBeUndefined();
    expect(cutChange(event, { ...scope, area: "990200002" })).toBeUndefined();
  });

  it("merges plans that change different borders, and asks about those that change the same", () => {
    const left = [change(A, box(0, 0, 0.5, 1)), change(B, box(0.5, 0, 2, 1))];
    const right = [change(B, box(1, 0, 1.5, 1)), change(C, box(1.5, 0, 3, 1))];
    expect(planConflicts(BASE, left, right)).toEqual([]);
    const merged = mergeChanges(BASE, left, right, "mine");
    expect(merged.map((one) => [one.cell, packPolygons(one.geometry ?? []).flat(2).length])).toHaveLength(2);
    const b = merged.find((one) => one.cell === B.id);
    const xs = b?.geometry?.flat(2).map(([lon]) => Math.round((lon - 113) * 1e7));
    expect([Math.min(...(xs ?? [])), Math.max(...(xs ?? []))]).toEqual([5_000, 15_000]);
    const other = [change(A, box(0, 0, 1.5, 1)), change(B, box(1.5, 0, 2, 1))];
    expect(planConflicts(BASE, left, other).map(({ cells }) => cells)).toContainEqual([A.id, B.id]);
    expect(mergeChanges(BASE, left, other, "theirs")).toEqual([]);
  });

  it("lets each conflict be chosen by itself", () => {
    // Both move the border of A and B, and that of C and D, to other places.
    const mine = [
      change(A, box(0, 0, 0.5, 1)),
      change(B, box(0.5, 0, 2, 1)),
      change(C, box(2, 0, 2.5, 1)),
      change(D, box(2.5, 0, 4, 1)),
    ];
    const theirs = [
      change(A, box(0, 0, 1.5, 1)),
      change(B, box(1.5, 0, 2, 1)),
      change(C, box(2, 0, 3.5, 1)),
      change(D, box(3.5, 0, 4, 1)),
    ];
    const named = planConflicts(BASE, mine, theirs).map(({ cells }) => cells.join());
    expect(named).toEqual(expect.arrayContaining([`${A.id},${B.id}`, `${C.id},${D.id}`]));
    const merged = mergeChanges(BASE, mine, theirs, chooseBy([{ cells: [B.id, A.id], prefer: "mine" }], "theirs"));
    const grounds = new Map(merged.map(({ cell, geometry }) => [cell, geometry]));
    expect(grounds.get(A.id)).toEqual(box(0, 0, 0.5, 1));
    expect([...grounds.keys()].sort()).toEqual([A.id, B.id]);
  });

  it("asks about a border that both push to the same side, and gives each choice its own line", () => {
    // Both push the border of A and B to the east, not equally far: it was merged to the farther of the two, without a word.
    const mine = [change(A, box(0, 0, 1.2, 1)), change(B, box(1.2, 0, 2, 1))];
    const theirs = [change(A, box(0, 0, 1.4, 1)), change(B, box(1.4, 0, 2, 1))];
    expect(planConflicts(BASE, mine, theirs).map(({ cells }) => cells)).toEqual([[A.id, B.id]]);
    expect(planConflicts(BASE, mine, mine)).toEqual([]);
    const { merge } = mergeSaves({ base: BASE, known: [], mine, theirs, usedCodes: [] });
    for (const [word, drawn] of [
      ["mine", mine],
      ["theirs", theirs],
    ] as const)
      expectGround(
        merge(() => word),
        drawn,
      );
    // Each gives another part of A away, side by side: both are had.
    const upper = [
      change(A, box(0, 0, 1, 0.5)),
      change(B, [[[at(0, 0.5), at(1, 0.5), at(1, 0), at(2, 0), at(2, 1), at(0, 1), at(0, 0.5)]]]),
    ];
    expect(planConflicts(BASE, upper, [change(C, box(2, 0, 2.5, 1)), change(D, box(2.5, 0, 4, 1))])).toEqual([]);
  });

  it("gives a corner of three grids back where whoever is heard has put it", () => {
    /** North, south-west and south-east, meeting at a point. */
    const meeting = (x: number, y: number): readonly MultiPolygonRings[] => [
      [[[at(0, 1), at(x, y), at(2, 1), at(2, 2), at(0, 2), at(0, 1)]]],
      [[[at(0, 0), at(1, 0), at(x, y), at(0, 1), at(0, 0)]]],
      [[[at(1, 0), at(2, 0), at(2, 1), at(x, y), at(1, 0)]]],
    ];
    const base = meeting(1, 1).map((ground, n) => cell("003", `00${n + 1}`, ground));
    const place = fc.tuple(fc.integer({ min: 40, max: 160 }), fc.integer({ min: 40, max: 160 }));
    fc.assert(
      fc.property(place, place, ([ax, ay], [bx, by]) => {
        fc.pre(ax !== bx || ay !== by);
        const drawn = (x: number, y: number): PlanChange[] => {
          const grounds = meeting(x / 100, y / 100);
          return base.map((one, n) => change(one, grounds[n] ?? null));
        };
        const [mine, theirs] = [drawn(ax, ay), drawn(bx, by)];
        const { conflicts, merge } = mergeSaves({ base, known: [], mine, theirs, usedCodes: [] });
        const moved = (ax !== 100 || ay !== 100) && (bx !== 100 || by !== 100);
        expect(conflicts.length > 0).toBe(moved);
        if (!moved) return;
        expectGround(
          merge(() => "mine"),
          mine,
        );
        expectGround(
          merge(() => "theirs"),
          theirs,
        );
      }),
    );
  });

  it("merges what two people drew on one plan at once, with names and codes that both gave out given anew", () => {
    const known = [change(A, box(0, 0, 0.9, 1)), change(B, box(0.9, 0, 2, 1))];
    const fresh = (west: number, east: number): PlanChange => ({
      ...{ cell: "new:1", areaId: null, code: `${T}001003`, kind: "basic" as const, name: "新网格" },
      geometry: box(west, 0, east, 1),
    });
    // One cuts A, the other one cuts B: both call theirs new:1, 003.
    const mine = [change(A, box(0.4, 0, 0.9, 1)), change(B, box(0.9, 0, 2, 1)), fresh(0, 0.4)];
    const theirs = [change(A, box(0, 0, 0.9, 1)), change(B, box(0.9, 0, 1.5, 1)), fresh(1.5, 2)];
    const { conflicts, merge } = mergeSaves({ base: BASE, known, mine, theirs, usedCodes: [`${T}001004`] });
    expect(conflicts).toEqual([]);
    const merged = merge(() => "mine");
    expect(merged.map(({ cell, code }) => [cell, code.slice(-3)])).toEqual([
      [A.id, "001"],
      [B.id, "002"],
      ["new:1", "003"],
      ["new:2", "005"],
    ]);
    expect(merged.map(({ geometry }) => geometry)).toEqual([
      box(0.4, 0, 0.9, 1),
      box(0.9, 0, 1.5, 1),
      box(1.5, 0, 2, 1),
      box(0, 0, 0.4, 1),
    ]);
    // The same border on both sides: named, and decided by a choice.
    const again = mergeSaves({
      ...{ base: BASE, known, usedCodes: [] },
      mine: [change(A, box(0, 0, 0.7, 1)), change(B, box(0.7, 0, 2, 1))],
      // They put it back to where it is today.
      theirs: [],
    });
    expect(again.conflicts.map(({ cells }) => cells)).toEqual([[A.id, B.id]]);
    expect(again.merge(() => "theirs")).toEqual([]);
    const kept = again.merge(() => "mine");
    expect(kept.find(({ cell }) => cell === A.id)?.geometry).toEqual(box(0, 0, 0.7, 1));
  });
});
