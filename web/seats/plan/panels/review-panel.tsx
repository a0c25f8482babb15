import { useState } from "react";
import { toLonLat } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import { useView } from "../../../app/view-state.ts";
import {
  ApprovePlanDocument,
  CommentPlanDocument,
  type PlanQuery,
  type PlanStepInput,
  PublishPlanDocument,
  RequestPlanChangesDocument,
  SubmitPlanDocument,
  WithdrawPlanDocument,
} from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { choose, settledGraph, useEditor } from "../state/editor.ts";
import { placeOfCell } from "../state/place-of-cell.ts";
import { useSaving } from "../state/saving.ts";
import { PLAN_TEXTS } from "../texts.ts";
import { useRun } from "../use-run.ts";

/** Steps that have a button, and what they call. */
const STEPS = {
  SUBMIT: (input: PlanStepInput) => mutate(SubmitPlanDocument, { input }),
  REQUEST_CHANGES: (input: PlanStepInput) => mutate(RequestPlanChangesDocument, { input }),
  APPROVE: (input: PlanStepInput) => mutate(ApprovePlanDocument, { input }),
  WITHDRAW: (input: PlanStepInput) => mutate(WithdrawPlanDocument, { input }),
} as const satisfies Readonly<Record<string, (input: PlanStepInput) => Promise<unknown>>>;
type ReviewStep = keyof typeof STEPS;

const NEAR_ZOOM = 16.5;

/** How the plan stands, the steps that may be taken, and what was said of it; comments are pinned to what is chosen. */
export function ReviewPanel({ plan, again }: { plan: PlanQuery["plan"]; again: () => void }) {
  const t = useTexts(PLAN_TEXTS);
  const format = useFormat();
  const { busy, error, run } = useRun();
  const [text, setText] = useState("");
  const [effectiveOn, setEffectiveOn] = useState("");
  const set = useView((view) => view.set);
  const saving = useSaving((state) => state.state);
  // A step is taken on what the server has: what this page has not sent yet would be left out of it.
  const unsent = saving === "saving" || saving === "offline" || saving === "conflict" || saving === "refused";
  const take = (step: ReviewStep): void =>
    void run(async () => {
      const input = { id: plan.id, revision: useSaving.getState().revision || plan.revision, key: crypto.randomUUID() };
      await STEPS[step](input);
      again();
    });
  const publish = (): void =>
    void run(async () => {
      const input = { id: plan.id, revision: plan.revision, effectiveOn, key: crypto.randomUUID() };
      await mutate(PublishPlanDocument, { input });
      again();
    });
  const say = (): void =>
    void run(async () => {
      const { selected, corner } = useEditor.getState();
      const at = corner && toLonLat(corner);
      await mutate(CommentPlanDocument, {
        input: {
          id: plan.id,
          text,
          cells: selected.slice(0, 2),
          ...(at ? { lon: at[0], lat: at[1] } : {}),
          key: crypto.randomUUID(),
        },
      });
      setText("");
      again();
    });
  const goTo = (anchor: NonNullable<PlanQuery["plan"]["events"][number]["anchor"]>): void => {
    const graph = settledGraph(useEditor.getState());
    const [first] = anchor.cells;
    const point =
      anchor.point?.type === "Point"
        ? anchor.point.coordinates
        : graph && first !== undefined
          ? placeOfCell(graph, first)
          : undefined;
    choose(first);
    if (point) set({ camera: { lon: point[0], lat: point[1], zoom: NEAR_ZOOM } });
  };
  return (
    <section aria-label={t.review} data-testid="plan-review" data-state={plan.state}>
      <h2>
        {t.review} <span className="plan-mark">{t.states[plan.state]}</span>
      </h2>
      {!plan.baseCurrent && plan.state !== "PUBLISHED" && <p className="tone-soon">{t.stale}</p>}
      <div className="plan-steps">
        {(Object.keys(STEPS) as ReviewStep[])
          .filter((step) => plan.steps.includes(step))
          .map((step) => (
            <button
              key={step}
              type="button"
              className={step === "SUBMIT" || step === "APPROVE" ? "button primary" : "button"}
              data-step={step}
              disabled={busy || unsent}
              onClick={() => take(step)}
            >
              {t.stepNames[step]}
            </button>
          ))}
      </div>
      {plan.steps.includes("PUBLISH") && (
        <form
          className="plan-say"
          onSubmit={(event) => {
            event.preventDefault();
            publish();
          }}
        >
          <label>
            {t.effectiveOn}{" "}
            <input
              type="date"
              required
              value={effectiveOn}
              onChange={(event) => setEffectiveOn(event.currentTarget.value)}
            />
          </label>
          <button
            type="submit"
            className="button primary"
            data-step="PUBLISH"
            disabled={busy || unsent || !effectiveOn}
          >
            {t.publish}
          </button>
        </form>
      )}
      {plan.effectiveOn && <p>{fill(t.inForce, { day: plan.effectiveOn })}</p>}
      {error && (
        <p role="alert" className="tone-late">
          {error}
        </p>
      )}
      <form
        className="plan-say"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) say();
        }}
      >
        <input
          aria-label={t.say}
          placeholder={t.sayHint}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" className="button" disabled={busy || !text.trim()}>
          {t.send}
        </button>
      </form>
      <ul>
        {[...plan.events].reverse().map(({ id, kind, author, at, text: said, anchor }) => (
          <li key={id}>
            <b>{t.eventNames[kind]}</b>
            <span className="tone-muted">
              {author} · {format.instant(Date.parse(at) / 1000)}
            </span>
            {said && <span>{said}</span>}
            {anchor && (anchor.cells.length > 0 || anchor.point) && (
              <button type="button" className="link" onClick={() => goTo(anchor)}>
                {t.goThere}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
