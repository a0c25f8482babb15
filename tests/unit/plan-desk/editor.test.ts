import { beforeEach, describe, expect, it } from "vitest";
import { moveNode } from "../../../data/coverage/plan-graph/actions/move-node.ts";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { MeteredPoints } from "../../../data/coverage/plan-graph/metered-points.ts";
import { sumMeters } from "../../../data/coverage/plan-graph/meters.ts";
import type { PlanGraph } from "../../../data/coverage/plan-graph/plan-graph.ts";
import { nearestVertex } from "../../../data/coverage/plan-graph/vertices.ts";
import { fromLattice, type MultiPolygonRings, toLattice } from "../../../data/model/geometry.ts";
import type { ToolPoint } from "../../../web/map/map-tool.ts";
import { measure } from "../../../web/seats/plan/modes/measure.mode.ts";
import { MODES } from "../../../web/seats/plan/modes/registry.ts";
import { alongRoad } from "../../../web/seats/plan/modes/snap.mode.ts";
import { needOf, runOperation } from "../../../web/seats/plan/operations/registry.ts";
import { baseGraph, ChangeKeeper, graphOfChanges } from "../../../web/seats/plan/state/changes.ts";
import {
  choose,
  openEditor,
  preview,
  redoStep,
  settle,
  settledGraph,
  undoStep,
  useEditor,
} from "../../../web/seats/plan/state/editor.ts";
import { type Figures, figuresOf, householdsOf, sumOf, updateFigures } from "../../../web/seats/plan/state/figures.ts";
import type { Ground, GroundPoints } from "../../../web/seats/plan/state/ground.ts";
import { householdFlags } from "../../../web/seats/plan/state/household-flags.ts";
import { sortIssues } from "../../../web/seats/plan/state/issues.ts";
import { ReferenceIndex, snapTo, unitsOf } from "../../../web/seats/plan/state/snap.ts";

/** Lattice units of a square's side: 0.01 degree. */
const SIDE = 100_000;
const [WEST, SOUTH] = [toLattice(112.5), toLattice(40)];
const COMMUNITY = "140226100017";

const square = (column: number, row: number): MultiPolygonRings => {
  const [x, y] = [WEST + column * SIDE, SOUTH + row * SIDE];
  const corners = [
    [x, y],
    [x + SIDE, y],
    [x + SIDE, y + SIDE],
    [x, y + SIDE],
    [x, y],
  ] as const;
  return [[corners.map(([a, b]) => [fromLattice(a), fromLattice(b)] as const)]];
};

const placeAt = (x: number, y: number) => [fromLattice(WEST + x * SIDE), fromLattice(SOUTH + y * SIDE)] as const;

const points = (list: readonly (readonly [x: number, y: number, count: number])[]): GroundPoints => ({
  x: Int32Array.from(list, ([x]) => WEST + x * SIDE),
  y: Int32Array.from(list, ([, y]) => SOUTH + y * SIDE),
  count: Int32Array.from(list, ([, , count]) => count),
});

const HOMES = [
  [0.3, 0.3, 370],
  [0.95, 0.9, 30],
  [1.5, 0.5, 350],
  [0.5, 1.5, 310],
  [1.5, 1.5, 320],
] as const;

/**
 * ```
 *  c | d      a: 400 households, 30 of them near the middle
 * ---+---     b: 350, c: 310, d: 320
 *  a | b
 * ```
 */
const createGround = (): Ground => ({
  county: "140226",
  scope: COMMUNITY,
  cells: ["a", "b", "c", "d"].map((id, n) => ({
    id,
    code: `${COMMUNITY}00${n + 1}`,
    kind: "basic",
    name: `第${n + 1}网格`,
    geometry: square(n % 2, Math.floor(n / 2)),
  })),
  buildings: points(HOMES),
  householdsKnown: true,
  homes: [],
  points: new MeteredPoints([
    ...HOMES.map(([x, y, households]) => ({ place: placeAt(x, y), households, exact: households !== 30 })),
    { place: placeAt(0.5, 0.5), cameras: 1 },
    { place: placeAt(1.4, 0.4), openIncidents: 1 },
    { place: placeAt(1.6, 1.6), staff: 2 },
  ]),
  reference: [
    {
      kind: "road",
      rank: "local",
      name: "东大街",
      line: [
        [WEST, SOUTH + 1.2 * SIDE],
        [WEST + 2 * SIDE, SOUTH + 1.2 * SIDE],
      ],
    },
  ],
  blocks: [],
  retired: [],
});

