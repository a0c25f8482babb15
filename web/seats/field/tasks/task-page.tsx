import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { IncidentState } from "../../../../data/model/incident.ts";
import { isOpenState } from "../../../../data/model/incident.ts";
import { useView } from "../../../app/view-state.ts";
import { mayDo } from "../../../app/viewer.ts";
import type { CaseNowFragment } from "../../../gql/generated.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { Calls } from "../area/calls.tsx";
import { GridMap } from "../area/grid-map.tsx";
import type { FieldArea } from "../area/use-field-area.ts";
import { tryNow } from "../keep-trying.ts";
import { Sendings } from "../report/sendings.tsx";
import { FIELD_TEXTS } from "../texts.ts";
import { Countdown } from "./countdown.tsx";
import { StepForm } from "./step-form.tsx";
import { TaskPhotos } from "./task-photos.tsx";
import { type FieldCase, type Task, useTask } from "./use-task.ts";

type Case = NonNullable<FieldCase>;

/** One case on the phone: what it is, how long is left, what to do next, whom to call, its record. */
export function TaskPage({ county, caseRef, area }: { county: string; caseRef: number; area: FieldArea }) {
  const t = useTexts(FIELD_TEXTS);
  const task = useTask(county, caseRef);
  const { found, error, retry } = task;
  useEffect(() => {
    scrollTo(0, 0);
  }, []);
  const close = (): void => useView.getState().set({ incidentRef: undefined });
  return (
    <main className="field-main" data-testid="task-page">
      <div className="field-steps">
        <button type="button" className="button" onClick={close}>
          ‹ {t.toTasks}
        </button>
        <span className="tone-muted">{fill(t.ref, { ref: caseRef })}</span>
      </div>
      <Sendings caseRef={caseRef} />
      {!found ? (
        error ? (
          <ErrorNote error={error} retry={retry} />
        ) : found === null ? (
          <EmptyNote title={t.failed} />
        ) : (
          <Skeleton />
        )
      ) : (
        <Found task={task} found={found} area={area} />
      )}
    </main>
  );
}

function Found({ task, found, area }: { task: Task; found: Case; area: FieldArea }) {
  const t = useTexts(FIELD_TEXTS);
  const { t: word } = useTranslation();
  const language = useView((view) => view.language);
  const named = (thing: { readonly name: string; readonly nameEn: string }): string =>
    language === "en" ? thing.nameEn : thing.name;
  const ended = !isOpenState(found.state.toLowerCase() as IncidentState);
  const units = [found.organisation, found.responsible?.organisation].filter((unit) => unit != null);
  const [lon = 0, lat = 0] = found.point;
  return (
    <>
      <h2>{found.title ?? named(found.class)}</h2>
      <p className="field-task-head" data-testid="task-clock">
        <Countdown task={found} />
        <span>{named(found.step)}</span>
      </p>
      <p className="tone-muted">
        {[
          named(found.class),
          found.area?.name,
          word(`severity.${found.severity.toLowerCase()}`),
          found.handledByMe && t.byMe,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {task.error && (
        <p role="alert" className="tone-late">
          {t.offline}
        </p>
      )}
      <Steps task={task} found={found} ended={ended} />
      <TaskPhotos found={found} ended={ended} />
      <h3>{t.who}</h3>
      <Calls duties={found.dutyNow} units={[...new Map(units.map((unit) => [unit.id, unit])).values()]} />
      <h3>{t.place}</h3>
      <GridMap
        own={area}
        neighbours={area.neighbours}
        marks={[{ id: found.id, place: [lon, lat], late: found.late }]}
      />
      <Record found={found} named={named} />
    </>
  );
}

type Named = (thing: { readonly name: string; readonly nameEn: string }) => string;

function Record({ found, named }: { found: Case; named: Named }) {
  const t = useTexts(FIELD_TEXTS);
  const { t: word } = useTranslation();
  const format = useFormat();
  return (
    <section>
      <h3>{t.record}</h3>
      <ol className="field-record" data-testid="record">
        {found.events.map((event) => (
          <li key={`${event.at} ${event.kind} ${event.toState}`}>
            <time className="tone-muted">{format.instant(Date.parse(event.at) / 1000)}</time>{" "}
            {event.kind === "STEP" ? "" : `${word(`caseEvent.${event.kind.toLowerCase()}`)} · `}
            {event.step ? named(event.step) : word(`incidentState.${event.toState.toLowerCase()}`)}
            {event.note && <span className="field-record-note">{event.note}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Take it, or take the next step with what it needs. */
function Steps({ task, found, ended }: { task: Task; found: Case; ended: boolean }) {
  const t = useTexts(FIELD_TEXTS);
  const language = useView((view) => view.language);
  const [chosen, setChosen] = useState<string>();
  if (ended) return null;
  const steps = found.nextSteps ?? [];
  // Ways forward first; what leads aside (void, on hold) after them.
  const sorted = [...steps].sort((a, b) => Number(a.step.side) - Number(b.step.side));
  const next = sorted.find((one) => keyOf(one) === chosen && one.refusal === null);
  const mayTake = !found.handledByMe && mayDo("handle");
  return (
    <section className="field-next" aria-label={t.steps} aria-busy={task.busy}>
      {task.waitsUntil !== undefined && (
        <p role="status" className="tone-soon">
          ◆ {fill(t.waiting, { seconds: Math.max(0, Math.ceil((task.waitsUntil - Date.now()) / 1000)) })}{" "}
          <button type="button" className="button" onClick={tryNow}>
            {t.tryNow}
          </button>
        </p>
      )}
      {task.refusal && (
        <p role="alert" className="tone-late">
          {task.refusal.code === "CONFLICT"
            ? t.conflict
            : [task.refusal.message, task.refusal.hint].filter(Boolean).join(" ")}
        </p>
      )}
      {mayTake && (
        <>
          <button
            type="button"
            className="button primary field-wide"
            data-testid="take"
            disabled={task.busy}
            onClick={() => void task.take(found)}
          >
            {task.busy ? t.working : t.take}
          </button>
          <p className="tone-muted field-small">{t.takeHint}</p>
        </>
      )}
      {next ? (
        <StepForm
          next={next}
          found={found}
          busy={task.busy}
          onCancel={() => setChosen(undefined)}
          onStep={(input) =>
            void task.step(input).then((done) => {
              if (done) setChosen(undefined);
            })
          }
        />
      ) : (
        <ul className="field-list" data-testid="steps">
          {sorted.map((one) => (
            <li key={keyOf(one)}>
              <button
                type="button"
                className={one.step.side || mayTake ? "button field-wide" : "button primary field-wide"}
                data-step={one.step.key}
                disabled={one.refusal !== null || task.busy}
                onClick={() => setChosen(keyOf(one))}
              >
                {language === "en" ? one.nameEn : one.name}
              </button>
              {one.refusal !== null && (
                <p className="tone-muted field-small">{language === "en" ? one.refusalEn : one.refusal}</p>
              )}
            </li>
          ))}
        </ul>
      )}
      {!sorted.length && !mayTake && <p className="tone-muted">{t.noSteps}</p>}
    </section>
  );
}

const keyOf = ({ step, name }: NonNullable<CaseNowFragment["nextSteps"]>[number]): string => `${step.key} ${name}`;
