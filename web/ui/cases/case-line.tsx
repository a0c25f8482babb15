import { useTranslation } from "react-i18next";
import type { CaseRowFragment } from "../../gql/generated.ts";
import { useFormat } from "../format.ts";
import { Badge, ClockBadge } from "../status.tsx";
import { caseClock } from "./case-clock.ts";
import { type CaseWords, useCaseWords } from "./use-case-words.ts";
import "./cases.css";

const SEVERE: ReadonlySet<string> = new Set(["SERIOUS", "CRITICAL"]);

/** The deadline of a case at an instant, with how long is left or how long it is over. @param now epoch seconds */
export function CaseClockBadge({
  row,
  now,
}: {
  row: Pick<CaseRowFragment, "dueAt" | "closedAt" | "state" | "clocks">;
  now: number;
}) {
  const format = useFormat();
  const { state, due, pauseReason } = caseClock(row, now);
  const detail =
    state === "paused"
      ? pauseReason
      : state === undefined || state === "noClock" || due === undefined
        ? undefined
        : format.duration(now - due);
  return <ClockBadge state={state} detail={detail} />;
}

/** Grave cases are marked; ordinary ones need no sign. */
export function SeverityBadge({ severity }: { severity: string }) {
  const { t } = useTranslation();
  const severe = SEVERE.has(severity);
  return (
    <Badge tone={severe ? "severe" : "muted"} sign={severe ? "■" : "□"}>
      {t(`severity.${severity.toLowerCase()}`)}
    </Badge>
  );
}

/**
 * A case in two lines: what and how grave; how late, at which step, where and with whom. Nothing in it can be pressed: the
 * list around it says what a click means.
 */
export function CaseLine({ row, now, words }: { row: CaseRowFragment; now: number; words?: CaseWords }) {
  const { t } = useTranslation();
  const own = useCaseWords();
  const { named, place, owner } = words ?? own;
  return (
    <span className="case-line">
      <span className="case-line-what">
        {SEVERE.has(row.severity) && <SeverityBadge severity={row.severity} />}
        <strong>{named(row.class)}</strong>
        <span className="case-line-title">{row.title}</span>
        <span className="tone-muted case-line-ref">{row.ref}</span>
      </span>
      <span className="case-line-how">
        <CaseClockBadge row={row} now={now} />
        <span className="case-line-step">{named(row.step)}</span>
        {row.escalation && (
          <Badge tone="late" sign="↑">
            {t(`escalation.${row.escalation.toLowerCase()}`)}
          </Badge>
        )}
        <span className="tone-muted">{place(row)}</span>
        <span className="tone-muted case-line-owner">{owner(row)}</span>
      </span>
    </span>
  );
}