const MIDDLE = [WEST + SIDE, SOUTH + SIDE] as const;
/** A screen on which the square is 1,000 pixels high. */
const METRES_PER_PIXEL = SIDE / 1000 / unitsOf(1);

const at = (x: number, y: number, more: Partial<ToolPoint> = {}): ToolPoint => ({
  at: [fromLattice(WEST + x * SIDE), fromLattice(SOUTH + y * SIDE)],
  x: x * 1000,
  y: -y * 1000,
  metresPerPixel: METRES_PER_PIXEL,
  shift: false,
  alt: false,
  ctrl: false,
  by: "mouse",
  ...more,
});

function open(): { ground: Ground; base: PlanGraph } {
  const ground = createGround();
  const base = baseGraph(ground);
  openEditor(ground, base, base, true);
  return { ground, base };
}

const graphNow = (): PlanGraph => settledGraph(useEditor.getState()) as PlanGraph;
const polygonsOf = (graph: PlanGraph): string =>
  JSON.stringify(graph.cells.keys().map((id) => [id, cellPolygons(graph, id)]));

describe("the boundary desk's editor", () => {
  beforeEach(() => void open());

  it("makes one step of a gesture, however many moves it had, and takes it back to the byte", () => {
    const before = polygonsOf(graphNow());
    const graph = graphNow();
    const node = nearestVertex(graph, MIDDLE, 10);
    expect(node).toBeDefined();
    for (const by of [100, 5000, 9000])
      preview(moveNode(graph, { node: node as NonNullable<typeof node>, to: [MIDDLE[0] - by, MIDDLE[1] - by] }));
    expect(polygonsOf(graphNow())).toBe(before);
    settle("moveNode");
    const after = polygonsOf(graphNow());
    expect(after).not.toBe(before);
    expect(useEditor.getState().touched).toEqual(["a", "b", "c", "d"]);
    undoStep();
    expect(polygonsOf(graphNow())).toBe(before);
    undoStep();
    expect(polygonsOf(graphNow())).toBe(before);
    redoStep();
    expect(polygonsOf(graphNow())).toBe(after);
  });

  it("moves a corner by pointer; both sides' households follow the ground", () => {
    const { ground, base } = open();
    const { tool } = MODES.node;
    expect(tool.down(at(1, 1))).toBe(true);
    tool.move(at(0.95, 0.95));
    tool.up(at(0.9, 0.85, { alt: true }));
    const before = figuresOf(base, ground);
    const moved = updateFigures(before, graphNow());
    const households = ({ meters }: Figures) => ["a", "b", "c", "d"].map((id) => householdsOf(meters.cells.get(id)));
    expect(households(before)).toEqual([400, 350, 310, 320]);
    expect(households(moved)[0]).toBe(370);
    // Only the house of a counted estimate has moved: whose grid it is in now is an estimate, the other is none any more.
    expect(moved.meters.cells.get("a")?.householdsEstimated).toBe(0);
    expect(sumOf(moved, "")).toMatchObject({ householdsEstimated: 30, cameras: 1, openIncidents: 1, staff: 2 });
    expect(householdsOf(sumOf(moved, COMMUNITY))).toBe(1380);
    // Worked out along the way or from scratch, the figures are the same.
    const scratch = figuresOf(graphNow(), ground);
    expect(moved.meters.cells).toEqual(scratch.meters.cells);
    expect(new Map(moved.sums)).toEqual(new Map(scratch.sums));
    expect(sumOf(moved, "")).toEqual(sumMeters(moved.meters));
    expect(sumOf(moved, COMMUNITY)).toEqual(sumMeters(moved.meters, COMMUNITY));
    expect(sortIssues(before, moved)).toEqual(sortIssues(before, scratch));
  });

  it("refuses what would tear, says why and where, and keeps the step before", () => {
    const before = graphNow();
    const { tool } = MODES.node;
    tool.down(at(1, 1));
    tool.move(at(0.5, 2.5, { alt: true }));
    expect(useEditor.getState().refusal?.zh).toMatch(/边界|网格/);
    tool.up(at(0.5, 2.5, { alt: true }));
    expect(graphNow()).toBe(before);
  });

  it("lets Escape drop what the hand holds", () => {
    const before = graphNow();
    const { tool, keys } = MODES.node;
    tool.down(at(1, 1));
    tool.move(at(0.9, 0.9, { alt: true }));
    expect(keys.letGo()).toBe(true);
    tool.up(at(0.8, 0.8));
    expect(graphNow()).toBe(before);
  });

  it("puts a corner into a bare border and takes it out again", () => {
    const { tool } = MODES.node;
    expect(tool.down(at(1, 0.5))).toBe(true);
    tool.move(at(1.1, 0.5, { alt: true }));
    tool.up(at(1.1, 0.5, { alt: true }));
    expect(cellPolygons(graphNow(), "a")[0]?.[0]?.length).toBe(6);
    expect(runOperation("deleteNode")).toBe(true);
    expect(cellPolygons(graphNow(), "a")[0]?.[0]?.length).toBe(5);
  });

  it("cuts by clicks and a double click, the larger part keeps its code and the other takes the next unused one", () => {
    const { tool } = MODES.cut;
    tool.click(at(0.3, -0.001));
    tool.click(at(0.3, 1));
    tool.double(at(0.3, 1));
    const codes = [...graphNow().cells.values()].map(({ code }) => code).sort();
    expect(codes).toEqual([1, 2, 3, 4, 5].map((n) => `${COMMUNITY}00${n}`));
  });

  it("gives a micro-grid the next code of its own grid", () => {
    const ground = createGround();
    const micro = ground.cells.map((cell, n) => ({
      ...cell,
      code: `${COMMUNITY}001-0${n + 1}`,
      kind: "micro" as const,
      name: `第一网格0${n + 1}号微网格`,
    }));
    const base = baseGraph({ ...ground, cells: micro });
    openEditor({ ...ground, cells: micro }, base, base, true);
    MODES.cut.tool.click(at(0.3, 0));
    MODES.cut.tool.click(at(0.3, 1));
    MODES.cut.keys.finish?.();
    expect(graphNow().cells.get("new:1")).toMatchObject({ code: `${COMMUNITY}001-05`, name: "第一网格05号微网格" });
  });

  it("merges only what is chosen, and says what is missing", () => {
    expect(needOf("merge", useEditor.getState())).toBe("twoGrids");
    expect(runOperation("merge")).toBe(false);
    choose("a");
    choose("b", true);
    expect(runOperation("merge")).toBe(true);
    expect(graphNow().cells.keys()).toEqual(["a", "c", "d"]);
    choose("a");
    expect(runOperation("dissolve")).toBe(true);
    expect(graphNow().cells.keys()).toEqual(["c", "d"]);
  });

  it("gives lassoed ground to the grid that was clicked first", () => {
    const { tool } = MODES.lasso;
    tool.click(at(0.5, 0.5));
    expect(useEditor.getState().selected).toEqual(["a"]);
    for (const [x, y] of [
      [0.9, 0.2],
      [1.2, 0.2],
      [1.2, 0.5],
      [0.9, 0.5],
    ] as const)
      tool.click(at(x, y));
    expect(MODES.lasso.keys.finish?.()).toBe(true);
    const { cells } = figuresOf(graphNow(), createGround()).meters;
    expect((cells.get("a")?.areaM2 ?? 0) / (cells.get("c")?.areaM2 ?? 1)).toBeCloseTo(1.06, 2);
  });

  it("draws nothing on a plan that is only looked at", () => {
    const { ground, base } = open();
    openEditor(ground, base, base, false);
    expect(MODES.node.tool.down(at(1, 1))).toBe(false);
    choose("a");
    choose("b", true);
    expect(needOf("merge", useEditor.getState())).toBe("mayNotDraw");
    expect(runOperation("merge")).toBe(false);
  });
});

