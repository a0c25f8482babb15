import { describe, expect, it } from "vitest";
import { repairIssue } from "../../../data/coverage/plan-graph/actions/repair-issue.ts";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import { fromLatticePolygons, type LatticePoint } from "../../../data/coverage/plan-graph/lattice-polygons.ts";
import { type MeteredPlace, MeteredPoints } from "../../../data/coverage/plan-graph/metered-points.ts";
import { metersOf, sumMeters, updateMeters } from "../../../data/coverage/plan-graph/meters.ts";
import { checkPlan, issuesOf, updateChecks } from "../../../data/coverage/plan-graph/plan-checks.ts";
import { Prng } from "../../../data/demo/prng.ts";
import { areaM2 } from "../../../data/geo/measure.ts";
import { drawAction } from "../../helpers/plan-actions.ts";
import { outlineOf, planCoverage, planPlaces } from "../../helpers/plan-coverage.ts";

const SHAPE = { columns: 8, rows: 8 };

describe("meters and checks", () => {
  it("are the same after 150 edits as worked out from scratch, and count every household once", () => {
    const cells = planCoverage(SHAPE);
    const points = new MeteredPoints(planPlaces(SHAPE, 3_000));
    const random = new Prng("plan-meters");
    let graph = graphOf(cells);
    let meters = metersOf(graph, points);
    let checks = checkPlan(graph);
    const whole = sumMeters(meters);
    expect(whole.householdsExact + whole.householdsEstimated).toBeGreaterThan(10_000);
    expect(whole.areaM2).toBeCloseTo(areaM2(outlineOf(cells)), 0);
    let found = 0;
    for (let n = 0; n < 150; n++) {
      const { result } = drawAction(graph, random);
      if (!result.ok) continue;
      graph = result.graph;
      meters = updateMeters(meters, graph);
      checks = updateChecks(checks, graph);
      if (n % 15 > 0) continue;
      const again = metersOf(graph, points);
      expect(meters.cells).toEqual(again.cells);
      const { cells: count, apart, areaM2: area, ...sums } = sumMeters(meters);
      expect(whole).toMatchObject(sums);
      expect(area).toBeCloseTo(whole.areaM2, 0);
      expect(count).toBe(graph.cells.size);
      const issues = issuesOf(checks);
      expect(issues).toEqual(issuesOf(checkPlan(graph)));
      found += issues.length + apart;
    }
    expect(found).toBeGreaterThan(0);
  });

  it("measure a cell as its polygons say, with estimates apart from exact counts", () => {
    const graph = graphOf(planCoverage({ columns: 2, rows: 1, enclaveEvery: 0 }));
    const place = ([x, y]: LatticePoint): MeteredPlace["place"] => [x / 1e7, y / 1e7];
    const middle: LatticePoint = [1_126_015_000, 400_015_000];
    const points = new MeteredPoints([
      { place: place(middle), households: 30, exact: true, cameras: 2 },
      { place: place(middle), households: 12, openIncidents: 4, staff: 1 },
      { place: [0, 0], households: 99, exact: true },
    ]);
    const meter = metersOf(graph, points).cells.get("c0-0");
    expect(meter).toMatchObject({
      householdsExact: 30,
      householdsEstimated: 12,
      cameras: 2,
      openIncidents: 4,
      staff: 1,
      parts: 1,
    });
    expect(meter?.areaM2).toBeCloseTo(areaM2(fromLatticePolygons(cellPolygons(graph, "c0-0"))), 1);
    expect(meter?.compactness).toBeGreaterThan(0.5);
    expect(meter?.compactness).toBeLessThan(Math.PI / 4 + 0.1);
  });
});

describe("checks of a drawn layer", () => {
  const box = (west: number, south: number, east: number, north: number): LatticePoint[] =>
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ].map(([x = 0, y = 0]) => [1_126_000_000 + x, 400_000_000 + y]);
  const cell = (id: string, ...rings: LatticePoint[][]) => ({
    id,
    code: null,
    kind: "basic" as const,
    name: id,
    geometry: rings.map((ring) => [ring]),
  });

  it("names gaps, overlaps and parts with their fixes, and a fix removes the issue", () => {
    let graph = graphOf([
      cell("a", box(0, 0, 10_000, 30_000)),
      cell("b", box(20_000, 0, 30_000, 30_000)),
      // c leaves the middle free and overlaps d; a part of e lies in d.
      cell("c", box(10_000, 0, 20_000, 12_000)),
      cell("d", box(10_000, 18_000, 20_000, 30_000)),
      cell("e", box(30_000, 0, 40_000, 30_000), box(12_000, 20_000, 14_000, 22_000)),
      cell("f", box(10_000, 11_000, 20_000, 12_000)),
    ]);
    const kinds = (): string[] => issuesOf(checkPlan(graph)).map(({ kind }) => kind);
    expect(kinds()).toEqual(["enclave", "gap", "overlap", "overlap"]);
    for (let round = 0; round < 4; round++) {
      const issue = issuesOf(checkPlan(graph)).find(({ fixes }) => fixes.length > 0);
      const fix = issue?.fixes[0];
      if (!fix) break;
      const repaired = repairIssue(graph, fix);
      expect(repaired.ok).toBe(true);
      if (repaired.ok) graph = repaired.graph;
    }
    expect(kinds()).toEqual([]);
  });
});
