import { rerouteBorder } from "../../../../data/coverage/plan-graph/actions/reroute-border.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { nearestBorder } from "../../../../data/coverage/plan-graph/vertices.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { perform, settledGraph, showSnap, useEditor } from "../state/editor.ts";
import type { ReferenceLine } from "../state/ground.ts";
import { narrowing, nearestOnSegment, unitsOf } from "../state/snap.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { latticeOf, reachOf } from "./place.ts";

/** Ends of the line lie on the border itself: 10 cm is ample. */
const END_REACH = unitsOf(0.1);

/** Border that was clicked, by its number in the graph that it was clicked in. */
let chosen: { readonly graph: PlanGraph; readonly arc: number } | undefined;

/** Where a road comes nearest to a place: behind which of its corners, and the point itself. */
function nearestPlace(
  road: readonly LatticePoint[],
  place: LatticePoint,
): { readonly segment: number; readonly at: LatticePoint } {
  const scale = narrowing(place[1]);
  const far = ([x, y]: LatticePoint): number => Math.hypot((x - place[0]) * scale, y - place[1]);
  let best = { segment: 0, at: road[0] as LatticePoint };
  for (let segment = 0; segment + 1 < road.length; segment++) {
    const at = nearestOnSegment(road[segment] as LatticePoint, road[segment + 1] as LatticePoint, place);
    if (far(at) < far(best.at)) best = { segment, at };
  }
  return best;
}

/**
 * A road from where it comes nearest to a border's begin to where it comes nearest to its end, with those ends. A road of few corners
 * runs straight past a border: its corners alone would lead the border far away and back.
 */
export function alongRoad(road: readonly LatticePoint[], from: LatticePoint, to: LatticePoint): LatticePoint[] {
  const [start, end] = [nearestPlace(road, from), nearestPlace(road, to)];
  const forth = start.segment <= end.segment;
  const between = forth
    ? road.slice(start.segment + 1, end.segment + 1)
    : road.slice(end.segment + 1, start.segment + 1).reverse();
  return [from, start.at, ...between, end.at, to].filter(([x, y], i, all) => {
    const last = all[i - 1];
    return x !== last?.[0] || y !== last[1];
  });
}

function arcLine(graph: PlanGraph, arc: number): LatticePoint[] {
  const line = graph.arcs.get(arc)?.line ?? new Int32Array();
  const points: LatticePoint[] = [];
  for (let i = 0; i < line.length; i += 2) points.push([line[i] as number, line[i + 1] as number]);
  return points;
}

function follow(graph: PlanGraph, arc: number, { line }: ReferenceLine): void {
  const own = arcLine(graph, arc);
  const [from, to] = [own[0], own[own.length - 1]];
  if (from && to) perform(rerouteBorder(graph, { line: alongRoad(line, from, to), reach: END_REACH }), "snap");
}

/** First click: a border between two junctions. Second: the road, river or block that it shall follow. */
export const snapMode: Mode = {
  id: "snap",
  key: "s",
  tool: {
    ...IDLE_TOOL,
    cursor: "pointer",
    move: (point: ToolPoint) => {
      const editor = useEditor.getState();
      const graph = settledGraph(editor);
      if (!graph) return;
      if (chosen?.graph === graph) {
        const road = editor.reference.near(latticeOf(point), reachOf(point));
        const guide = arcLine(graph, chosen.arc);
        showSnap(road?.snap ?? { at: guide[0] as LatticePoint, kind: "border", name: null, guide });
        return;
      }
      const border = nearestBorder(graph, latticeOf(point), reachOf(point));
      const guide = border ? arcLine(graph, border.arc) : [];
      const [first] = guide;
      showSnap(first && { at: first, kind: "border", name: null, guide });
    },
    click: (point: ToolPoint) => {
      const editor = useEditor.getState();
      const graph = settledGraph(editor);
      if (!graph || !editor.mayDraw) return;
      if (chosen?.graph !== graph) {
        const border = nearestBorder(graph, latticeOf(point), reachOf(point));
        chosen = border && { graph, arc: border.arc };
        return;
      }
      const road = editor.reference.near(latticeOf(point), reachOf(point));
      if (road) follow(graph, chosen.arc, road.line);
      chosen = undefined;
    },
  },
  keys: {
    letGo: () => {
      const had = chosen !== undefined;
      chosen = undefined;
      showSnap(undefined);
      return had;
    },
  },
};
