import { useEffect, useMemo } from "react";
import { useMapState } from "../../../map/map-state.ts";
import { useMapTool } from "../../../map/map-tool.ts";
import { MODES } from "../modes/registry.ts";
import { withSticky } from "../modes/sticky.ts";
import { withProposal } from "../propose/proposal-layers.ts";
import { useProposal } from "../propose/proposal-store.ts";
import { useConflicts } from "../state/conflicts.ts";
import { useEditor } from "../state/editor.ts";
import { householdsOf } from "../state/figures.ts";
import { useFigures } from "../state/keep-figures.ts";
import { usePins } from "../state/pins.ts";
import { usePresence } from "../state/presence.ts";
import { type Look, PlanDrawing } from "./plan-drawing.ts";

/** Lends the map the plan's drawing and the mode's tool for as long as the page stands. */
export function useDrawing(named: (households: number, estimated: boolean) => string): void {
  const scene = useMapState((map) => map.scene);
  const mode = useEditor((editor) => editor.mode);
  const drawing = useMemo(() => new PlanDrawing(), []);
  const settled = useFigures(({ figures }) => figures?.settled);
  const known = useEditor((editor) => editor.ground?.householdsKnown ?? false);
  const others = usePresence((state) => state.others);
  const held = useMemo(() => new Map(others.flatMap(({ name, cells }) => cells.map((id) => [id, name]))), [others]);
  const pins = usePins((state) => state.pins);
  const nextPin = usePins((state) => state.next);
  const question = useConflicts((state) => state.question);
  const conflicts = useMemo(() => question?.conflicts.flatMap(({ where }) => (where ? [where] : [])) ?? [], [question]);
  const figure = useMemo(
    () => (id: string) => {
      const meter = settled?.meters.cells.get(id);
      const text = known ? named(householdsOf(meter), (meter?.householdsEstimated ?? 0) > 0) : "";
      const holder = held.get(id);
      return holder ? `${text} ✎${holder}` : text;
    },
    [settled, named, known, held],
  );
  const look = useMemo(
    (): Look | undefined =>
      scene && {
        palette: scene.palette,
        scale: scene.scale,
        zoom: scene.zoom,
        bounds: scene.bounds,
        ...{ figure, held, pins, nextPin, conflicts },
      },
    [scene, figure, held, pins, nextPin, conflicts],
  );
  useEffect(() => {
    if (!look) return;
    let isStopped = false;
    let isWaiting = false;
    const show = (): void => {
      isWaiting = false;
      const { figures } = useFigures.getState();
      if (isStopped) return;
      const guest = figures && drawing.draw(useEditor.getState(), look, figures);
      useMapTool.setState({ guest: withProposal(guest, look.palette) });
    };
    // What one event of the pointer changes in several steps is drawn once, before the next frame.
    const soon = (): void => {
      if (!isWaiting) queueMicrotask(show);
      isWaiting = true;
    };
    show();
    const stops = [useEditor.subscribe(soon), useProposal.subscribe(soon)];
    return () => {
      isStopped = true;
      for (const stop of stops) stop();
    };
  }, [drawing, look]);
  useEffect(() => {
    useMapTool.setState({ tool: withSticky(MODES[mode].tool) });
  }, [mode]);
  useEffect(() => () => useMapTool.setState({ tool: undefined, guest: undefined }), []);
}
