import { useMemo, useRef } from "react";
import { settledGraph, shownGraph, useEditor } from "./editor.ts";
import { type Figures, figuresOf, updateFigures } from "./figures.ts";

/** Figures of the boundaries in force, of the last step and of what is on screen. */
export interface PlanFigures {
  readonly base: Figures;
  readonly settled: Figures;
  readonly shown: Figures;
}

/** Keeps the figures with the graphs; undefined before a plan is open. */
export function usePlanFigures(): PlanFigures | undefined {
  const ground = useEditor((editor) => editor.ground);
  const baseGraph = useEditor((editor) => editor.base);
  const settledNow = useEditor(settledGraph);
  const shownNow = useEditor(shownGraph);
  const base = useMemo(() => (ground && baseGraph ? figuresOf(baseGraph, ground) : undefined), [ground, baseGraph]);
  const last = useRef<{ readonly base: Figures; readonly figures: Figures } | undefined>(undefined);
  const settled = useMemo(() => {
    if (!base || !ground || !settledNow) return undefined;
    const known = last.current?.base === base ? last.current.figures : base;
    // A graph that was built anew (a plan opened again) shares nothing with the one before: it is worked out whole.
    const figures = sharesHistory(known, settledNow) ? updateFigures(known, settledNow) : figuresOf(settledNow, ground);
    last.current = { base, figures };
    return figures;
  }, [base, ground, settledNow]);
  const shown = useMemo(
    () => (settled && shownNow ? updateFigures(settled, shownNow) : undefined),
    [settled, shownNow],
  );
  return base && settled && shown ? { base, settled, shown } : undefined;
}

/**
 * Whether two graphs came from one by edits, so that one's figures follow from the other's: an edit leaves arcs as they are,
 * graphs built apart have none in common. Where an edit left none, everything is worked out again, which is little then.
 */
function sharesHistory({ graph }: Figures, other: Figures["graph"]): boolean {
  for (let arc = 0; arc < graph.arcs.length; arc++) {
    const own = graph.arcs.get(arc);
    if (own && own === other.arcs.get(arc)) return true;
  }
  return false;
}
