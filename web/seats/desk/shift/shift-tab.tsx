import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLiveRefetch } from "../../../app/use-live.ts";
import { useView } from "../../../app/view-state.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { DutyLogDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { EmptyNote, ErrorNote, Skeleton } from "../../../ui/notes.tsx";
import { DutyLines } from "./duty-lines.tsx";
import { EntryForm } from "./entry-form.tsx";
import { HandoverPage } from "./handover-page.tsx";
import "./shift.css";

const ENTRIES = { kinds: ["DUTY"] } as const;

/** The duty log of the desk of the area on screen, and the page of its handover. */
export function ShiftTab() {
  const { t } = useTranslation();
  const area = useView((view) => view.area);
  const name = useCountyData((data) => data.areas.find(({ code }) => code === area)?.name);
  const [page, setPage] = useState<"log" | "handover">("log");
  const { data, error, retry } = useQuery(DutyLogDocument, { area });
  useLiveRefetch(ENTRIES, retry);
  return (
    <div className="shift">
      <div className="shift-bar">
        <strong>{t("shift.deskOf", { area: name ?? area })}</strong>
        <fieldset className="choice">
          <legend className="sr-only">{t("tab.shift")}</legend>
          {(["log", "handover"] as const).map((id) => (
            <button key={id} type="button" className="button" aria-pressed={page === id} onClick={() => setPage(id)}>
              {t(`shift.page.${id}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {page === "handover" ? (
        <HandoverPage key={area} area={area} onWritten={retry} />
      ) : (
        <>
          <EntryForm key={area} area={area} kinds={["NOTE"]} onWritten={retry} />
          {error && !data ? (
            <ErrorNote error={error} retry={retry} />
          ) : !data ? (
            <Skeleton />
          ) : data.dutyLog.length === 0 ? (
            <EmptyNote title={t("shift.empty")}>{t("shift.emptyHint")}</EmptyNote>
          ) : (
            <DutyLines entries={data.dutyLog} />
          )}
        </>
      )}
    </div>
  );
}
