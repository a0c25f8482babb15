import { useView } from "../../../app/view-state.ts";
import type { FieldTasksQuery } from "../../../gql/generated.ts";
import type { QueryState } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { EmptyNote, Skeleton } from "../../../ui/notes.tsx";
import { FIELD_TEXTS } from "../texts.ts";
import { Countdown } from "./countdown.tsx";

/** Own tasks, first to breach first. */
export function TaskList({ tasks }: { tasks: QueryState<FieldTasksQuery> }) {
  const t = useTexts(FIELD_TEXTS);
  const language = useView((view) => view.language);
  const set = useView((view) => view.set);
  const named = (thing: { readonly name: string; readonly nameEn: string }): string =>
    language === "en" ? thing.nameEn : thing.name;
  const { data, error, retry } = tasks;
  const list = data?.incidents;
  return (
    <section aria-labelledby="tasks-title">
      <h2 id="tasks-title">
        {t.mine} {list && <span className="tone-muted">{fill(t.mineCount, { count: list.totalCount })}</span>}
      </h2>
      {error && (
        <p role="alert" className="tone-late">
          {data ? t.offline : t.failed}{" "}
          <button type="button" className="button" onClick={retry}>
            {t.retry}
          </button>
        </p>
      )}
      {!list && !error && <Skeleton />}
      {list?.nodes.length === 0 && <EmptyNote title={t.noTasks}>{t.noTasksHint}</EmptyNote>}
      <ul className="field-list" data-testid="tasks">
        {list?.nodes.map((task) => (
          <li key={task.id}>
            <button
              type="button"
              className="field-task"
              data-ref={task.ref}
              onClick={() => set({ incidentRef: task.ref })}
            >
              <span className="field-task-head">
                <strong>{task.title ?? named(task.class)}</strong>
                <Countdown task={task} />
              </span>
              <span className="tone-muted">
                {[named(task.class), task.area?.name, named(task.step), task.handledByMe ? t.byMe : undefined]
                  .filter((part) => part && part !== task.title)
                  .join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
