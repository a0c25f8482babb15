import { create } from "zustand";
import { historyOf, now, type PlanHistory, record, redo, undo } from "../../../../data/coverage/plan-graph/history.ts";
import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { ActionResult, Refusal } from "../../../../data/coverage/plan-graph/refusals.ts";
import type { ModeId } from "../modes/mode.ts";
import type { Ground } from "./ground.ts";
import { withMicroCodes } from "./micro-codes.ts";
import { ReferenceIndex, type Snap } from "./snap.ts";

/** A line that is being drawn. */
export interface Sketch {
  readonly points: readonly LatticePoint[];
  /** Where the pointer is: the line's next point. */
  readonly next: LatticePoint | undefined;
  /** Whether it will be closed to a ring. */
  readonly closed: boolean;
}

/** An opened plan and all that is done to it on this screen. */
export interface EditorState {
  readonly ground: Ground | undefined;
  readonly reference: ReferenceIndex;
  /** The boundaries of today. */
  readonly base: PlanGraph | undefined;
  readonly history: PlanHistory | undefined;
  /** The graph under the moving hand; undefined between gestures. */
  readonly live: PlanGraph | undefined;
  /** Grids that the gesture, or the last step, changed: their meters come first. */
  readonly touched: readonly CellId[];
  readonly refusal: Refusal | undefined;
  readonly selected: readonly CellId[];
  /** The corner that is chosen: its place names it in any graph. */
  readonly corner: LatticePoint | undefined;
  readonly mode: ModeId;
  readonly sketch: Sketch | undefined;
  readonly snap: Snap | undefined;
  readonly hovered: CellId | undefined;
  /** Whether all but the chosen grids' community is veiled. */
  readonly isolated: boolean;
  /** Whether the boundaries of today are drawn under those of the plan. */
  readonly ghost: boolean;
  /** Code of the community that shall be renumbered, while that is asked. */
  readonly renumbering: string | undefined;
  /** Keys that are held by a button on screen, for hands without a keyboard. */
  readonly sticky: { readonly shift: boolean; readonly alt: boolean };
  /** False: a plan that is only looked at. */
  readonly mayDraw: boolean;
}

const CLOSED: EditorState = {
  ground: undefined,
  reference: new ReferenceIndex([]),
  base: undefined,
  history: undefined,
  live: undefined,
  touched: [],
  refusal: undefined,
  selected: [],
  corner: undefined,
  mode: "select",
  sketch: undefined,
  snap: undefined,
  hovered: undefined,
  isolated: false,
  ghost: false,
  renumbering: undefined,
  sticky: { shift: false, alt: false },
  mayDraw: true,
};

export const useEditor = create<EditorState>(() => CLOSED);

const set = useEditor.setState;

/** The graph on screen: that of the gesture, or the last step's. */
export const shownGraph = ({ live, history }: EditorState): PlanGraph | undefined => live ?? (history && now(history));

/** The last step's graph. */
export const settledGraph = ({ history }: EditorState): PlanGraph | undefined => history && now(history);

/**
 * Opens a plan.
 *
 * @param graph the plan as it was left; the base when nothing was drawn yet
 */
export function openEditor(ground: Ground, base: PlanGraph, graph: PlanGraph, mayDraw: boolean): void {
  set({
    ...CLOSED,
    ground,
    reference: new ReferenceIndex(ground.reference),
    base,
    history: historyOf(graph, "opened"),
    mayDraw,
  });
}

/** Goes on with another graph, which what was done before does not lead back to: undo begins anew. */
export function goOnWith(graph: PlanGraph, did: string): void {
  const { selected } = useEditor.getState();
  set({
    history: historyOf(graph, did),
    ...{ live: undefined, touched: [], corner: undefined, refusal: undefined },
    selected: selected.filter((id) => graph.cells.get(id)),
  });
}

export const closeEditor = (): void => set(CLOSED);

/** Shows what a gesture would do. A refusal leaves the last graph that could be. */
export function preview(result: ActionResult): void {
  const { base, history } = useEditor.getState();
  if (result.ok && base && history)
    set({ live: withMicroCodes(base, now(history), result.graph), touched: result.changed, refusal: undefined });
  else if (!result.ok) set({ refusal: result.refusal });
}

/** Ends a gesture: what it showed last is a step of the history. Nothing shown: no step. */
export function settle(did: string): void {
  const { live, history } = useEditor.getState();
  if (live && history && live !== now(history)) set({ history: record(history, live, did) });
  set({ live: undefined, snap: undefined });
}

/** Drops what a gesture showed. */
export const drop = (): void => set({ live: undefined, sketch: undefined, snap: undefined, refusal: undefined });

/** One whole step at once. @returns whether it was done; otherwise the refusal is on screen */
export function perform(result: ActionResult, did: string): boolean {
  preview(result);
  if (!result.ok) {
    set({ live: undefined, snap: undefined });
    return false;
  }
  settle(did);
  set({ selected: useEditor.getState().selected.filter((id) => result.graph.cells.get(id)) });
  return true;
}

function travel(step: (history: PlanHistory) => PlanHistory): void {
  const { history } = useEditor.getState();
  if (!history) return;
  const after = step(history);
  if (after === history) return;
  const graph = now(after);
  set({
    history: after,
    live: undefined,
    sketch: undefined,
    snap: undefined,
    refusal: undefined,
    corner: undefined,
    touched: graph.cells.changedFrom(now(history).cells).filter((id) => graph.cells.get(id)),
    selected: useEditor.getState().selected.filter((id) => graph.cells.get(id)),
  });
}

export const undoStep = (): void => travel(undo);
export const redoStep = (): void => travel(redo);

/** Chooses grids; `more` adds to what is chosen, or takes one out of it. */
export function choose(id: CellId | undefined, more = false): void {
  const { selected } = useEditor.getState();
  const next = !id
    ? []
    : !more
      ? [id]
      : selected.includes(id)
        ? selected.filter((other) => other !== id)
        : [...selected, id];
  set({ selected: next, touched: [] });
}

export const chooseCorner = (corner: LatticePoint | undefined): void => set({ corner });

export const setMode = (mode: ModeId): void =>
  set({ mode, live: undefined, sketch: undefined, snap: undefined, refusal: undefined });

export const setSketch = (sketch: Sketch | undefined): void => set({ sketch });
export const showSnap = (snap: Snap | undefined): void => {
  if (useEditor.getState().snap !== snap) set({ snap });
};
export const hover = (hovered: CellId | undefined): void => {
  if (useEditor.getState().hovered !== hovered) set({ hovered });
};
export const isolate = (isolated: boolean): void => set({ isolated });
export const showGhost = (ghost: boolean): void => set({ ghost });
export const askRenumber = (renumbering: string | undefined): void => set({ renumbering });
export const holdKey = (key: "shift" | "alt", held: boolean): void =>
  set({ sticky: { ...useEditor.getState().sticky, [key]: held } });
