import { describe, expect, it } from "vitest";
import { SHIPPED_WORKFLOWS } from "../../data/workflow/workflows/registry.ts";
import { BOX_HEIGHT, BOX_WIDTH, layoutWorkflow } from "../../web/seats/admin/workflow-layout.ts";

describe.each(SHIPPED_WORKFLOWS.map((workflow) => [workflow.key, workflow] as const))(
  "the drawing of %s",
  (_, workflow) => {
    const { boxes, arrows, width, height } = layoutWorkflow(workflow.steps, workflow.transitions);
    const at = new Map(boxes.map((box) => [box.key, box]));

    it("has every step once, none upon another, all inside", () => {
      expect(boxes.map(({ key }) => key).sort()).toEqual(workflow.steps.map(({ key }) => key).sort());
      for (const [i, a] of boxes.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + BOX_WIDTH <= width && a.y + BOX_HEIGHT <= height, a.key).toBe(true);
        for (const b of boxes.slice(i + 1))
          expect(Math.abs(a.x - b.x) >= BOX_WIDTH || Math.abs(a.y - b.y) >= BOX_HEIGHT, `${a.key} ${b.key}`).toBe(true);
      }
    });
    it("has every way as an arrow; main ways lead to the right, arcs stay inside", () => {
      expect(arrows).toHaveLength(workflow.transitions.length);
      for (const { from, to, side, path } of arrows) {
        const [a, b] = [at.get(from), at.get(to)];
        if (!side) expect((b?.x ?? 0) > (a?.x ?? 0), `${from} → ${to}`).toBe(true);
        const numbers = path.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
        expect(numbers.every(Number.isFinite)).toBe(true);
        // The highest point of such a curve lies three quarters of the way to its handles.
        const [, y0 = 0, , y1 = y0] = numbers;
        expect(y0 + (y1 - y0) * 0.75, `${from} → ${to}`).toBeGreaterThanOrEqual(0);
      }
    });
  },
);
