import { paintGround } from "../../../../data/coverage/plan-graph/actions/paint.ts";
import { toLatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { choose, hover, perform, settledGraph, showSnap, useEditor } from "../state/editor.ts";
import type { GroundBlock } from "../state/ground.ts";
import { inPolygons } from "../state/in-polygons.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { gridAt } from "./select.mode.ts";

/** The compound or block under the pointer. */
const blockAt = ({ at }: ToolPoint): GroundBlock | undefined =>
  useEditor.getState().ground?.blocks.find(({ geometry }) => inPolygons(geometry, at));

/** Hands a whole compound or street block to the grid that is chosen. */
export const blockMode: Mode = {
  id: "block",
  key: "b",
  tool: {
    ...IDLE_TOOL,
    cursor: "pointer",
    move: (point) => {
      hover(gridAt(point));
      const rim = blockAt(point)?.geometry[0]?.[0];
      const guide = rim ? (toLatticePolygons([[rim]])[0]?.[0] ?? []) : [];
      const [first] = guide;
      showSnap(first && { at: first, kind: "block", name: null, guide });
    },
    click: (point) => {
      const editor = useEditor.getState();
      const graph = settledGraph(editor);
      if (!graph || !editor.mayDraw) return;
      const [to] = editor.selected;
      const block = blockAt(point);
      if (to === undefined || !block) choose(gridAt(point));
      else perform(paintGround(graph, { polygons: toLatticePolygons(block.geometry), to }), "block");
    },
  },
  keys: {
    letGo: () => {
      const any = useEditor.getState().selected.length > 0;
      choose(undefined);
      return any;
    },
  },
};
