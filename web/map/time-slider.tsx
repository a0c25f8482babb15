import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from "react";
import { DAY_SECONDS, type TimeHistogram } from "../../data/columns/histogram.ts";
import { useView } from "../app/view-state.ts";
import { figure, fill, useTexts } from "../layers/use-texts.ts";
import { usePlaneAnswer } from "../plane/use-answer.ts";
import { prefersReducedMotion } from "./motion.ts";
import { type DayWindow, moveEdge, moveWindow, playFrom, SPEEDS } from "./playback.ts";
import { MAP_TEXTS } from "./texts.ts";
import { useLiveDays, usePlayback } from "./use-live-days.ts";

export interface TimeSliderProps {
  /** IANA zone of the county: bars are its days. */
  readonly timezone: string;
}

/** Height of the bars' own coordinate system. */
const HEIGHT = 100;

/** Bars as one path; the square root keeps quiet days visible beside a peak. */
function barsPath({ counts }: TimeHistogram): string {
  let most = 1;
  for (const count of counts) if (count > most) most = count;
  let path = "";
  for (const [i, count] of counts.entries()) {
    if (count > 0)
      path += `M${i + 0.1} ${HEIGHT}h0.8v${-Math.max(3, Math.sqrt(count / most) * HEIGHT).toFixed(1)}h-0.8z`;
  }
  return path;
}

function Slider({ histogram, timezone }: TimeSliderProps & { readonly histogram: TimeHistogram }) {
  const t = useTexts(MAP_TEXTS);
  const language = useView((view) => view.language);
  const selected = usePlaneAnswer<"size">({ kind: "size" })?.value.counted ?? 0;
  const length = histogram.counts.length;
  const section = useRef<HTMLElement>(null);
  const days = useLiveDays(histogram, section);
  const { window } = days;
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(SPEEDS[1]);
  const stop = useCallback(() => setPlaying(false), []);
  const calm = useMemo(prefersReducedMotion, []);
  usePlayback(playing, speed, days, length, calm, stop);
  const track = useRef<HTMLDivElement>(null);
  const drag = useRef<{ edge: "from" | "to" | "both"; start: number; window: DayWindow }>(undefined);

  const dayAt = (clientX: number): number => {
    const box = track.current?.getBoundingClientRect();
    return box ? ((clientX - box.left) / box.width) * length : 0;
  };
  const onDown = (event: PointerEvent, edge: "from" | "to" | "both"): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    event.stopPropagation();
    setPlaying(false);
    drag.current = { edge, start: dayAt(event.clientX), window };
  };
  const onMove = (event: PointerEvent): void => {
    if (!drag.current) return;
    const { edge, start, window: from } = drag.current;
    const day = dayAt(event.clientX);
    days.move(edge === "both" ? moveWindow(from, day - start, length) : moveEdge(from, edge, day, length));
  };
  const onUp = (): void => {
    if (drag.current) days.end();
    drag.current = undefined;
  };
  /** A drag on the bare track draws a new window. */
  const onTrackDown = (event: PointerEvent): void => {
    setPlaying(false);
    const day = Math.min(length - 1, Math.max(0, Math.floor(dayAt(event.clientX))));
    const fresh = { from: day, to: day + 1 };
    days.move(fresh);
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { edge: "to", start: day, window: fresh };
  };
  const onKey = (event: KeyboardEvent, edge: "from" | "to" | "both"): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -7, PageUp: 7 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const size = event.shiftKey ? step * 7 : step;
    setPlaying(false);
    days.set(edge === "both" ? moveWindow(window, size, length) : moveEdge(window, edge, window[edge] + size, length));
  };
  const toggle = (): void => {
    if (!playing) days.set(playFrom(window, length));
    setPlaying(!playing);
  };

  // Making one costs a millisecond, and the slider renders with every change of a filter.
  const dates = useMemo(
    () => new Intl.DateTimeFormat(language, { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" }),
    [language, timezone],
  );
  const date = (day: number): string => dates.format((histogram.start + day * histogram.step + DAY_SECONDS / 2) * 1000);
  const bars = useMemo(() => barsPath(histogram), [histogram]);
  const whole = window.from <= 0 && window.to >= length;
  const handle = (edge: "from" | "to") => (
    <span
      className={`time-handle time-handle-${edge}`}
      role="slider"
      tabIndex={0}
      aria-label={edge === "from" ? t.from : t.to}
      aria-valuemin={0}
      aria-valuemax={length}
      aria-valuenow={window[edge]}
      aria-valuetext={date(edge === "from" ? window.from : window.to - 1)}
      onPointerDown={(event) => onDown(event, edge)}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onPointerCancel={onUp}
      onKeyDown={(event) => onKey(event, edge)}
    />
  );
  return (
    <section className="map-panel time-slider" ref={section} aria-label={t.timeWindow}>
      <div className="time-head">
        <button type="button" className="time-play" aria-pressed={playing} onClick={toggle}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d={playing ? "M6 4h4v16H6zM14 4h4v16h-4z" : "M7 4l13 8-13 8z"} />
          </svg>
          <span className="visually-hidden">{playing ? t.pause : t.play}</span>
        </button>
        <label>
          <span className="visually-hidden">{t.speed}</span>
          <select value={speed} onChange={(event) => setSpeed(Number(event.target.value))}>
            {SPEEDS.map((days) => (
              <option key={days} value={days}>
                {fill(t.perSecond, { n: days })}
              </option>
            ))}
          </select>
        </label>
        <output className="time-range">
          {date(window.from)} – {date(window.to - 1)} · {fill(t.selected, { n: figure(selected) })}
        </output>
        <button
          type="button"
          disabled={whole}
          onClick={() => {
            setPlaying(false);
            days.set({ from: 0, to: length });
          }}
        >
          {t.allTime}
        </button>
      </div>
      <div className="time-track" ref={track} onPointerDown={onTrackDown} onPointerMove={onMove} onPointerUp={onUp}>
        <svg viewBox={`0 0 ${length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path className="time-bars" d={bars} />
        </svg>
        <svg className="time-on" viewBox={`0 0 ${length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path className="time-bars-on" d={bars} />
        </svg>
        <span
          className="time-window"
          role="slider"
          tabIndex={0}
          aria-label={t.timeWindow}
          aria-valuemin={0}
          aria-valuemax={length}
          aria-valuenow={window.from}
          aria-valuetext={`${date(window.from)} – ${date(window.to - 1)}`}
          onPointerDown={(event) => (whole ? onTrackDown(event) : onDown(event, "both"))}
          onPointerMove={onMove}
          onPointerUp={onUp}
          onKeyDown={(event) => onKey(event, "both")}
        />
        {handle("from")}
        {handle("to")}
      </div>
    </section>
  );
}

/**
 * Incidents by day with a window to drag, move by keyboard or play. It only changes the filter over columns that are
 * already here: nothing is fetched.
 */
export function TimeSlider({ timezone }: TimeSliderProps) {
  const days = usePlaneAnswer<"days">({ kind: "days" });
  return days?.value ? <Slider histogram={days.value} timezone={timezone} /> : null;
}
