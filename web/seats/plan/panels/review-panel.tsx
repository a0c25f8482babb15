import { useState } from "react";
import { useView } from "../../../app/view-state.ts";
import {
  ApprovePlanDocument,
  PlanFindingsDocument,
  type PlanQuery,
  type PlanStepInput,
  PublishPlanDocument,
  RebasePlanDocument,
  RequestPlanChangesDocument,
  RevertPlanDocument,
  SubmitPlanDocument,
  WithdrawPlanDocument,
} from "../../../gql/generated.ts";
import { mutate } from "../../../gql/mutate.ts";
import { request } from "../../../gql/request.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { askConflicts, type Choice, closeQuestion } from "../state/conflicts.ts";
import { useSaving } from "../state/saving.ts";
import { PLAN_TEXTS } from "../texts.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";
import { useRun } from "../use-run.ts";
import { CommentList } from "./comment-list.tsx";
import { FindingsList } from "./findings-list.tsx";

/** Steps that have a button, and what they call. */
const STEPS = {
  SUBMIT: (input: PlanStepInput) => mutate(SubmitPlanDocument, { input }),
  REQUEST_CHANGES: (input: PlanStepInput) => mutate(RequestPlanChangesDocument, { input }),
  APPROVE: (input: PlanStepInput) => mutate(ApprovePlanDocument, { input }),
  WITHDRAW: (input: PlanStepInput) => mutate(WithdrawPlanDocument, { input }),
} as const satisfies Readonly<Record<string, (input: PlanStepInput) => Promise<unknown>>>;
type ReviewStep = keyof typeof STEPS;

/** States in which a plan may still be taken to later boundaries. */
const OPEN = new Set(["DRAFT", "SUBMITTED", "CHANGES_REQUESTED", "APPROVED"]);

/** How the plan stands, the steps that may be taken, what the server finds of it, and what was said. */
export function ReviewPanel({ plan, again }: { plan: PlanQuery["plan"]; again: () => void }) {
  const t = useTexts(PLAN_TEXTS);
  const words = useTexts(REVIEW_TEXTS);
  const { busy, error, run } = useRun();
  const [effectiveOn, setEffectiveOn] = useState("");
  const [note, setNote] = useState("");
  /** How often the server was asked what it finds; 0 = not yet. */
  const [checked, setChecked] = useState(0);
  const set = useView((view) => view.set);
  const saving = useSaving((state) => state.state);
  // A step is taken on what the server has: what this page has not sent yet would be left out of it.
  const unsent = saving === "saving" || saving === "offline" || saving === "conflict" || saving === "refused";
  const stepInput = () => ({
    id: plan.id,
    revision: useSaving.getState().revision || plan.revision,
    key: crypto.randomUUID(),
  });
  /** Runs a step; where the server refuses, what it finds is listed with its places. */
  const step = (work: () => Promise<void>): void =>
    void run(async () => {
      try {
        await work();
        setChecked(0);
      } catch (refusal) {
        setChecked((count) => count + 1);
        throw refusal;
      }
    });
  const take = (name: ReviewStep): void =>
    step(async () => {
      await STEPS[name]({ ...stepInput(), ...(note.trim() && { note: note.trim() }) });
      setNote("");
      again();
    });
  const publish = (): void =>
    step(async () => {
      await mutate(PublishPlanDocument, { input: { ...stepInput(), effectiveOn } });
      again();
    });
  const rebaseWith = async (choices: readonly Choice[]): Promise<void> => {
    const input = {
      ...stepInput(),
      choices: choices.map(({ cells, prefer }) => ({
        cells: [...cells],
        prefer: prefer === "mine" ? ("MINE" as const) : ("THEIRS" as const),
      })),
    };
    await mutate(RebasePlanDocument, { input });
    closeQuestion();
    again();
  };
  const rebase = (): void =>
    void run(async () => {
      const found = await request(PlanFindingsDocument, { id: plan.id });
      const conflicts = found.plan.conflicts
        .filter((one) => !one.plan)
        .map(({ cells, where }) => ({ cells, where: where?.type === "Point" ? where.coordinates : null }));
      if (conflicts.length === 0) return rebaseWith([]);
      askConflicts({
        ...{ who: words.published, conflicts, cancel: closeQuestion },
        answer: (choices) => void run(() => rebaseWith(choices)),
      });
    });
  const revert = (): void =>
    void run(async () => {
      const { revertPlan } = await mutate(RevertPlanDocument, { input: stepInput() });
      set({ plan: revertPlan.id, area: revertPlan.scope.code, camera: undefined });
    });
  const stale = !plan.baseCurrent && OPEN.has(plan.state);
  return (
    <section aria-label={t.review} data-testid="plan-review" data-state={plan.state}>
      <h2>
        {t.review} <span className="plan-mark">{t.states[plan.state]}</span>
      </h2>
      {stale && (
        <p className="tone-soon">
          {t.stale}{" "}
          {plan.steps.includes("REBASE") && (
            <button
              type="button"
              className="button"
              data-step="REBASE"
              title={words.rebaseHint}
              disabled={busy || unsent}
              onClick={rebase}
            >
              {words.rebase}
            </button>
          )}
        </p>
      )}
      {plan.state === "SUBMITTED" && plan.drawnByMe && <p className="tone-soon">{words.ownPlan}</p>}
      <div className="plan-steps">
        {(Object.keys(STEPS) as ReviewStep[])
          .filter((name) => plan.steps.includes(name))
          .map((name) => (
            <button
              key={name}
              type="button"
              className={name === "SUBMIT" || name === "APPROVE" ? "button primary" : "button"}
              data-step={name}
              disabled={busy || unsent || (name === "REQUEST_CHANGES" && !note.trim())}
              onClick={() => take(name)}
            >
              {t.stepNames[name]}
            </button>
          ))}
        {plan.steps.includes("REVERT") && (
          <button
            type="button"
            className="button"
            data-step="REVERT"
            title={words.revertHint}
            disabled={busy}
            onClick={revert}
          >
            {words.revert}
          </button>
        )}
        {OPEN.has(plan.state) && (
          <button
            type="button"
            className="button"
            data-step="CHECK"
            disabled={unsent}
            onClick={() => setChecked((count) => count + 1)}
          >
            {words.check}
          </button>
        )}
      </div>
      {plan.steps.includes("REQUEST_CHANGES") && (
        <div className="plan-say">
          <input
            aria-label={words.note}
            placeholder={words.note}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </div>
      )}
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
      {checked > 0 && <FindingsList key={checked} id={plan.id} />}
      <CommentList plan={plan} again={again} />
    </section>
  );
}
