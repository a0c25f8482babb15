import { deleteNode, insertNode } from "../../../../data/coverage/plan-graph/actions/edit-nodes.ts";
import { moveNode } from "../../../../data/coverage/plan-graph/actions/move-node.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { nearestBorder, nearestVertex, type VertexRef } from "../../../../data/coverage/plan-graph/vertices.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { chooseCorner, drop, perform, preview, settle, settledGraph, showSnap, useEditor } from "../state/editor.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { latticeOf, reachOf, snapped } from "./place.ts";

/** What the hand holds: a corner of the graph that the gesture began with. */
interface Held {
  readonly graph: PlanGraph;
  readonly node: VertexRef;
  readonly from: LatticePoint;
  /** What the gesture is called in the history. */
  readonly did: "moveNode" | "insertNode";
}

let held: Held | undefined;

function take(point: ToolPoint): boolean {
  const editor = useEditor.getState();
  const graph = settledGraph(editor);
  if (!graph || !editor.mayDraw) return false;
  const place = latticeOf(point);
  const near = nearestVertex(graph, place, reachOf(point));
  if (near) held = { graph, node: near, from: near.at, did: "moveNode" };
  else held = inserted(graph, place, reachOf(point));
  if (held) chooseCorner(held.from);
  return held !== undefined;
}

/** A border where it has no corner: it gets one, which the hand holds. */
function inserted(graph: PlanGraph, place: LatticePoint, reach: number): Held | undefined {
  const border = nearestBorder(graph, place, reach);
  if (!border) return undefined;
  const { arc, segment, x, y } = border;
  const at: LatticePoint = [Math.round(x), Math.round(y)];
  const result = insertNode(graph, { arc, segment, at });
  // A border that must not move says so at once, where it was pressed.
  if (!result.ok) {
    preview(result);
    return undefined;
  }
  return { graph: result.graph, node: { arc, vertex: segment + 1 }, from: at, did: "insertNode" };
}

function drag(point: ToolPoint): void {
  if (!held) {
    const graph = settledGraph(useEditor.getState());
    const near = graph && nearestVertex(graph, latticeOf(point), reachOf(point));
    showSnap(near && { at: near.at, kind: "corner", name: null, guide: [near.at] });
    return;
  }
  const { at, snap } = snapped(point, held.from);
  showSnap(snap);
  const result = moveNode(held.graph, { node: held.node, to: at });
  preview(result);
  if (result.ok) chooseCorner(at);
}

/** Ends the gesture: what was shown last becomes a step. */
function release(): void {
  const did = held?.did ?? "moveNode";
  held = undefined;
  settle(did);
}

/** Takes the chosen corner out. */
export function removeCorner(): boolean {
  const editor = useEditor.getState();
  const graph = settledGraph(editor);
  if (!graph || !editor.corner || !editor.mayDraw) return false;
  const node = nearestVertex(graph, editor.corner, 1);
  if (node && perform(deleteNode(graph, { node }), "deleteNode")) chooseCorner(undefined);
  return true;
}

function letGo(): boolean {
  const had = held !== undefined || useEditor.getState().corner !== undefined;
  if (held) drop();
  held = undefined;
  chooseCorner(undefined);
  return had;
}

/** Moves corners, and puts one in where a border has none: both neighbours, or all that meet there, come along. */
export const nodeMode: Mode = {
  id: "node",
  key: "n",
  tool: {
    ...IDLE_TOOL,
    space: "hold",
    cursor: "crosshair",
    down: take,
    move: drag,
    up: (point) => {
      drag(point);
      release();
    },
    cancel: () => {
      if (held) drop();
      held = undefined;
    },
    click: (point) => {
      const graph = settledGraph(useEditor.getState());
      chooseCorner(graph && nearestVertex(graph, latticeOf(point), reachOf(point))?.at);
    },
  },
  keys: { letGo },
};
