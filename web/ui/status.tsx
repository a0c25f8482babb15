import { useTranslation } from "react-i18next";
import type { ClockState } from "../panels/clock-state.ts";

export type Tone = "good" | "soon" | "late" | "severe" | "idle" | "muted";

const CLOCKS: Readonly<Record<ClockState | "ended", { tone: Tone; sign: string; text: string }>> = {
  onTime: { tone: "good", sign: "●", text: "clock.onTime" },
  dueSoon: { tone: "soon", sign: "◆", text: "clock.dueSoon" },
  overdueOpen: { tone: "late", sign: "▲", text: "clock.late" },
  paused: { tone: "idle", sign: "❚❚", text: "clock.paused" },
  noClock: { tone: "idle", sign: "○", text: "clock.none" },
  ended: { tone: "idle", sign: "✓", text: "clock.ended" },
};

/** Text with a sign and a colour; the sign carries the meaning where the colour is not seen. */
export function Badge({ tone, sign, children }: { tone: Tone; sign: string; children: React.ReactNode }) {
  return (
    <span className={`badge tone-${tone}`} data-sign={sign}>
      {children}
    </span>
  );
}

/** State of a clock, with how long it is over or how long is left. */
export function ClockBadge({ state, detail }: { state: ClockState | undefined; detail?: string | undefined }) {
  const { t } = useTranslation();
  const { tone, sign, text } = CLOCKS[state ?? "ended"];
  return (
    <Badge tone={tone} sign={sign}>
      {t(text)}
      {detail && ` ${detail}`}
    </Badge>
  );
}

/** On duty or off, or nobody at all. */
export function DutyBadge({ onDuty, nobody }: { onDuty: boolean; nobody?: boolean }) {
  const { t } = useTranslation();
  if (nobody)
    return (
      <Badge tone="late" sign="▲">
        {t("duty.nobody")}
      </Badge>
    );
  return (
    <Badge tone={onDuty ? "good" : "idle"} sign={onDuty ? "●" : "○"}>
      {t(onDuty ? "duty.on" : "duty.off")}
    </Badge>
  );
}
