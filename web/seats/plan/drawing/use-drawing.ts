import { useEffect, useMemo } from "react";
import { useMapState } from "../../../map/map-state.ts";
import { useMapTool } from "../../../map/map-tool.ts";
import { MODES } from "../modes/registry.ts";
import { bandOf } from "../state/band.ts";
import { useEditor } from "../state/editor.ts";
import type { PlanMeters } from "../state/use-meters.ts";
import { type Look, PlanDrawing } from "./plan-drawing.ts";

/** Lends the map the plan's drawing and the mode's tool for as long as the page stands. */
export function useDrawing(meters: PlanMeters | undefined, named: (households: number) => string): void {
  const scene = useMapState((map) => map.scene);
  const mode = useEditor((editor) => editor.mode);
  const drawing = useMemo(() => new PlanDrawing(), []);
  const shown = meters?.shown;
  const settled = meters?.settled;
  const figure = useMemo(() => (id: string) => named(settled?.get(id)?.households ?? 0), [settled, named]);
  const look = useMemo(
    (): Look | undefined =>
      scene && {
        palette: scene.palette,
        scale: scene.scale,
        zoom: scene.zoom,
        bounds: scene.bounds,
        band: (id) => {
          return shown && bandOf(shown.householdsOfGrid(id));
        },
        figure,
      },
    [scene, shown, figure],
  );
  useEffect(() => {
    if (!look) return;
    const show = (): void => useMapTool.setState({ guest: drawing.draw(useEditor.getState(), look) });
    show();
    return useEditor.subscribe(show);
  }, [drawing, look]);
  useEffect(() => {
    useMapTool.setState({ tool: MODES[mode].tool });
  }, [mode]);
  useEffect(() => () => useMapTool.setState({ tool: undefined, guest: undefined }), []);
}
