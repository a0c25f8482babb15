import { useView } from "../app/view-state.ts";
import type { Ask, FromWorker, ToWorker } from "./protocol.ts";
import type { PlaneAnswer, PlaneQuestion, QuestionKind } from "./types.ts";
import { NO_ANSWERS, useAnswers, usePlane } from "./use-plane.ts";

/**
 * What the screen asks, sent to the worker one round at a time: while it computes, newer filters take the place of older
 * ones that wait, so that it never works off a queue.
 */

interface Wanted {
  readonly question: PlaneQuestion;
  users: number;
  /** Revisions of filters and columns that it was last asked at: what the worker could not answer is not asked again. */
  asked?: string;
}

const wanted = new Map<string, Wanted>();
let send: ((message: ToWorker) => void) | undefined;
let timezone: string | undefined;
let filterRevision = 0;
let rounds = 0;
let inFlight: Ask | undefined;
let scheduled = false;

/** Equal questions are asked once. */
export const keyOf = (question: { readonly kind: QuestionKind }): string => JSON.stringify(question);

const isCurrent = (answer: PlaneAnswer<QuestionKind> | undefined): boolean =>
  answer?.filterRevision === filterRevision && answer.columnsRevision === usePlane.getState().revision;

function flush(): void {
  scheduled = false;
  if (!send || inFlight || timezone === undefined || !usePlane.getState().columns) return;
  const { byKey, waiting } = useAnswers.getState();
  const now = `${filterRevision} ${usePlane.getState().revision}`;
  const questions: (readonly [string, PlaneQuestion])[] = [];
  for (const [key, entry] of wanted) {
    if (entry.asked === now || isCurrent(byKey.get(key))) continue;
    entry.asked = now;
    questions.push([key, entry.question]);
  }
  if (questions.length === 0) {
    if (waiting) useAnswers.setState({ waiting: false });
    return;
  }
  const { filters, area } = useView.getState();
  rounds++;
  inFlight = { id: rounds, filterRevision, filters, area, timezone, questions };
  if (!waiting) useAnswers.setState({ waiting: true });
  send({ kind: "ask", ask: inFlight });
}

/** Something that answers depend on has changed. */
export function askSoon(): void {
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(flush);
}

/** Takes a part of a round's answers; the last part lets the next round go. */
export function takeAnswers(message: Extract<FromWorker, { kind: "answers" }>): void {
  const ask = inFlight;
  if (!ask || message.id !== ask.id) return;
  if (message.last) inFlight = undefined;
  const { filters, area } = ask;
  const { columnsRevision, asOf } = message;
  const byKey = new Map(useAnswers.getState().byKey);
  for (const [key, value] of message.answers) {
    if (!wanted.has(key)) continue;
    // The worker answers the question that stands under this key.
    const answer = { value, filters, area, filterRevision: ask.filterRevision, columnsRevision, asOf };
    byKey.set(key, answer as PlaneAnswer<QuestionKind>);
  }
  useAnswers.setState({ byKey });
  askSoon();
}

/** Wants a question answered from now on. @returns the function that ends it */
export function want<K extends QuestionKind>(key: string, question: PlaneQuestion<K>): () => void {
  const known = wanted.get(key);
  if (known) known.users++;
  // A question of one kind is one of all kinds; the compiler cannot tell for a kind it does not know.
  else wanted.set(key, { question: question as PlaneQuestion, users: 1 });
  askSoon();
  return () => {
    const entry = wanted.get(key);
    if (!entry || --entry.users > 0) return;
    wanted.delete(key);
    const byKey = new Map(useAnswers.getState().byKey);
    if (byKey.delete(key)) useAnswers.setState({ byKey });
  };
}

/** The county's time zone (IANA): days and hours of figures are its own. */
export function setPlaneZone(zone: string): void {
  if (timezone === zone) return;
  timezone = zone;
  filterRevision++;
  askSoon();
}

/** Connects the questions to a worker, or to none: then all answers are dropped. */
export function askWorker(to: ((message: ToWorker) => void) | undefined): void {
  send = to;
  for (const entry of wanted.values()) delete entry.asked;
  inFlight = undefined;
  useAnswers.setState(NO_ANSWERS);
  askSoon();
}

useView.subscribe((view, before) => {
  if (view.filters === before.filters && view.area === before.area) return;
  filterRevision++;
  // At once, so that whoever looks between knows that what is on screen is older.
  if (send && wanted.size > 0) useAnswers.setState({ waiting: true });
  askSoon();
});
