import { useEffect, useRef, useState } from "react";
import { useView } from "../../app/view-state.ts";
import type { PanelInput } from "../../panels/types.ts";
import { usePlaneAnswer } from "../../plane/use-answer.ts";
import type { StoryPick } from "./story.ts";

/** Cases told in turn, and how long each stays. */
const STORY_CASES = 4;
const STORY_MS = 20_000;
/** A case that somebody chose on the map stays longer before the wall goes on by itself. */
const CHOSEN_MS = 90_000;

/** A test may shorten the pace before the page starts (`jingweiStoryMs`); nothing else differs then. */
const pace = (): number => (globalThis as { jingweiStoryMs?: number }).jingweiStoryMs ?? STORY_MS;

const NO_PICKS: readonly StoryPick[] = [];

export interface Story {
  /** Number of the case on show (`ref` of the columns); undefined when the county has no open case. */
  readonly ref: number | undefined;
  /** Why it is shown; undefined when somebody chose it. */
  readonly pick: StoryPick | undefined;
  readonly index: number;
  readonly count: number;
}

/** Chooses the case on show without any input and goes on to the next one after a while. */
export function useStory(input: PanelInput | undefined): Story {
  const chosen = useView((view) => view.incidentRef);
  const picks = usePlaneAnswer(input && { kind: "story", limit: STORY_CASES })?.value ?? NO_PICKS;
  const [turn, setTurn] = useState(0);
  const index = picks.length ? turn % picks.length : 0;
  const pick = picks[index];
  const ref = pick?.ref;
  const told = useRef<number | undefined>(undefined);
  const mine = chosen === undefined || chosen === told.current;

  useEffect(() => {
    if (!input || !pick || ref === undefined || !mine) return;
    told.current = ref;
    // Without a camera of its own the map goes to the case and its posts.
    useView.getState().set({ incidentRef: ref, camera: undefined });
  }, [input, pick, ref, mine]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each case gets its full time
  useEffect(() => {
    if (!picks.length) return;
    const timer = setTimeout(
      () => {
        told.current = useView.getState().incidentRef;
        setTurn((n) => n + 1);
      },
      mine ? pace() : Math.max(pace(), CHOSEN_MS),
    );
    return () => clearTimeout(timer);
  }, [turn, mine, chosen, picks.length]);

  return { ref: mine ? ref : chosen, pick: mine ? pick : undefined, index, count: picks.length };
}
