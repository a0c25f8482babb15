import { useEffect, useMemo } from "react";
import { CUT_FROM_ZOOM } from "../../data/columns/marks.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { useView } from "../app/view-state.ts";
import { homesFrom } from "../layers/heat/homes.ts";
import { showsAllClosed } from "../layers/incidents/shown-closed.ts";
import { shownLayers } from "../layers/registry.ts";
import { setPlaneHomes } from "../plane/plane.ts";
import { usePlaneAnswer } from "../plane/use-answer.ts";
import { usePlane } from "../plane/use-plane.ts";
import { type AreaIndex, closestKnown } from "./area-index.ts";
import type { Scene, SceneCases, SceneData } from "./scene.ts";

const WORLD: Bbox = [-180, -90, 180, 90];

/** Asks the page's worker for what the layers on screen draw of the cases. */
export function useSceneCases(
  view: Scene["view"],
  { buildings }: SceneData,
  index: AreaIndex,
  zoom: number,
  bounds: Bbox,
): SceneCases {
  const layers = shownLayers(view.layers, view.area);
  const allEnded = useView((now) => showsAllClosed(now.filters));
  const classes = usePlane((plane) => plane.columns?.classes);
  const grids = usePlane((plane) => plane.columns?.grids);
  const marks = usePlaneAnswer<"marks">(
    layers.includes("incidents")
      ? {
          kind: "marks",
          zoom,
          // From afar groups must not depend on the window, nor be asked for again when it moves.
          bounds: zoom >= CUT_FROM_ZOOM ? bounds : WORLD,
          chosen: view.incidentRef,
          allEnded,
        }
      : undefined,
  );
  const home = closestKnown(index, view.area);
  const bbox = home && index.bboxes.get(home.code);
  const homesHere = view.heatPer === "km2" || buildings !== undefined;
  const heat = usePlaneAnswer<"heat">(
    layers.includes("heat") && bbox && homesHere
      ? { kind: "heat", bbox, mode: view.heatMode, per: view.heatPer }
      : undefined,
  );
  const wantsHomes = layers.includes("heat") && view.heatPer === "households";
  const county = usePlane((plane) => plane.county);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a worker for another county has no homes yet
  useEffect(() => {
    if (wantsHomes && buildings) setPlaneHomes(homesFrom(buildings, index));
  }, [wantsHomes, buildings, index, county]);
  const chosen = usePlaneAnswer<"case">(
    view.incidentRef === undefined ? undefined : { kind: "case", ref: view.incidentRef },
  );
  // The answer to another choice stays until this one is answered: it is not this one.
  const isChosen = chosen?.value?.ref === view.incidentRef;
  return useMemo(
    () => ({
      dictionaries: classes && grids && { classes, grids },
      marks: marks?.value,
      // What was answered for another unit or another way to draw would be read wrong.
      heat: heat?.value?.mode === view.heatMode && heat.value.per === view.heatPer ? heat.value : undefined,
      chosen: isChosen ? chosen?.value : undefined,
    }),
    [classes, grids, marks, heat, view.heatMode, view.heatPer, isChosen, chosen],
  );
}
