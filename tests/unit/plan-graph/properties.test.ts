import { describe, expect, it } from "vitest";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import { fromLatticePolygons } from "../../../data/coverage/plan-graph/lattice-polygons.ts";
import { Prng } from "../../../data/demo/prng.ts";
import { drawAction } from "../../helpers/plan-actions.ts";
import { auditCoverage, auditLinks, groundOf } from "../../helpers/plan-audit.ts";
import { planCoverage } from "../../helpers/plan-coverage.ts";

describe("random edits", () => {
  it("keep the union of cells, with no gap and no overlap", () => {
    const cells = planCoverage({ columns: 14, rows: 13 });
    const whole = graphOf(cells.map((cell) => ({ ...cell, id: cell.id })));
    const outline = fromLatticePolygons(
      cellPolygons(
        graphOf([
          { id: "all", code: null, kind: "county", name: "all", geometry: cells.flatMap(({ geometry }) => geometry) },
        ]),
        "all",
      ),
    );
    const random = new Prng("plan-properties");
    const ground = groundOf(whole);
    let graph = whole;
    const counts: Record<string, number> = {};
    for (let n = 0; n < 300; n++) {
      const { name, result } = drawAction(graph, random);
      const key = result.ok ? `${name} done` : `${name} ${result.refusal.kind}`;
      counts[key] = (counts[key] ?? 0) + 1;
      if (!result.ok) continue;
      const before = graph;
      graph = result.graph;
      const faults = auditLinks(graph);
      if (faults.length > 0) throw new Error(`${n} ${name}: ${faults.slice(0, 5).join("; ")} ${before.nextNew}`);
      expect(groundOf(graph)).toBe(ground);
    }
    console.log(counts, graph.cells.size);
    expect(auditCoverage(graph, outline)).toEqual([]);
  });
});
