import { rerouteBorder } from "../../../../data/coverage/plan-graph/actions/reroute-border.ts";
import { perform, settledGraph, useEditor } from "../state/editor.ts";
import { unitsOf } from "../state/snap.ts";
import { lineMode } from "./line-mode.ts";

/** How far the ends of the line may be from the border, CSS pixels. */
const END_REACH_PX = 14;

/** Leads a border along a drawn line, from border to border. */
export const rerouteMode = lineMode({
  id: "reroute",
  key: "r",
  closed: false,
  snaps: true,
  onDone: (line, metresPerPixel) => {
    const graph = settledGraph(useEditor.getState());
    if (graph) perform(rerouteBorder(graph, { line, reach: unitsOf(END_REACH_PX * metresPerPixel) }), "reroute");
  },
});
