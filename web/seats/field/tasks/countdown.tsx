import type { CaseNowFragment } from "../../../gql/generated.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { caseClock } from "../../../ui/cases/case-clock.ts";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { Badge } from "../../../ui/status.tsx";
import { FIELD_TEXTS } from "../texts.ts";

/** How often it moves on: figures are minutes, the last minute shows seconds. */
const TICK_MS = 1_000;

/** What is left of the time of a case, or how far it is over, by the server's clock. A paused one is neither. */
export function Countdown({ task }: { task: CaseNowFragment }) {
  const t = useTexts(FIELD_TEXTS);
  const format = useFormat();
  const now = useNow(TICK_MS);
  const { state, due, pauseReason } = caseClock(task, now);
  const span = (seconds: number): string =>
    Math.abs(seconds) < 60 ? `${Math.floor(Math.abs(seconds))} s` : format.duration(seconds);
  if (state === undefined)
    return (
      <Badge tone="idle" sign="✓">
        {t.ended}
      </Badge>
    );
  if (state === "paused")
    return (
      <Badge tone="idle" sign="❚❚">
        {[t.paused, pauseReason].filter(Boolean).join(" · ")}
      </Badge>
    );
  if (due === undefined)
    return (
      <Badge tone="idle" sign="○">
        {t.noClock}
      </Badge>
    );
  if (state === "overdueOpen")
    return (
      <Badge tone="late" sign="▲">
        {fill(t.overdue, { time: span(now - due) })}
      </Badge>
    );
  return (
    <Badge tone={state === "dueSoon" ? "soon" : "good"} sign={state === "dueSoon" ? "◆" : "●"}>
      {fill(t.due, { time: span(due - now) })}
    </Badge>
  );
}
