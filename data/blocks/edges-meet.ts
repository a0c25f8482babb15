import { LatticeGrid } from "../coverage/noding/lattice-grid.ts";
import { segmentsMeet } from "../coverage/plan-graph/segments-meet.ts";
import type { BlockBorders } from "./block-borders.ts";

/** True when any two edges meet elsewhere than at a common end. Exact. */
export function anyEdgesMeet({ xs, ys, from, to }: Pick<BlockBorders, "xs" | "ys" | "from" | "to">): boolean {
  const grid = new LatticeGrid(from.length, (edge, box) => {
    const [a, b] = [from[edge] as number, to[edge] as number];
    const [ax, ay, bx, by] = [xs[a] as number, ys[a] as number, xs[b] as number, ys[b] as number];
    box[0] = Math.min(ax, bx);
    box[1] = Math.min(ay, by);
    box[2] = Math.max(ax, bx);
    box[3] = Math.max(ay, by);
  });
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++) {
      const cell = grid.cell(column, row);
      for (let i = 1; i < cell.length; i++) {
        const one = cell[i] as number;
        const [a, b] = [from[one] as number, to[one] as number];
        const [ax, ay, bx, by] = [xs[a] as number, ys[a] as number, xs[b] as number, ys[b] as number];
        for (let j = 0; j < i; j++) {
          const other = cell[j] as number;
          const [c, d] = [from[other] as number, to[other] as number];
          const [cx, cy, dx, dy] = [xs[c] as number, ys[c] as number, xs[d] as number, ys[d] as number];
          // Most edges of a cell lie apart: that is seen here, without a call.
          if ((cx > ax && cx > bx && dx > ax && dx > bx) || (cx < ax && cx < bx && dx < ax && dx < bx)) continue;
          if ((cy > ay && cy > by && dy > ay && dy > by) || (cy < ay && cy < by && dy < ay && dy < by)) continue;
          if (segmentsMeet(ax, ay, bx, by, cx, cy, dx, dy)) return true;
        }
      }
    }
  return false;
}