describe("what a plan changes", () => {
  it("comes back from what was kept: the same ground, names and codes, and no change more", () => {
    const { ground, base } = open();
    MODES.cut.tool.click(at(0.3, 0));
    MODES.cut.tool.click(at(0.3, 1));
    MODES.cut.keys.finish?.();
    choose("c");
    choose("d", true);
    runOperation("merge");
    const kept = new ChangeKeeper(base).of(graphNow());
    expect(kept.map(({ cell, geometry }) => [cell, geometry !== null])).toEqual([
      ["a", true],
      ["c", true],
      ["d", false],
      ["new:1", true],
    ]);
    const again = graphOfChanges(ground, JSON.parse(JSON.stringify(kept)));
    expect(polygonsOf(again)).toBe(polygonsOf(graphNow()));
    expect(new ChangeKeeper(base).of(again)).toEqual(kept);
    expect(again.nextNew).toBe(2);
  });

  it("is nothing once all is undone", () => {
    const { base } = open();
    const keeper = new ChangeKeeper(base);
    choose("a");
    choose("b", true);
    runOperation("merge");
    expect(keeper.of(graphNow()).map(({ cell }) => cell)).toEqual(["a", "b"]);
    undoStep();
    expect(keeper.of(graphNow())).toEqual([]);
  });

  it("is flagged where the figures leave their band, and only there", () => {
    const { ground, base } = open();
    const before = figuresOf(base, ground);
    expect(householdFlags(before, before)).toEqual([]);
    choose("a");
    choose("b", true);
    runOperation("merge");
    expect(householdFlags(before, updateFigures(before, graphNow()))).toEqual([
      { kind: "many", cells: ["a"], name: "第1网格", count: 750 },
    ]);
  });
});

