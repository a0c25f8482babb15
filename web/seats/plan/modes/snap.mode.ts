import { rerouteBorder } from "../../../../data/coverage/plan-graph/actions/reroute-border.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { nearestBorder } from "../../../../data/coverage/plan-graph/vertices.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { perform, settledGraph, showSnap, useEditor } from "../state/editor.ts";
import type { ReferenceLine } from "../state/ground.ts";
import { unitsOf } from "../state/snap.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { latticeOf, reachOf } from "./place.ts";

/** Ends of the line lie on the border itself: 10 cm is ample. */
const END_REACH = unitsOf(0.1);

/** Border that was clicked, by its number in the graph that it was clicked in. */
let chosen: { readonly graph: PlanGraph; readonly arc: number } | undefined;

const square = (a: LatticePoint, b: LatticePoint): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;

/** Number of the corner of a line that is nearest to a place. */
function nearestCorner(line: readonly LatticePoint[], place: LatticePoint): number {
  let best = 0;
  for (let i = 1; i < line.length; i++)
    if (square(line[i] as LatticePoint, place) < square(line[best] as LatticePoint, place)) best = i;
  return best;
}

/** A road's corners from nearest a border's begin to nearest its end, with those ends. */
export function alongRoad(road: readonly LatticePoint[], from: LatticePoint, to: LatticePoint): LatticePoint[] {
  const [start, end] = [nearestCorner(road, from), nearestCorner(road, to)];
  const between = start <= end ? road.slice(start, end + 1) : road.slice(end, start + 1).reverse();
  return [from, ...between, to].filter((at, i, all) => i === 0 || square(at, all[i - 1] as LatticePoint) > 0);
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
