import type { ZoneClock } from "../../../data/model/zoned-time.ts";
import type { CountParts, TimeWindow } from "../../../db/rollups/case-counts.ts";

/** How much of a window is counted where. */
export interface WindowPlan extends CountParts {
  /** From memory; undefined = nothing. */
  readonly hot: TimeWindow | undefined;
}

/** Where days or months of a calendar begin. All epoch seconds. */
export interface Calendar {
  /** First beginning at or after an instant. */
  readonly atOrAfter: (seconds: number) => number;
  /** Last beginning at or before an instant. */
  readonly atOrBefore: (seconds: number) => number;
  /** The day that begins then, yyyy-mm-dd. */
  readonly nameOf: (seconds: number) => string;
}

const DAY_MS = 86_400_000;

/** Days or months of a county's own calendar. */
export function calendarOf(clock: ZoneClock, unit: "day" | "month"): Calendar {
  /** Beginning of the unit that lies `steps` units after the one of an instant, epoch ms. */
  const begin = (epochMs: number, steps: number): number => {
    const local = new Date(epochMs + clock.offsetMs(epochMs));
    const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
    return clock.fromLocal(unit === "day" ? Date.UTC(year, month, day + steps) : Date.UTC(year, month + steps, 1))
      .epochMs;
  };
  const atOrBefore = (seconds: number): number => begin(seconds * 1000, 0) / 1000;
  return {
    atOrBefore,
    atOrAfter: (seconds) => (atOrBefore(seconds) === seconds ? seconds : begin(seconds * 1000, 1) / 1000),
    // Noon of the day: where midnight is skipped, the day begins later.
    nameOf: (seconds) => {
      const ms = seconds * 1000 + DAY_MS / 4;
      return new Date(ms + clock.offsetMs(ms)).toISOString().slice(0, 10);
    },
  };
}

/**
 * Cuts a window: memory counts what it holds, roll-ups whole days or months before that, SQL the rest.
 *
 * @param hotFrom memory holds every case opened from then on, epoch seconds; undefined = there is none
 * @param calendar units of the roll-ups; undefined where they cannot say what is asked
 */
export function planWindow(
  window: TimeWindow,
  hotFrom: number | undefined,
  calendar: Calendar | undefined,
): WindowPlan {
  const { from, to } = window;
  if (hotFrom !== undefined && hotFrom <= (from ?? Number.NEGATIVE_INFINITY)) return { hot: window, cases: [] };
  if (hotFrom === undefined || hotFrom >= (to ?? Number.POSITIVE_INFINITY))
    return { hot: undefined, ...withoutMemory(window, calendar) };
  // Where the roll-ups' units allow it, they go on a little into what memory holds: then SQL counts nothing there.
  const boundary = calendar?.atOrAfter(hotFrom);
  const split = boundary !== undefined && boundary <= (to ?? Number.POSITIVE_INFINITY) ? boundary : hotFrom;
  return { hot: { from: split, to }, ...withoutMemory({ from, to: split }, calendar) };
}

function withoutMemory({ from, to }: TimeWindow, calendar: Calendar | undefined): CountParts {
  if (!calendar) return { cases: [{ from, to }] };
  const first = from === undefined ? undefined : calendar.atOrAfter(from);
  const last = to === undefined ? undefined : calendar.atOrBefore(to);
  if (first !== undefined && last !== undefined && first >= last) return { cases: [{ from, to }] };
  const cases: TimeWindow[] = [];
  if (first !== undefined && first !== from) cases.push({ from, to: first });
  if (last !== undefined && last !== to) cases.push({ from: last, to });
  const name = (seconds: number | undefined): string | undefined =>
    seconds === undefined ? undefined : calendar.nameOf(seconds);
  return { rollup: { from: name(first), to: name(last) }, cases };
}
