import { crossesPixel, side } from "../../noding/exact.ts";
import { segmentsNear } from "../arc-index.ts";
import { holdOf } from "../holds.ts";
import type { LatticePoint } from "../lattice-polygons.ts";
import type { PlanGraph } from "../plan-graph.ts";

/** A line as a hand drew it; a closed one goes on from its last point to its first. */
export interface Drawn {
  readonly points: readonly LatticePoint[];
  readonly closed: boolean;
}

/** Rounds of fitting: each leads the line through points of borders that it crossed, which may make it cross others. */
const ROUNDS = 8;

type Segment = readonly [ax: number, ay: number, bx: number, by: number];

/**
 * Leads a drawn line over borders that must not move through their corners: a crossing rounded to the lattice would bend the
 * border by up to 8 mm, and even one exactly on it would be a corner that the outline, laid down elsewhere, has not.
 */
export function fitDrawn(graph: PlanGraph, drawn: Drawn): Drawn {
  let points = withoutRepeats(drawn.points);
  for (let round = 0; round < ROUNDS; round++) {
    const fitted = withoutRepeats(
      throughHeld(graph, { points: points.map((p) => ontoHeld(graph, p)), closed: drawn.closed }),
    );
    const same =
      fitted.length === points.length && fitted.every(([x, y], i) => x === points[i]?.[0] && y === points[i]?.[1]);
    points = fitted;
    if (same) break;
  }
  return { points, closed: drawn.closed };
}

const withoutRepeats = (points: readonly LatticePoint[]): readonly LatticePoint[] =>
  points.filter(([x, y], i) => i === 0 || x !== points[i - 1]?.[0] || y !== points[i - 1]?.[1]);

/** Calls `visit` with the segments of held borders in a box. */
function eachHeld(
  graph: PlanGraph,
  box: readonly [number, number, number, number],
  visit: (segment: Segment) => void,
): void {
  for (const id of graph.index.near(...box)) {
    const arc = graph.arcs.get(id);
    if (!arc || holdOf(graph, arc) === undefined) continue;
    const { line } = arc;
    segmentsNear(line, ...box, (segment) => {
      const at = segment * 2;
      visit([line[at] as number, line[at + 1] as number, line[at + 2] as number, line[at + 3] as number]);
    });
  }
}

/** The point itself, or, when noding would give a held segment a corner there, the nearer end of that segment. */
function ontoHeld(graph: PlanGraph, point: LatticePoint): LatticePoint {
  const [x, y] = point;
  let moved = point;
  eachHeld(graph, [x - 1, y - 1, x + 1, y + 1], (segment) => {
    const [ax, ay, bx, by] = segment;
    if ((x === ax && y === ay) || (x === bx && y === by) || !crossesPixel(ax, ay, bx, by, x, y)) return;
    moved = nearerEnd(segment, shareAlong(segment, x, y));
  });
  return moved;
}

const shareAlong = ([ax, ay, bx, by]: Segment, x: number, y: number): number =>
  ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);

/** The end of a segment that is nearer to a share of its length. */
const nearerEnd = ([ax, ay, bx, by]: Segment, share: number): LatticePoint => (share < 0.5 ? [ax, ay] : [bx, by]);

function throughHeld(graph: PlanGraph, { points, closed }: Drawn): LatticePoint[] {
  const out: LatticePoint[] = [];
  points.forEach(([ax, ay], i) => {
    out.push([ax, ay]);
    if (i + 1 === points.length && !closed) return;
    const [bx, by] = points[(i + 1) % points.length] as LatticePoint;
    const found: { readonly share: number; readonly at: LatticePoint }[] = [];
    const box = [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)] as const;
    eachHeld(graph, box, (segment) => {
      const [cx, cy, dx, dy] = segment;
      const [c, d] = [side(ax, ay, bx, by, cx, cy), side(ax, ay, bx, by, dx, dy)];
      const [a, b] = [side(cx, cy, dx, dy, ax, ay), side(cx, cy, dx, dy, bx, by)];
      if (c * d >= 0 || a * b >= 0) return;
      const across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
      const share = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across;
      const along = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / across;
      found.push({ share, at: nearerEnd(segment, along) });
    });
    found.sort((p, q) => p.share - q.share);
    for (const { at } of found) out.push(at);
  });
  return out;
}
