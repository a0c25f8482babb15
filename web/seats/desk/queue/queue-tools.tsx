import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { QUEUE_OWNERS, type QueueChoice, useView } from "../../../app/view-state.ts";
import { mayDo } from "../../../app/viewer.ts";
import { useFormat } from "../../../ui/format.ts";
import type { QueueAction } from "./queue-keys.ts";

interface Props {
  readonly search: RefObject<HTMLInputElement | null>;
  /** Cases that a button would act on. */
  readonly targets: number;
  readonly selected: number;
  readonly shown: number;
  readonly total: number;
  readonly onAction: (action: QueueAction) => void;
  readonly onLeaveSearch: () => void;
}

/** Whose cases, a search, and what can be done with the selected ones; each button says its key. */
export function QueueTools({ search, targets, selected, shown, total, onAction, onLeaveSearch }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const queue = useView((view) => view.queue);
  const late = useView((view) => view.filters.late);
  const set = useView((view) => view.set);
  const setFilters = useView((view) => view.setFilters);
  const choose = (patch: Partial<QueueChoice>) => set({ queue: { ...queue, ...patch } });
  const action = (id: QueueAction, key: string, may: boolean, enabled = true) =>
    may && (
      <button type="button" className="button" disabled={!enabled} onClick={() => onAction(id)} aria-keyshortcuts={key}>
        {t(`queue.do.${id}`)} <kbd>{key}</kbd>
      </button>
    );
  return (
    <div className="queue-tools">
      <div className="queue-line">
        <fieldset className="queue-chips">
          <legend className="sr-only">{t("queue.which")}</legend>
          <button
            type="button"
            className="button"
            aria-pressed={!queue.owner}
            onClick={() => choose({ owner: undefined })}
          >
            {t("queue.owner.all")}
          </button>
          {QUEUE_OWNERS.map((owner) => (
            <button
              key={owner}
              type="button"
              className="button"
              aria-pressed={queue.owner === owner}
              onClick={() => choose({ owner })}
            >
              {t(`queue.owner.${owner}`)}
            </button>
          ))}
          <button
            type="button"
            className="button"
            aria-pressed={late === true}
            onClick={() => setFilters({ late: late ? undefined : true })}
          >
            {t("clock.late")}
          </button>
          <button
            type="button"
            className="button"
            aria-pressed={!!queue.paused}
            onClick={() => choose({ paused: queue.paused ? undefined : true })}
          >
            {t("clock.paused")}
          </button>
        </fieldset>
        <input
          ref={search}
          type="search"
          className="queue-search"
          aria-label={t("queue.find")}
          aria-keyshortcuts="/"
          placeholder={t("queue.findHint")}
          value={queue.text ?? ""}
          onChange={(event) => choose({ text: event.currentTarget.value || undefined })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== "Escape" && event.key !== "ArrowDown") return;
            event.preventDefault();
            event.stopPropagation();
            onLeaveSearch();
          }}
        />
      </div>
      <div className="queue-line">
        <span className="queue-count">
          {selected
            ? t("queue.selected", { count: selected })
            : t("list.shown", { shown: format.number(shown), total: format.number(total) })}
        </span>
        {action("advance", "a", mayDo("move"), targets > 0)}
        {action("take", "t", mayDo("handle"), targets > 0)}
        {action("assign", "s", mayDo("supervise"), targets > 0)}
        {action("merge", "m", mayDo("supervise"), targets > 0)}
        {action("new", "n", mayDo("report"))}
        {action("keys", "?", true)}
      </div>
    </div>
  );
}
