import { describe, expect, it } from "vitest";
import { cellPolygons } from "../../../data/coverage/plan-graph/cell-polygons.ts";
import { graphOf } from "../../../data/coverage/plan-graph/graph-of.ts";
import { historyOf, now, record, redo, undo } from "../../../data/coverage/plan-graph/history.ts";

import { applyDiff, diffGraphs, restoreGraph, serialiseGraph } from "../../../data/coverage/plan-graph/serialise.ts";
import { Prng } from "../../../data/demo/prng.ts";
import { drawAction, PLAN_DRAWS } from "../../helpers/plan-actions.ts";
import { auditCoverage, auditLinks, groundOf } from "../../helpers/plan-audit.ts";
import { outlineOf, planCoverage } from "../../helpers/plan-coverage.ts";

describe("random edits", () => {
  it("keep the union of cells with no gap and no overlap; undone and redone they are the same bytes", () => {
    const cells = planCoverage({ columns: 14, rows: 13 });
    const opened = graphOf(cells);
    const outline = outlineOf(cells);
    const random = new Prng("plan-properties");
    const ground = groundOf(opened);
    let history = historyOf(opened);
    const outcomes = new Map<string, number>();
    const first = serialiseGraph(opened);
    for (let n = 0; n < 300; n++) {
      const { name, result } = drawAction(now(history), random);
      const outcome = result.ok ? name : `${name} refused`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (!result.ok) continue;
      history = record(history, result.graph, name);
      if (n % 10 > 0) continue;
      expect(auditLinks(result.graph)).toEqual([]);
      expect(groundOf(result.graph)).toBe(ground);
    }
    for (const name of Object.keys(PLAN_DRAWS)) expect(outcomes.get(name) ?? 0, `${name} was done`).toBeGreaterThan(0);
    const last = now(history);
    expect(auditCoverage(last, outline)).toEqual([]);

    const bytes = serialiseGraph(last);
    while (history.done.length > 1) history = undo(history);
    expect(Buffer.compare(serialiseGraph(now(history)), first)).toBe(0);
    while (history.undone.length > 0) history = redo(history);
    expect(Buffer.compare(serialiseGraph(now(history)), bytes)).toBe(0);
    expect(Buffer.compare(serialiseGraph(restoreGraph(bytes)), bytes)).toBe(0);
    const again = applyDiff(opened, JSON.parse(JSON.stringify(diffGraphs(opened, last))));
    for (const id of last.cells.keys()) expect(cellPolygons(again, id)).toEqual(cellPolygons(last, id));
    expect(again.cells.keys()).toEqual(last.cells.keys());
  });
});
