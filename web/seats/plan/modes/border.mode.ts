import { dragBorder } from "../../../../data/coverage/plan-graph/actions/drag-border.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { nearestVertex, type VertexRef } from "../../../../data/coverage/plan-graph/vertices.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { drop, preview, settle, settledGraph, showSnap, useEditor } from "../state/editor.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { latticeOf, reachOf } from "./place.ts";

/** How far along the border corners come along, CSS pixels on screen: what lies near the hand moves with it. */
const ALONG_PX = 90;

interface Held {
  readonly graph: PlanGraph;
  readonly grip: VertexRef;
  readonly from: LatticePoint;
  readonly reachM: number;
}

let held: Held | undefined;

function drag(point: ToolPoint): void {
  const place = latticeOf(point);
  if (!held) {
    const graph = settledGraph(useEditor.getState());
    const near = graph && nearestVertex(graph, place, reachOf(point) * 2);
    showSnap(near && { at: near.at, kind: "border", name: null, guide: [near.at] });
    return;
  }
  const by: LatticePoint = [place[0] - held.from[0], place[1] - held.from[1]];
  const { graph, grip, reachM } = held;
  preview(dragBorder(graph, { grip, by, reachM, manner: point.shift ? "rigid" : "soft" }));
}

/** Drags a stretch of border as a whole: less and less with the distance, with Shift all of it alike. */
export const borderMode: Mode = {
  id: "border",
  key: "d",
  tool: {
    ...IDLE_TOOL,
    space: "hold",
    cursor: "grab",
    down: (point) => {
      const editor = useEditor.getState();
      const graph = settledGraph(editor);
      const grip = graph && editor.mayDraw && nearestVertex(graph, latticeOf(point), reachOf(point) * 2);
      if (!graph || !grip) return false;
      held = { graph, grip, from: latticeOf(point), reachM: ALONG_PX * point.metresPerPixel };
      return true;
    },
    move: drag,
    up: (point) => {
      drag(point);
      held = undefined;
      settle("border");
    },
    cancel: () => {
      if (held) drop();
      held = undefined;
    },
  },
  keys: {
    letGo: () => {
      const had = held !== undefined;
      if (had) drop();
      held = undefined;
      return had;
    },
  },
};
