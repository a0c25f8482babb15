import { create } from "zustand";
import type { PlanChange } from "../../../../data/planning/plan.ts";
import { viewerNow } from "../../../app/viewer.ts";
import { RequestError } from "../../../gql/request.ts";
import { ChangeKeeper } from "./changes.ts";
import { forgetDraft, keepDraft, keptDraft } from "./draft-store.ts";
import { settledGraph, useEditor } from "./editor.ts";

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
  /** Somebody else saved meanwhile. */
  | "conflict"
  /** The server refused it; this browser has it. */
  | "refused"
  /** Not even this browser keeps it. */
  | "lost";

interface Saving {
  readonly state: SaveState;
  /** The server's words for a conflict or a refusal. */
  readonly message: string | undefined;
  /** Number of cells that the plan changes. */
  readonly changed: number;
  /** Revision that the server has; 0 for a draft of this browser. */
  readonly revision: number;
}

export const useSaving = create<Saving>(() => ({ state: "clean", message: undefined, changed: 0, revision: 0 }));

/** What a plan's server form offers to the saver. */
export interface PlanServer {
  /** Revision that the page knows. */
  readonly revision: number;
  /** Sends the changes. @returns the new revision @throws RequestError */
  readonly save: (changes: readonly PlanChange[], restored: readonly string[], revision: number) => Promise<number>;
}

/** Time that a hand rests before the server hears of it, ms; the browser keeps each gesture at once. */
const REST_MS = 900;
/** Time between tries while the server cannot be reached, ms. */
const RETRY_MS = 5000;

/** Name of a plan among what this browser keeps: drafts of other accounts are not one's own. */
export const draftKey = (plan: string, scope: string): string =>
  `${viewerNow()?.id ?? "nobody"} ${plan === "draft" ? `draft:${scope}` : plan}`;

/** What this browser kept of a plan and the server does not have. */
export async function unsentChanges(plan: string, scope: string): Promise<readonly PlanChange[] | undefined> {
  const draft = await keptDraft(draftKey(plan, scope));
  return draft && !draft.sent ? draft.changes : undefined;
}

/**
 * Saves each step of the open plan: to the browser at once, to the server when the hand rests. An answer that comes while
 * more was drawn counts for what was sent.
 *
 * @param server undefined for a draft that only this browser has
 * @returns stops saving
 */
export function startSaving(plan: string, scope: string, server: PlanServer | undefined): () => void {
  const { base } = useEditor.getState();
  if (!base) return () => undefined;
  const key = draftKey(plan, scope);
  const keeper = new ChangeKeeper(base);
  let revision = server?.revision ?? 0;
  /** Cells that the server has as changed. */
  let sent = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let stopped = false;

  const changesNow = (): readonly PlanChange[] => {
    const graph = settledGraph(useEditor.getState());
    return graph ? keeper.of(graph) : [];
  };
  const keep = async (changes: readonly PlanChange[], isSent: boolean): Promise<boolean> => {
    try {
      if (changes.length === 0 && isSent) await forgetDraft(key);
      else await keepDraft({ key, changes, revision, sent: isSent, at: Date.now() });
      return true;
    } catch {
      return false;
    }
  };
  const send = async (): Promise<void> => {
    if (!server || sending || stopped) return;
    sending = true;
    const changes = changesNow();
    const texts = new Map(changes.map((change) => [change.cell, JSON.stringify(change)]));
    const fresh = changes.filter(({ cell }) => sent.get(cell) !== texts.get(cell));
    const restored = [...sent.keys()].filter((cell) => !texts.has(cell));
    useSaving.setState({ state: "saving", message: undefined });
    try {
      if (fresh.length || restored.length) revision = await server.save(fresh, restored, revision);
      sent = texts;
      await keep(changes, true);
      if (!stopped) useSaving.setState({ state: "saved", revision });
    } catch (error) {
      if (stopped) return;
      const known = error instanceof RequestError ? error : undefined;
      if (!known || known.offline) {
        useSaving.setState({ state: "offline" });
        timer = setTimeout(() => void send(), RETRY_MS);
      } else useSaving.setState({ state: known.code === "CONFLICT" ? "conflict" : "refused", message: known.message });
      return;
    } finally {
      sending = false;
    }
    if (changesNow() !== changes && JSON.stringify(changesNow()) !== JSON.stringify(changes)) void send();
  };
  const onStep = async (): Promise<void> => {
    const changes = changesNow();
    useSaving.setState({ changed: changes.length });
    const kept = await keep(changes, false);
    if (stopped) return;
    if (!server) useSaving.setState({ state: kept ? "kept" : "lost" });
    else {
      if (useSaving.getState().state !== "conflict") useSaving.setState({ state: "saving" });
      clearTimeout(timer);
      timer = setTimeout(() => void send(), REST_MS);
    }
  };
  const first = changesNow();
  if (server) sent = new Map(first.map((change) => [change.cell, JSON.stringify(change)]));
  useSaving.setState({ state: "clean", message: undefined, changed: first.length, revision });
  const stop = useEditor.subscribe((editor, before) => {
    if (editor.history && editor.history !== before.history) void onStep();
  });
  return () => {
    stopped = true;
    clearTimeout(timer);
    stop();
  };
}
