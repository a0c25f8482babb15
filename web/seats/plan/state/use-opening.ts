import { useEffect, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { graphOf } from "../../../../data/coverage/plan-graph/graph-of.ts";
import { toLatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { may } from "../../../app/viewer.ts";
import type { CountyPart } from "../../../data/county-data.ts";
import { needParts, useCountyData } from "../../../data/county-store.ts";
import { usePlane } from "../../../plane/use-plane.ts";
import { closeEditor, openEditor } from "./editor.ts";
import type { Ground } from "./ground.ts";
import { groundOf } from "./load-ground.ts";

/** Parts of the county that a plan is drawn on; those that the viewer may not read are done without. */
const PARTS: readonly CountyPart[] = ["buildings", "cameras", "context", "compounds"];

/** The boundaries in force as a graph. */
export const baseGraph = (ground: Ground): PlanGraph =>
  graphOf(ground.cells.map((cell) => ({ ...cell, geometry: toLatticePolygons(cell.geometry) })));

/**
 * Opens the plan of an area as soon as what it needs is here, and closes it with the page.
 *
 * @param scope code of the area; undefined = none
 */
export function useOpening(scope: string | undefined): void {
  const data = useCountyData(useShallow((county) => county));
  const cases = usePlane((plane) => (plane.status === "ready" && !plane.more ? plane.columns : undefined));
  const wantsCases = may("incident");
  useEffect(() => {
    if (scope && data.county) needParts(PARTS);
  }, [scope, data.county]);
  const settledParts = PARTS.every((part) => data.states[part] === "ready" || data.states[part] === "idle");
  const ready = data.states.areas === "ready" && settledParts && (!wantsCases || cases !== undefined);
  // The ground of a plan does not move under the hand: what changes meanwhile is seen when it is opened again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: on purpose taken once
  const ground = useMemo(() => (scope && ready ? groundOf(scope, data, cases) : undefined), [scope, ready]);
  useEffect(() => {
    if (!ground) return;
    const base = baseGraph(ground);
    openEditor(ground, base, base, true);
    return closeEditor;
  }, [ground]);
}
