import { useEffect, useMemo, useState } from "react";
import type { PlanChange } from "../../../../data/planning/plan.ts";
import type { PlanBase } from "../../../../data/planning/plan-base.ts";
import { may } from "../../../app/viewer.ts";
import { needParts, useCountyData } from "../../../data/county-store.ts";
import { usePlane } from "../../../plane/use-plane.ts";
import { baseGraph, graphOfChanges } from "./changes.ts";
import { closeEditor, openEditor, perform } from "./editor.ts";
import { fetchPlanBase, groundOf } from "./load-ground.ts";
import { type PlanServer, startSaving, unsentDraft } from "./saving.ts";

/** A plan to open. */
export interface PlanToOpen {
  /** Global id, or `draft`. */
  readonly plan: string;
  /** Code of its area. */
  readonly scope: string;
  /** Instant of the boundaries that it is drawn on, ISO 8601; undefined = now. */
  readonly at: string | undefined;
  /** What the server has of it. */
  readonly changes: readonly PlanChange[];
  readonly server: PlanServer | undefined;
  readonly mayDraw: boolean;
}

export type Opening =
  | { readonly state: "opening" | "open" | "empty" }
  | { readonly state: "failed"; readonly error: Error };

type Fetched = { readonly key: string; readonly base: PlanBase } | { readonly key: string; readonly error: Error };

/** What the server has for plans of an area at an instant; asked once for each. */
function usePlanBase(scope: string | undefined, at: string | undefined): Fetched | undefined {
  const [fetched, setFetched] = useState<Fetched>();
  const key = `${scope} ${at}`;
  useEffect(() => {
    if (!scope) return;
    const abort = new AbortController();
    const asked = `${scope} ${at}`;
    fetchPlanBase(scope, at, abort.signal).then(
      (base) => setFetched({ key: asked, base }),
      (error: Error) => abort.signal.aborted || setFetched({ key: asked, error }),
    );
    return () => abort.abort();
  }, [scope, at]);
  return fetched?.key === key ? fetched : undefined;
}

/**
 * Opens a plan as soon as what it needs is here, with what this browser kept of it on top, and closes it with the page.
 *
 * @param wanted undefined = none yet
 */
export function useOpening(wanted: PlanToOpen | undefined): Opening {
  const [opening, setOpening] = useState<Opening>({ state: "opening" });
  const fetched = usePlanBase(wanted?.scope, wanted?.at);
  const { areas, cameras, states, county } = useCountyData();
  const cases = usePlane((plane) => (plane.status === "ready" && !plane.more ? plane.columns : undefined));
  useEffect(() => {
    if (wanted && county) needParts(["cameras"]);
  }, [wanted, county]);
  const ready =
    fetched !== undefined &&
    states.areas === "ready" &&
    (states.cameras === "ready" || !may("camera")) &&
    (cases !== undefined || !may("incident"));
  const base = fetched && "base" in fetched ? fetched.base : undefined;
  const error = fetched && "error" in fetched ? fetched.error : undefined;
  // The ground of a plan does not move under the hand: what changes meanwhile is seen when it is opened again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: on purpose taken once
  const ground = useMemo(() => (base && ready ? groundOf(base, areas, cameras, cases) : undefined), [base, ready]);
  useEffect(() => {
    if (error) return setOpening({ state: "failed", error });
    if (!wanted || !ready) return setOpening({ state: "opening" });
    if (!ground) return setOpening({ state: "empty" });
    let stopped = false;
    let stopSaving = (): void => undefined;
    const open = async (): Promise<void> => {
      const kept = wanted.mayDraw ? await unsentDraft(wanted.plan, wanted.scope) : undefined;
      if (stopped) return;
      const today = baseGraph(ground);
      const saved = wanted.changes.length ? graphOfChanges(ground, wanted.changes) : today;
      openEditor(ground, today, saved, wanted.mayDraw);
      stopSaving = startSaving(wanted.plan, wanted.scope, wanted.server, kept);
      // What was kept is a step of its own: it is sent like any other, and can be undone.
      if (kept) perform({ ok: true, graph: graphOfChanges(ground, kept.changes), changed: [] }, "restored");
      setOpening({ state: "open" });
    };
    open().catch((failure: Error) => setOpening({ state: "failed", error: failure }));
    return () => {
      stopped = true;
      stopSaving();
      closeEditor();
    };
  }, [wanted, ready, ground, error]);
  return opening;
}
