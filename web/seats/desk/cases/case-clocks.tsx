import { useTranslation } from "react-i18next";
import { useNow } from "../../../ui/cases/use-now.ts";
import { type ClockTone, useClockWords } from "../../../ui/clock-words.ts";
import { useFormat } from "../../../ui/format.ts";
import { Badge, type Tone } from "../../../ui/status.tsx";
import type { CaseFile } from "./case-file.ts";

const SIGNS: Readonly<Record<ClockTone, { readonly tone: Tone; readonly sign: string }>> = {
  running: { tone: "good", sign: "●" },
  soon: { tone: "soon", sign: "◆" },
  late: { tone: "late", sign: "▲" },
  paused: { tone: "idle", sign: "❚❚" },
  met: { tone: "good", sign: "✓" },
  missed: { tone: "late", sign: "✕" },
  dropped: { tone: "idle", sign: "○" },
};
const TICK_MS = 1000;

/** The clocks of a case, counting by the server's time; one that stands still says why, and is neither in time nor late. */
export function CaseClocks({ clocks }: { clocks: CaseFile["clocks"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useClockWords();
  const now = useNow(TICK_MS);
  if (!clocks.length) return <p className="tone-muted">{t("clock.none")}</p>;
  return (
    <ul className="clocks" data-testid="clocks">
      {clocks.map((clock) => {
        const face = words(clock, now * 1000);
        const { tone, sign } = SIGNS[face.tone];
        const counts = clock.endedAt === null && face.seconds !== null;
        return (
          <li key={`${clock.kind} ${clock.target} ${clock.startedAt}`} data-tone={face.tone}>
            <span className="clock-name">{face.target}</span>
            <Badge tone={tone} sign={sign}>
              {face.text}
            </Badge>
            {counts && (
              <span className={`clock-count tone-${tone}`} role="timer">
                {format.countdown(face.seconds ?? 0)}
              </span>
            )}
            <span className="tone-muted clock-rule">
              {clock.dueAt && clock.endedAt === null && (
                <>{t("caseFile.dueAt", { time: format.instant(Date.parse(clock.dueAt) / 1000) })} · </>
              )}
              {t("caseFile.allowed", { time: format.duration(clock.allowedSeconds) })}
              {clock.extendedSeconds > 0 &&
                ` · ${t("caseFile.extended", { time: format.duration(clock.extendedSeconds) })}`}
              {clock.calendar !== "always" && ` · ${t("caseFile.workingTime")}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