describe("snapping", () => {
  it("prefers a corner, then what is nearest of borders and roads; the moved corner's own borders are not offered", () => {
    const { ground, base } = open();
    const reference = new ReferenceIndex(ground.reference);
    const reach = unitsOf(12 * METRES_PER_PIXEL);
    const place = (x: number, y: number) => [WEST + x * SIDE, SOUTH + y * SIDE] as const;
    expect(snapTo(base, reference, place(1.004, 1.004), reach)).toMatchObject({ kind: "node", at: MIDDLE });
    expect(snapTo(base, reference, place(1.005, 0.5), reach)).toMatchObject({ kind: "border", at: place(1, 0.5) });
    expect(snapTo(base, reference, place(0.5, 1.195), reach)).toMatchObject({ kind: "road", name: "东大街" });
    expect(snapTo(base, reference, place(1.005, 0.5), reach, MIDDLE)).toBeUndefined();
    expect(snapTo(base, reference, place(0.5, 0.5), reach)).toBeUndefined();
  });

  it("leads a border along the part of a road between its ends", () => {
    const road = [0, 1, 2, 3, 4].map((x) => [x * 100, 50] as const);
    expect(alongRoad(road, [110, 0], [290, 0])).toEqual([
      [110, 0],
      [110, 50],
      [200, 50],
      [290, 50],
      [290, 0],
    ]);
    expect(alongRoad(road, [290, 0], [110, 0])).toEqual([
      [290, 0],
      [290, 50],
      [200, 50],
      [110, 50],
      [110, 0],
    ]);
    // A road of two corners far away: the border runs beside it and not to its ends.
    expect(
      alongRoad(
        [
          [-5000, 50],
          [5000, 50],
        ],
        [110, 0],
        [290, 0],
      ),
    ).toEqual([
      [110, 0],
      [110, 50],
      [290, 50],
      [290, 0],
    ]);
  });

  it("measures on the ellipsoid", () => {
    const { lengthM, areaM2 } = measure([
      [WEST, SOUTH],
      [WEST, SOUTH + SIDE],
      [WEST + SIDE, SOUTH + SIDE],
    ]);
    // A hundredth of a degree at 40° N: 1110.4 m north, 853.8 m east (Karney 2013, GeographicLib).
    expect(lengthM).toBeGreaterThan(1963);
    expect(lengthM).toBeLessThan(1965);
    expect(areaM2 / 1e6).toBeCloseTo(0.474, 3);
  });
});
