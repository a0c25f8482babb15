import { useMemo, useRef } from "react";
import { settledGraph, shownGraph, useEditor } from "./editor.ts";
import { Meters } from "./meters.ts";

/** Figures of the boundaries in force, of the last step and of what is on screen. */
export interface PlanMeters {
  readonly base: Meters;
  readonly settled: Meters;
  readonly shown: Meters;
}

/** Keeps the figures with the graphs; undefined before a plan is open. */
export function usePlanMeters(): PlanMeters | undefined {
  const ground = useEditor((editor) => editor.ground);
  const baseGraph = useEditor((editor) => editor.base);
  const settledNow = useEditor(settledGraph);
  const shownNow = useEditor(shownGraph);
  const base = useMemo(() => (ground && baseGraph ? Meters.of(baseGraph, ground) : undefined), [ground, baseGraph]);
  const last = useRef<{ readonly base: Meters; readonly meters: Meters } | undefined>(undefined);
  const settled = useMemo(() => {
    if (!base || !settledNow) return undefined;
    const from = last.current?.base === base ? last.current.meters : base;
    const meters = from.to(settledNow);
    last.current = { base, meters };
    return meters;
  }, [base, settledNow]);
  const shown = useMemo(() => (settled && shownNow ? settled.to(shownNow) : undefined), [settled, shownNow]);
  return base && settled && shown ? { base, settled, shown } : undefined;
}
