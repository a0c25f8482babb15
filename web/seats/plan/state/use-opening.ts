import { useEffect, useMemo, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { PlanChange } from "../../../../data/planning/plan.ts";
import type { Resource } from "../../../../data/policy/policy.ts";
import { may } from "../../../app/viewer.ts";
import type { CountyPart } from "../../../data/county-data.ts";
import { needParts, useCountyData } from "../../../data/county-store.ts";
import { usePlane } from "../../../plane/use-plane.ts";
import { baseGraph, graphOfChanges } from "./changes.ts";
import { closeEditor, openEditor, perform } from "./editor.ts";
import { groundOf } from "./load-ground.ts";
import { type PlanServer, startSaving, unsentChanges } from "./saving.ts";

/** Parts of the county that a plan is drawn on; those that the viewer may not read are done without. */
const PARTS = ["buildings", "cameras", "context", "compounds"] as const satisfies readonly CountyPart[];
const RESOURCE_OF: Readonly<Record<(typeof PARTS)[number], Resource>> = {
  buildings: "household",
  cameras: "camera",
  context: "map",
  compounds: "map",
};

/** A plan to open. */
export interface PlanToOpen {
  /** Global id, or `draft`. */
  readonly plan: string;
  /** Code of its area. */
  readonly scope: string;
  /** What the server has of it. */
  readonly changes: readonly PlanChange[];
  readonly server: PlanServer | undefined;
  readonly mayDraw: boolean;
}

export type Opening = "opening" | "open" | "empty" | "failed";

/**
 * Opens a plan as soon as what it needs is here, with what this browser kept of it on top, and closes it with the page.
 *
 * @param wanted undefined = none yet
 */
export function useOpening(wanted: PlanToOpen | undefined): Opening {
  const [opening, setOpening] = useState<Opening>("opening");
  const data = useCountyData(useShallow((county) => county));
  const cases = usePlane((plane) => (plane.status === "ready" && !plane.more ? plane.columns : undefined));
  const wantsCases = may("incident");
  useEffect(() => {
    if (wanted && data.county) needParts(PARTS);
  }, [wanted, data.county]);
  const settledParts = PARTS.every((part) => data.states[part] === "ready" || !may(RESOURCE_OF[part]));
  const ready =
    wanted !== undefined && data.states.areas === "ready" && settledParts && (!wantsCases || cases !== undefined);
  // The ground of a plan does not move under the hand: what changes meanwhile is seen when it is opened again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: on purpose taken once
  const ground = useMemo(() => (wanted && ready ? groundOf(wanted.scope, data, cases) : undefined), [wanted, ready]);
  useEffect(() => {
    if (!wanted || !ready) return setOpening("opening");
    if (!ground) return setOpening("empty");
    let stopped = false;
    let stopSaving = (): void => undefined;
    const open = async (): Promise<void> => {
      const kept = wanted.mayDraw ? await unsentChanges(wanted.plan, wanted.scope) : undefined;
      if (stopped) return;
      const base = baseGraph(ground);
      const saved = wanted.changes.length ? graphOfChanges(ground, wanted.changes) : base;
      openEditor(ground, base, saved, wanted.mayDraw);
      stopSaving = startSaving(wanted.plan, wanted.scope, wanted.server);
      // What was kept is a step of its own: it is sent like any other, and can be undone.
      if (kept?.length) perform({ ok: true, graph: graphOfChanges(ground, kept), changed: [] }, "restored");
      setOpening("open");
    };
    open().catch(() => setOpening("failed"));
    return () => {
      stopped = true;
      stopSaving();
      closeEditor();
    };
  }, [wanted, ready, ground]);
  return opening;
}
