import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { areaPath } from "../../panels/area-tree.ts";
import type { PanelInput } from "../../panels/types.ts";
import { usePlaneAnswer } from "../../plane/use-answer.ts";
import { useFormat } from "../../ui/format.ts";
import { ClockBadge } from "../../ui/status.tsx";

const SHOWN = 12;
/** Items on show at once; the line turns to the next ones, it does not run. */
const PER_PAGE = 3;
const PAGE_MS = 10_000;

/** The newest cases in one calm line. */
export function Ticker({ input }: { input: PanelInput | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [page, setPage] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setPage((n) => n + 1), PAGE_MS);
    return () => clearInterval(timer);
  }, []);
  const newest = usePlaneAnswer(input && { kind: "newest", limit: SHOWN })?.value;
  const areas = input?.areas;
  const items = useMemo(
    () =>
      (newest ?? []).map((line) => {
        const path = line.areaCode && areas ? areaPath(areas, line.areaCode) : [];
        return { ...line, place: (path.find((area) => area.level === "community") ?? path.at(-1))?.name ?? "" };
      }),
    [newest, areas],
  );
  const pages = Math.max(1, Math.ceil(items.length / PER_PAGE));
  const start = (page % pages) * PER_PAGE;
  return (
    <footer className="ticker">
      <h2>{t("ticker.title")}</h2>
      <ol>
        {items.slice(start, start + PER_PAGE).map((item) => (
          <li key={item.ref}>
            <time>{format.instant(item.opened)}</time>
            <strong>{format.className(item.classCode)}</strong>
            <span>{item.place}</span>
            <span className="tone-muted">{t(`incidentState.${item.state}`)}</span>
            {item.clock === "overdueOpen" && <ClockBadge state={item.clock} />}
          </li>
        ))}
        {newest && items.length === 0 && <li className="tone-muted">{t("state.nothing")}</li>}
      </ol>
    </footer>
  );
}
