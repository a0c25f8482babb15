import { useTranslation } from "react-i18next";
import { useNow } from "../../../ui/cases/use-now.ts";
import { useFormat } from "../../../ui/format.ts";
import { Badge, type Tone } from "../../../ui/status.tsx";
import type { CaseFile } from "./case-file.ts";
import { clockFace } from "./clock-face.ts";

const TONES: Readonly<Record<CaseFile["clocks"][number]["state"], { readonly tone: Tone; readonly sign: string }>> = {
  RUNNING: { tone: "good", sign: "●" },
  PAUSED: { tone: "idle", sign: "❚❚" },
  MET: { tone: "good", sign: "✓" },
  LATE: { tone: "late", sign: "▲" },
  MISSED: { tone: "late", sign: "✕" },
  DROPPED: { tone: "idle", sign: "○" },
};
const TICK_MS = 1000;

/** The clocks of a case, counting by the server's time; one that stands still says why, and is neither in time nor late. */
export function CaseClocks({ clocks }: { clocks: CaseFile["clocks"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(TICK_MS);
  if (!clocks.length) return <p className="tone-muted">{t("clock.none")}</p>;
  return (
    <ul className="clocks" data-testid="clocks">
      {clocks.map((clock) => {
        const face = clockFace(clock, now);
        const { tone, sign } = TONES[face.state];
        const name = clock.target ? t(`clockTarget.${clock.target.toLowerCase()}`) : t("clockTarget.state");
        return (
          <li key={`${clock.kind} ${clock.rule} ${clock.startedAt}`} data-state={face.state.toLowerCase()}>
            <span className="clock-name">{name}</span>
            <Badge tone={tone} sign={sign}>
              {t(`clockState.${face.state.toLowerCase()}`)}
            </Badge>
            <span className="clock-count">
              {face.left === undefined
                ? ""
                : t(face.left < 0 ? "clock.overBy" : "clock.left", { time: format.countdown(face.left) })}
            </span>
            <span className="tone-muted">
              {clock.dueAt && !clock.endedAt && `${t("case.due")} ${format.instant(Date.parse(clock.dueAt) / 1000)} `}
              {t("clock.allowed", { time: format.duration(clock.allowedSeconds) })}
              {clock.extendedSeconds > 0 && ` · ${t("clock.extended", { time: format.duration(clock.extendedSeconds) })}`}
              {clock.calendar !== "always" && ` · ${t("clock.working")}`}
              {face.state === "PAUSED" && clock.pauseReason && ` · ${t("clock.pausedFor", { reason: clock.pauseReason })}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
