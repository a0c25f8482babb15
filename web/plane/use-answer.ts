import { useEffect, useRef } from "react";
import { keyOf, want } from "./asking.ts";
import type { PlaneAnswer, PlaneQuestion, QuestionKind } from "./types.ts";
import { useAnswers, usePlane } from "./use-plane.ts";

/**
 * Asks the worker as long as the component is there. The last answer stays until the next one is here, also while the
 * question itself changes (another zoom); never across counties.
 *
 * @param question undefined = nothing to ask now
 * @returns undefined before the first answer
 */
export function usePlaneAnswer<K extends QuestionKind>(
  question: PlaneQuestion<K> | undefined,
): PlaneAnswer<K> | undefined {
  const key = question && keyOf(question);
  const latest = useRef(question);
  latest.current = question;
  useEffect(() => {
    if (key === undefined || !latest.current) return;
    return want(key, latest.current);
  }, [key]);
  // Answers under a key of this kind are answers to it.
  const found = useAnswers(({ byKey }) => (key === undefined ? undefined : byKey.get(key))) as
    | PlaneAnswer<K>
    | undefined;
  const county = usePlane((plane) => plane.county);
  const last = useRef<{ readonly county: string; readonly answer: PlaneAnswer<K> } | undefined>(undefined);
  if (found) last.current = { county, answer: found };
  if (key === undefined || last.current?.county !== county) last.current = undefined;
  return found ?? last.current?.answer;
}
