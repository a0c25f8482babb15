import { paintGround } from "../../../../data/coverage/plan-graph/actions/paint.ts";
import { toLatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { LonLat, MultiPolygonRings, Ring } from "../../../../data/model/geometry.ts";
import type { ToolPoint } from "../../../map/map-tool.ts";
import { choose, hover, perform, settledGraph, showSnap, useEditor } from "../state/editor.ts";
import type { GroundBlock } from "../state/ground.ts";
import { IDLE_TOOL, type Mode } from "./mode.ts";
import { gridAt } from "./select.mode.ts";

/** Even–odd: whether a point lies in a ring. */
function inRing(ring: Ring, [x, y]: LonLat): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax, ay] = ring[i] as LonLat;
    const [bx, by] = ring[j] as LonLat;
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
  }
  return inside;
}

const inPolygons = (polygons: MultiPolygonRings, at: LonLat): boolean =>
  polygons.some((rings) => rings.filter((ring) => inRing(ring, at)).length % 2 === 1);

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
