import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import type { PanelInput } from "../../panels/types.ts";
import type { CaseLine } from "../../plane/case-line.ts";
import { usePlaneAnswer } from "../../plane/use-answer.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { useFormat } from "../../ui/format.ts";
import { ListTools } from "../../ui/list-tools.tsx";
import { EmptyNote, Skeleton } from "../../ui/notes.tsx";
import { ClockBadge } from "../../ui/status.tsx";
import type { TableModel } from "../../ui/table-model.ts";
import { ExportMenu } from "./export/export-menu.tsx";
import { selectCase } from "./select-case.ts";
import { useListNotes } from "./use-list-notes.ts";

const PAGE = 100;

/** Cases that area and filters hold, the most overdue first. */
export function CaseList({ input }: { input: PanelInput }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { asOf, area, areas } = input;
  const filters = useView((view) => view.filters);
  const [shown, setShown] = useState(PAGE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another selection starts at its top
  useEffect(() => setShown(PAGE), [filters, area]);
  const cases = usePlaneAnswer({ kind: "cases", limit: shown })?.value;
  const names = useMemo(() => new Map(areas.map((area) => [area.code, area.name])), [areas]);
  const chosen = useView((view) => view.incidentRef);
  const list = cases?.lines ?? [];
  const total = cases?.total ?? 0;
  const notes = useListNotes(input);
  const place = ({ areaCode = "" }: CaseLine): string =>
    [names.get(areaCode.slice(0, 12)), names.get(areaCode)].filter(Boolean).join(" ") || t("story.noPlace");
  const clockText = ({ clock, due }: CaseLine): string =>
    !clock || due === undefined || clock === "paused" || clock === "noClock" ? "" : format.duration(asOf - due);
  const clockWord = ({ clock }: CaseLine): string =>
    t(
      clock
        ? clock === "overdueOpen"
          ? "clock.late"
          : clock === "noClock"
            ? "clock.none"
            : `clock.${clock}`
        : "clock.ended",
    );
  const model: TableModel = {
    title: t("list.cases", { place: names.get(input.area) ?? input.area }),
    notes: [...notes, t("list.shown", { shown: format.number(list.length), total: format.number(total) })],
    columns: [
      { key: "class", title: t("list.class") },
      { key: "clock", title: t("list.clock") },
      { key: "place", title: t("list.place") },
      { key: "state", title: t("list.state") },
      { key: "opened", title: t("list.opened") },
      { key: "ref", title: t("list.ref"), align: "end" },
    ],
    rows: list.map((line) => ({
      key: line.ref,
      class: format.className(line.classCode),
      clock: `${clockWord(line)} ${clockText(line)}`.trim(),
      place: place(line),
      state: t(`incidentState.${line.state}`),
      opened: format.instant(line.opened),
      ref: String(line.ref),
    })),
  };
  if (!cases) return <Skeleton />;
  if (!total) return <EmptyNote title={t("list.noCases")}>{t("list.noCasesHint")}</EmptyNote>;
  return (
    <>
      <ListTools model={model} area={area}>
        <ExportMenu first="incidents" area={area} place={names.get(area) ?? area} asOf={asOf} />
      </ListTools>
      <DataTable
        testId="case-list"
        model={model}
        selected={list.findIndex(({ ref }) => ref === chosen)}
        show={{
          class: (value, index) => (
            <button type="button" className="link" onClick={() => list[index] && selectCase(list[index].ref)}>
              {value}
            </button>
          ),
          clock: (_, index) => {
            const line = list[index];
            return <ClockBadge state={line?.clock} detail={(line && clockText(line)) || undefined} />;
          },
        }}
      />
      <p className="list-more">
        {t("list.shown", { shown: format.number(list.length), total: format.number(total) })}{" "}
        {shown < total && (
          <button type="button" className="button" onClick={() => setShown((n) => n + PAGE)}>
            {t("list.more")}
          </button>
        )}
      </p>
    </>
  );
}
