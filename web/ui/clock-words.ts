import { useTranslation } from "react-i18next";
import { useFormat } from "./format.ts";

/** A clock as the API gives it: `Incident.clocks`. */
export interface ShownClock {
  readonly target: "ANSWER" | "ARRIVE" | "HANDLE" | "CLOSE" | null;
  readonly state: "RUNNING" | "PAUSED" | "MET" | "LATE" | "MISSED" | "DROPPED";
  /** ISO 8601; null while it is paused. */
  readonly dueAt?: string | null | undefined;
  readonly endedAt?: string | null | undefined;
  readonly pauseReason?: string | null | undefined;
}

/** How a clock looks: colour is never the only sign, the words say it too. */
export type ClockTone = "running" | "soon" | "late" | "paused" | "met" | "missed" | "dropped";

export interface ClockSign {
  readonly tone: ClockTone;
  /** Seconds left, or seconds too late; null where neither says anything. */
  readonly seconds: number | null;
}

/** Less than this is left: it is shown as soon due. */
const SOON_SECONDS = 3600;

/**
 * What a clock shows at an instant of the server's time. Judged here, so that it goes on between two answers; a paused clock
 * never shows as in time.
 *
 * @param nowMs server time, epoch milliseconds
 */
export function clockSign(clock: ShownClock, nowMs: number): ClockSign {
  if (clock.state === "PAUSED") return { tone: "paused", seconds: null };
  if (clock.state === "DROPPED") return { tone: "dropped", seconds: null };
  if (clock.dueAt == null) return { tone: clock.state === "MET" ? "met" : "running", seconds: null };
  const end = clock.endedAt == null ? nowMs : Date.parse(clock.endedAt);
  const left = Math.floor((Date.parse(clock.dueAt) - end) / 1000);
  if (clock.state === "MET") return { tone: "met", seconds: null };
  if (clock.state === "MISSED") return { tone: "missed", seconds: -left };
  if (left < 0) return { tone: "late", seconds: -left };
  return { tone: left < SOON_SECONDS ? "soon" : "running", seconds: left };
}

/** Words of clocks in the language of the screen: `target` is what it runs towards, `text` how it stands. */
export function useClockWords(): (
  clock: ShownClock,
  nowMs: number,
) => ClockSign & {
  readonly target: string;
  readonly text: string;
} {
  const { t } = useTranslation();
  const { duration } = useFormat();
  return (clock, nowMs) => {
    const sign = clockSign(clock, nowMs);
    const time = sign.seconds === null ? "" : duration(sign.seconds);
    const tone = sign.tone === "running" && sign.seconds === null ? "open" : sign.tone;
    const text = t(`caseClock.tone.${tone}`, { time });
    return {
      ...sign,
      target: t(`caseClock.target.${clock.target ?? "STATE"}`),
      text:
        sign.tone === "paused" && clock.pauseReason
          ? t("caseClock.pausedBecause", { reason: clock.pauseReason })
          : text,
    };
  };
}
