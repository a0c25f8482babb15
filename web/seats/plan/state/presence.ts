import { useEffect } from "react";
import { create } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { openLiveSocket } from "../../../app/live-socket.ts";
import { mayDo } from "../../../app/viewer.ts";
import { HoldCellsDocument, PlanPulseDocument, type PlanQuery } from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { request } from "../../../gql/request.ts";
import { type EditorState, useEditor } from "./editor.ts";
import { hearRevision } from "./saving.ts";

/** Somebody else who has the plan open, and the cells in their hand. */
export interface Present {
  readonly name: string;
  readonly cells: readonly string[];
}

export const usePresence = create<{ readonly others: readonly Present[] }>(() => ({ others: [] }));

/** The server forgets who is silent for 45 s; said again well before that, ms. */
const AGAIN_MS = 20_000;
/** A hand that rests this long holds what it has, ms: others need not hear of every click. */
const REST_MS = 500;
/** Changes of this long are read together, ms. */
const GATHER_MS = 200;
const MOST_HELD = 50;

const inHand = ({ live, touched, selected }: EditorState): readonly string[] =>
  [...new Set([...(live ? touched : []), ...selected])].sort().slice(0, MOST_HELD);

/**
 * Tells the server who has a plan open and what is in their hand, and hears it of others: presence, saves, comments. A soft
 * lock: it is shown, and keeps nobody from anything.
 *
 * @param plan undefined = a draft of this browser
 * @param again reads the plan anew: its state or what is said of it is another
 */
export function usePlanPresence(plan: PlanQuery["plan"] | undefined, county: string, again: () => void): void {
  const id = plan?.id;
  const said = plan && sayOf(plan);
  useEffect(() => {
    if (!id || !county) return;
    let stopped = false;
    let known = "";
    let resting: ReturnType<typeof setTimeout> | undefined;
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const mayHold = mayDo("plan") || mayDo("approve");
    const show = (presence: readonly { readonly name: string; readonly me: boolean; readonly cells: string[] }[]) => {
      if (!stopped) usePresence.setState({ others: presence.filter(({ me }) => !me) });
    };
    // Presence is a courtesy: a call that fails is made again by the next one, and saving says that the server is away.
    const hold = async (cells: readonly string[]): Promise<void> => {
      known = cells.join();
      if (!mayHold) return;
      const { holdCells } = await mutate(HoldCellsDocument, { id, cells: [...cells] });
      show(holdCells.presence);
    };
    const tell = (): void => void hold(inHand(useEditor.getState())).catch(() => undefined);
    const pulse = async (): Promise<void> => {
      gathering = undefined;
      const { plan: now } = await request(PlanPulseDocument, { id });
      if (stopped) return;
      show(now.presence);
      hearRevision(now.revision);
      if (sayOf(now) !== said) again();
    };
    tell();
    const timer = setInterval(tell, AGAIN_MS);
    const stopEditor = useEditor.subscribe((editor) => {
      if (inHand(editor).join() === known || resting !== undefined) return;
      resting = setTimeout(() => {
        resting = undefined;
        if (inHand(useEditor.getState()).join() !== known) tell();
      }, REST_MS);
    });
    const onChange = (): void => {
      gathering ??= setTimeout(() => void pulse().catch(() => undefined), GATHER_MS);
    };
    const close = openLiveSocket(
      county,
      { onChange, onBeat: () => undefined, onConnected: (connected) => connected && onChange() },
      ["PLAN"],
    );
    return () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(resting);
      clearTimeout(gathering);
      stopEditor();
      close();
      usePresence.setState({ others: [] });
    };
  }, [id, county, said, again]);
}

/** Who else holds one of the cells in this hand; undefined = nobody. */
export function useHolder(): string | undefined {
  const others = usePresence((state) => state.others);
  const cells = useEditor(useShallow((editor) => inHand(editor)));
  return others.find((one) => one.cells.some((cell) => cells.includes(cell)))?.name;
}

/** What the page shows of a plan beside what it draws, as text. */
const sayOf = ({
  state,
  events,
}: {
  readonly state: string;
  readonly events: readonly { readonly id: string; readonly resolvedAt?: string | null }[];
}): string => `${state} ${events.map((one) => `${one.id}${one.resolvedAt ?? ""}`).join()}`;
