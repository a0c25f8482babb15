import { create } from "zustand";
import { chooseBy } from "../../../../data/planning/merge-changes.ts";
import { type MergedSaves, mergeSaves } from "../../../../data/planning/merge-saves.ts";
import type { PlanChange } from "../../../../data/planning/plan.ts";
import { viewerNow } from "../../../app/viewer.ts";
import { RequestError } from "../../../gql/request.ts";
import { ChangeKeeper, graphOfChanges } from "./changes.ts";
import { askConflicts, type Choice, closeQuestion, conflictKey } from "./conflicts.ts";
import { type Draft, forgetDraft, keepDraft, keptDraft } from "./draft-store.ts";
import { goOnWith, settledGraph, useEditor } from "./editor.ts";

/** Where what was drawn is. */
export type SaveState =
  /** Nothing was drawn since it was opened. */
  | "clean"
  | "saving"
  /** The server has it. */
  | "saved"
  /** This browser alone has it, as it should: the plan is a draft of this browser. */
  | "kept"
  /** The server cannot be reached: this browser has it, and tries again. */
  | "offline"
  /** Somebody else changed the same meanwhile: the planner is asked. */
  | "conflict"
  /** The server refused it; this browser has it. */
  | "refused"
  /** Not even this browser keeps it. */
  | "lost";

interface Saving {
  readonly state: SaveState;
  /** The server's words for a refusal. */
  readonly message: string | undefined;
  /** Whose edits were taken in last. */
  readonly mergedWith: string | undefined;
  /** Number of cells that the plan changes. */
  readonly changed: number;
  /** Revision that the server has; 0 for a draft of this browser. */
  readonly revision: number;
}

const CLEAN: Saving = { state: "clean", message: undefined, mergedWith: undefined, changed: 0, revision: 0 };
export const useSaving = create<Saving>(() => CLEAN);

/** A plan as the server has it. */
export interface SavedPlan {
  readonly revision: number;
  readonly changes: readonly PlanChange[];
  readonly savedBy: string;
}

/** What a plan's server form offers to the saver. */
export interface PlanServer {
  /** What the page knows of it. */
  readonly revision: number;
  readonly changes: readonly PlanChange[];
  /** Sends the changes. @returns the new revision @throws RequestError */
  readonly save: (changes: readonly PlanChange[], restored: readonly string[], revision: number) => Promise<number>;
  /** @throws RequestError */
  readonly read: () => Promise<SavedPlan>;
}

/** Time that a hand rests before the server hears of it, ms; the browser keeps each gesture at once. */
const REST_MS = 900;
/** Time between tries while the server cannot be reached, ms. */
const RETRY_MS = 5000;

/** Name of a plan among what this browser keeps: drafts of other accounts are not one's own. */
export const draftKey = (plan: string, scope: string): string =>
  `${viewerNow()?.id ?? "nobody"} ${plan === "draft" ? `draft:${scope}` : plan}`;

/** What this browser kept of a plan and the server does not have. */
export async function unsentDraft(plan: string, scope: string): Promise<Draft | undefined> {
  const draft = await keptDraft(draftKey(plan, scope));
  return draft && !draft.sent && draft.changes.length > 0 ? draft : undefined;
}

const textsOf = (changes: readonly PlanChange[]): Map<string, string> =>
  new Map(changes.map((change) => [change.cell, JSON.stringify(change)]));

/** Waits until no gesture is under way: ground is never changed under a moving hand. */
const handIsFree = (): Promise<void> =>
  new Promise((resolve) => {
    if (!useEditor.getState().live) return resolve();
    const stop = useEditor.subscribe(({ live }) => {
      if (live) return;
      stop();
      resolve();
    });
  });

let heardOf: ((revision: number) => void) | undefined;

/** Says which revision of the open plan the server has: one that came from elsewhere is taken in. */
export const hearRevision = (revision: number): void => heardOf?.(revision);

/**
 * Saves each step of the open plan: to the browser at once, to the server when the hand rests. An answer that comes while
 * more was drawn counts for what was sent. What others save meanwhile is merged; only where both changed the same is the
 * planner asked.
 *
 * @param server undefined for a draft that only this browser has
 * @param kept what this browser kept and the server does not have: it was drawn on a revision of its own
 * @returns stops saving
 */
