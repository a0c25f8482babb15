import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useView } from "../../app/view-state.ts";
import { PanelBreachDocument } from "../../gql/generated.ts";
import { useFormat } from "../../ui/format.ts";
import { EmptyNote, Skeleton } from "../../ui/notes.tsx";
import { Badge } from "../../ui/status.tsx";
import { LiveFailed } from "../live-note.tsx";
import type { LivePanelProps } from "../live-types.ts";
import { useLiveQuery } from "../use-live-query.ts";
import { breachLines, URGENT_SECONDS } from "./breach-lines.ts";

/** Height of a line, rem: `.breach li` in `panels.css` has the same. */
const LINE_REM = 1.2;

/** How many lines the box has room for: a line is never cut in half. */
function useRoom() {
  const box = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const measure = (): void => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setRoom(Math.floor(((box.current?.clientHeight ?? 0) + 0.5) / (LINE_REM * rem)));
    };
    const observer = new ResizeObserver(measure);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return { box, room };
}

/** The ten open cases that are due next: what can still be saved. */
export function BreachBody({ inside, asOf }: LivePanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const english = useView((view) => view.language === "en");
  const { box, room } = useRoom();
  const { data, error } = useLiveQuery(PanelBreachDocument, { inside });
  const lines = data && breachLines(data.nextToBreach, asOf);
  return (
    <div ref={box} className="breach">
      {error && !data ? (
        <LiveFailed />
      ) : !lines ? (
        <Skeleton />
      ) : lines.length === 0 ? (
        <EmptyNote title={t("panel.breach.empty")}>{t("panel.breach.emptyHint")}</EmptyNote>
      ) : (
        <ol
          aria-label={t("panel.breach.summary", {
            list: lines.map(({ ref, left }) => `${ref} ${format.duration(left)}`).join(t("mark.comma")),
          })}
        >
          {lines.slice(0, room).map(({ ref, classNames, place, left, severe }) => (
            <li key={ref}>
              <Badge tone={left <= URGENT_SECONDS ? "soon" : "good"} sign={left <= URGENT_SECONDS ? "◆" : "●"}>
                {format.duration(left)}
              </Badge>
              <strong className={severe ? "tone-severe" : undefined}>{english ? classNames.en : classNames.zh}</strong>
              <span className="tone-muted">{place}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
