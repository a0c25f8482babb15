import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { NULL_TIME } from "../../../data/columns/format.ts";
import { NO_GRID } from "../../../data/columns/incident-columns.ts";
import { INCIDENT_STATES } from "../../../data/model/incident.ts";
import { useView } from "../../app/view-state.ts";
import { clockState } from "../../panels/figures.ts";
import type { PanelInput } from "../../panels/types.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { useFormat } from "../../ui/format.ts";
import { ListTools } from "../../ui/list-tools.tsx";
import { EmptyNote } from "../../ui/notes.tsx";
import { ClockBadge } from "../../ui/status.tsx";
import type { TableModel } from "../../ui/table-model.ts";
import { caseOrder } from "./leader-list.ts";
import { selectCase } from "./select-case.ts";
import { useListNotes } from "./use-list-notes.ts";

const PAGE = 100;

/** Cases that area and filters hold, the most overdue first. */
export function CaseList({ input }: { input: PanelInput }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { columns, rows, asOf, areas } = input;
  const [shown, setShown] = useState(PAGE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection starts at its top
  useEffect(() => setShown(PAGE), [rows]);
  const ordered = useMemo(() => caseOrder(columns, rows, asOf), [columns, rows, asOf]);
  const names = useMemo(() => new Map(areas.map((area) => [area.code, area.name])), [areas]);
  const chosen = useView((view) => view.incidentRef);
  const list = ordered.slice(0, shown);
  const notes = useListNotes(input);
  const place = (row: number): string => {
    const grid = columns.grid[row] as number;
    const code = grid === NO_GRID ? "" : (columns.grids[grid] as string);
    return [names.get(code.slice(0, 12)), names.get(code)].filter(Boolean).join(" ") || t("story.noPlace");
  };
  const clocks = list.map((row) => clockState(columns, row, asOf));
  const clockText = (row: number, index: number): string => {
    const due = columns.due[row] as number;
    const state = clocks[index];
    if (!state || due === NULL_TIME || state === "paused" || state === "noClock") return "";
    return format.duration(asOf - due);
  };
  const clockWord = (index: number): string => {
    const state = clocks[index];
    return t(
      state
        ? state === "overdueOpen"
          ? "clock.late"
          : state === "noClock"
            ? "clock.none"
            : `clock.${state}`
        : "clock.ended",
    );
  };
  const model: TableModel = {
    title: t("list.cases", { place: names.get(input.area) ?? input.area }),
    notes: [...notes, t("list.shown", { shown: format.number(list.length), total: format.number(ordered.length) })],
    columns: [
      { key: "class", title: t("list.class") },
      { key: "clock", title: t("list.clock") },
      { key: "place", title: t("list.place") },
      { key: "state", title: t("list.state") },
      { key: "opened", title: t("list.opened") },
      { key: "ref", title: t("list.ref"), align: "end" },
    ],
    rows: list.map((row, index) => ({
      key: columns.ref[row] as number,
      class: format.className(columns.classes[columns.classIndex[row] as number] as string),
      clock: `${clockWord(index)} ${clockText(row, index)}`.trim(),
      place: place(row),
      state: t(`incidentState.${INCIDENT_STATES[columns.state[row] as number]}`),
      opened: format.instant(columns.opened[row] as number),
      ref: String(columns.ref[row]),
    })),
  };
  if (!ordered.length) return <EmptyNote title={t("list.noCases")}>{t("list.noCasesHint")}</EmptyNote>;
  return (
    <>
      <ListTools model={model} area={input.area} />
      <DataTable
        testId="case-list"
        model={model}
        selected={list.findIndex((row) => columns.ref[row] === chosen)}
        show={{
          class: (value, index) => (
            <button type="button" className="link" onClick={() => selectCase(columns, list[index] as number)}>
              {value}
            </button>
          ),
          clock: (_, index) => (
            <ClockBadge state={clocks[index]} detail={clockText(list[index] as number, index) || undefined} />
          ),
        }}
      />
      <p className="list-more">
        {t("list.shown", { shown: format.number(list.length), total: format.number(ordered.length) })}{" "}
        {shown < ordered.length && (
          <button type="button" className="button" onClick={() => setShown((n) => n + PAGE)}>
            {t("list.more")}
          </button>
        )}
      </p>
    </>
  );
}