export function startSaving(
  plan: string,
  scope: string,
  server: PlanServer | undefined,
  kept?: Draft | undefined,
): () => void {
  const { base, ground } = useEditor.getState();
  if (!base || !ground) return () => undefined;
  const key = draftKey(plan, scope);
  const keeper = new ChangeKeeper(base);
  /** Changes in the form in which the keeper writes them. */
  const canonical = (changes: readonly PlanChange[]): readonly PlanChange[] =>
    changes.length ? new ChangeKeeper(base).of(graphOfChanges(ground, changes)) : [];
  /** What the server had at the revision that is drawn on. */
  let known = canonical(kept?.known ?? server?.changes ?? []);
  let revision = (kept?.known ? kept.revision : server?.revision) ?? 0;
  let heard = revision;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let merging = false;
  let stopped = false;

  const changesNow = (): readonly PlanChange[] => {
    const graph = settledGraph(useEditor.getState());
    return graph ? keeper.of(graph) : [];
  };
  const keep = async (changes: readonly PlanChange[], isSent: boolean): Promise<boolean> => {
    try {
      if (changes.length === 0 && isSent) await forgetDraft(key);
      else await keepDraft({ key, changes, known, revision, sent: isSent, at: Date.now() });
      return true;
    } catch {
      return false;
    }
  };
  const tryAgain = (): void => {
    useSaving.setState({ state: "offline" });
    timer = setTimeout(() => void send(), RETRY_MS);
  };

  const send = async (): Promise<void> => {
    if (!server || sending || merging || stopped) return;
    sending = true;
    const changes = changesNow();
    const [texts, sent] = [textsOf(changes), textsOf(known)];
    const fresh = changes.filter(({ cell }) => sent.get(cell) !== texts.get(cell));
    const restored = [...sent.keys()].filter((cell) => !texts.has(cell));
    useSaving.setState({ state: "saving", message: undefined });
    try {
      if (fresh.length || restored.length) revision = await server.save(fresh, restored, revision);
      known = changes;
      await keep(changes, true);
      if (!stopped) useSaving.setState({ state: "saved", revision });
    } catch (error) {
      if (stopped) return;
      const told = error instanceof RequestError ? error : undefined;
      if (!told || told.offline) tryAgain();
      else if (told.code === "CONFLICT") void takeIn(told.message);
      else useSaving.setState({ state: "refused", message: told.message });
      return;
    } finally {
      sending = false;
    }
    if (stopped) return;
    if (heard > revision) void takeIn();
    else if (JSON.stringify(changesNow()) !== JSON.stringify(changes)) void send();
  };

  /** Merges what the server has beyond the known revision. @param refusal why it is asked, where a save was refused */
  const takeIn = async (refusal?: string): Promise<void> => {
    if (!server || merging || stopped) return;
    merging = true;
    try {
      const told = await server.read();
      await handIsFree();
      if (stopped) return;
      if (told.revision === revision) {
        merging = false;
        if (refusal) useSaving.setState({ state: "refused", message: refusal });
        return;
      }
      settleWith({ ...told, changes: canonical(told.changes) }, []);
    } catch (error) {
      merging = false;
      if (stopped) return;
      if (!(error instanceof RequestError) || error.offline) tryAgain();
      else useSaving.setState({ state: "refused", message: error.message });
    }
  };

  const merged = (theirs: readonly PlanChange[]): MergedSaves =>
    mergeSaves({
      base: ground.cells.map((cell) => ({ ...cell, versionId: cell.id })),
      ...{ known, mine: changesNow(), theirs, usedCodes: ground.retired },
    });

  /** Takes theirs in as far as it is decided, and asks where it is not. */
  const settleWith = (theirs: SavedPlan, choices: readonly Choice[]): void => {
    if (stopped) return;
    const { conflicts, merge } = merged(theirs.changes);
    const decided = new Set(choices.map(({ cells }) => conflictKey(cells)));
    if (conflicts.some(({ cells }) => !decided.has(conflictKey(cells)))) {
      useSaving.setState({ state: "conflict" });
      askConflicts({
        ...{ who: theirs.savedBy, conflicts, cancel: undefined },
        answer: (made) => settleWith(theirs, made),
      });
      return;
    }
    closeQuestion();
    const mine = changesNow();
    const both = merge(chooseBy(choices, "mine"));
    [known, revision, heard, merging] = [theirs.changes, theirs.revision, Math.max(heard, theirs.revision), false];
    useSaving.setState({ state: "saving", mergedWith: theirs.savedBy, revision });
    if (JSON.stringify(both) === JSON.stringify(mine)) void onStep();
    else goOnWith(graphOfChanges(ground, both), "merged");
  };

  const onStep = async (): Promise<void> => {
    const changes = changesNow();
    useSaving.setState({ changed: changes.length });
    const isKept = await keep(changes, false);
    if (stopped) return;
    if (!server) useSaving.setState({ state: isKept ? "kept" : "lost" });
    else {
      if (!merging) useSaving.setState({ state: "saving" });
      clearTimeout(timer);
      timer = setTimeout(() => void send(), REST_MS);
    }
  };

  const hear = (told: number): void => {
    heard = Math.max(heard, told);
    // The answer to a save under way may be what is heard of.
    if (!sending && heard > revision) void takeIn();
  };
  heardOf = hear;
  useSaving.setState({ ...CLEAN, changed: changesNow().length, revision });
  const stop = useEditor.subscribe((editor, before) => {
    if (editor.history && editor.history !== before.history) void onStep();
  });
  return () => {
    stopped = true;
    if (heardOf === hear) heardOf = undefined;
    clearTimeout(timer);
    closeQuestion();
    stop();
  };
}
