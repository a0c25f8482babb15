import { create } from "zustand";
import { type EditorState, settledGraph, shownGraph, useEditor } from "./editor.ts";
import { type Figures, figuresOf, updateFigures } from "./figures.ts";

/** Figures of the boundaries in force, of the last step and of what is on screen. */
export interface PlanFigures {
  readonly base: Figures;
  readonly settled: Figures;
  readonly shown: Figures;
}

/** Figures of the open plan; undefined before one is open. A store, so that a moving hand renders only what shows them. */
export const useFigures = create<{ readonly figures: PlanFigures | undefined }>(() => ({ figures: undefined }));

/** Figures of the editor's graphs, from those of the graphs before. */
function follow(editor: EditorState, known: PlanFigures | undefined): PlanFigures | undefined {
  const { ground, base: baseGraph } = editor;
  const [settledNow, shownNow] = [settledGraph(editor), shownGraph(editor)];
  if (!ground || !baseGraph || !settledNow || !shownNow) return undefined;
  const isOpen = known?.base.graph === baseGraph && known.base.meters.points === ground.points;
  const base = isOpen ? known.base : figuresOf(baseGraph, ground);
  const before = isOpen ? known.settled : base;
  // A graph that was built anew (a plan opened again) shares nothing with the one before: it is worked out whole.
  const settled = sharesHistory(before, settledNow) ? updateFigures(before, settledNow) : figuresOf(settledNow, ground);
  const shown =
    isOpen && settled === known.settled && known.shown.graph === shownNow
      ? known.shown
      : updateFigures(settled, shownNow);
  if (isOpen && known.settled === settled && known.shown === shown) return known;
  return { base, settled, shown };
}

/**
 * Keeps the figures with the editor's graphs.
 *
 * @returns stops keeping them
 */
export function keepFigures(): () => void {
  const keep = (editor: EditorState): void => {
    const known = useFigures.getState().figures;
    const figures = follow(editor, known);
    if (figures !== known) useFigures.setState({ figures });
  };
  keep(useEditor.getState());
  const stop = useEditor.subscribe(keep);
  return () => {
    stop();
    useFigures.setState({ figures: undefined });
  };
}

/**
 * Whether two graphs came from one by edits, so that one's figures follow from the other's: an edit leaves arcs as they are,
 * graphs built apart have none in common. Where an edit left none, everything is worked out again, which is little then.
 */
function sharesHistory({ graph }: Figures, other: Figures["graph"]): boolean {
  if (graph === other) return true;
  for (let arc = 0; arc < graph.arcs.length; arc++) {
    const own = graph.arcs.get(arc);
    if (own && own === other.arcs.get(arc)) return true;
  }
  return false;
}
