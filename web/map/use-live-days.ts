import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { TimeHistogram } from "../../data/columns/histogram.ts";
import { useView } from "../app/view-state.ts";
import { setLiveWindow } from "./live-window.ts";
import { type DayWindow, playFor, wholeDays } from "./playback.ts";

/**
 * The page's filters, its address and the figures follow a moving window this often, milliseconds: six times a second,
 * below what browsers let a page change its address (200 times in 30 s).
 */
const FOLLOW_MS = 160;
/** A frame that came later than this (a hidden page, a stalled machine) moves playback no further than this, ms. */
const LONGEST_FRAME_MS = 100;

const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;

/** The window of the slider, in days of its histogram. */
export interface LiveDays {
  /** What the page's filters say: whole days. */
  readonly window: DayWindow;
  /** The window on screen now, which may lie between two days. */
  now(): DayWindow;
  /** Sets the filters. */
  set(window: DayWindow): void;
  /** Moves the window on screen: to the GPU with the next frame, to the filters a few times a second. */
  move(window: DayWindow): void;
  /** Ends a movement: the window snaps to whole days. */
  end(): void;
}

/**
 * Keeps a window that moves at the rate of the screen apart from the page's filters, which follow it.
 *
 * @param histogram days that the window runs over
 * @param slider element whose `--from` and `--to` (0 … 1) place bars, window and handles; set without React
 */
export function useLiveDays(histogram: TimeHistogram, slider: RefObject<HTMLElement | null>): LiveDays {
  const from = useView((view) => view.filters.from);
  const to = useView((view) => view.filters.to);
  const setFilters = useView((view) => view.setFilters);
  const { start, step } = histogram;
  const length = histogram.counts.length;
  const window = useMemo((): DayWindow => {
    const day = (seconds: number): number => Math.round((seconds - start) / step);
    return {
      from: from === undefined ? 0 : Math.min(Math.max(0, day(from)), length - 1),
      to: to === undefined ? length : Math.min(Math.max(1, day(to)), length),
    };
  }, [from, to, start, step, length]);
  const live = useRef<DayWindow>(undefined);
  const followed = useRef(0);
  const frame = useRef(0);
  const settled = useRef(window);
  settled.current = window;

  const paint = useCallback((): void => {
    const shown = live.current ?? settled.current;
    slider.current?.style.setProperty("--from", String(shown.from / length));
    slider.current?.style.setProperty("--to", String(shown.to / length));
  }, [slider, length]);
  useLayoutEffect(paint);

  const set = useCallback(
    (next: DayWindow): void => {
      const days = wholeDays(next, length);
      followed.current = performance.now();
      setFilters({
        from: days.from <= 0 ? undefined : start + days.from * step,
        to: days.to >= length ? undefined : start + days.to * step,
      });
    },
    [setFilters, start, step, length],
  );
  const move = useCallback(
    (next: DayWindow): void => {
      live.current = next;
      if (frame.current) return;
      frame.current = requestAnimationFrame((at) => {
        frame.current = 0;
        const shown = live.current;
        if (!shown) return;
        paint();
        setLiveWindow({
          from: shown.from <= 0 ? INT32_MIN : Math.round(start + shown.from * step),
          to: shown.to >= length ? INT32_MAX : Math.round(start + shown.to * step),
        });
        if (at - followed.current >= FOLLOW_MS) set(shown);
      });
    },
    [paint, set, start, step, length],
  );
  const end = useCallback((): void => {
    cancelAnimationFrame(frame.current);
    frame.current = 0;
    const last = live.current;
    live.current = undefined;
    if (last) set(last);
    setLiveWindow(undefined);
    paint();
  }, [set, paint]);
  useEffect(() => end, [end]);
  return useMemo(
    () => ({ window, now: () => live.current ?? settled.current, set, move, end }),
    [window, set, move, end],
  );
}

/**
 * Plays the window along, so many days a second, at the rate of the screen; where motion is unwelcome in steps of whole
 * days. Stands still while the page is hidden: browsers give hidden pages no frames.
 */
export function usePlayback(
  playing: boolean,
  speed: number,
  days: LiveDays,
  length: number,
  calm: boolean,
  stop: () => void,
): void {
  const latest = useRef(days);
  latest.current = days;
  useEffect(() => {
    if (!playing) return;
    let before: number | undefined;
    let waiting = 0;
    let frame = requestAnimationFrame(function tick(at) {
      const passed = Math.min(LONGEST_FRAME_MS, at - (before ?? at));
      before = at;
      waiting += (passed * speed) / 1000;
      const by = calm ? Math.floor(waiting) : waiting;
      // Calm steps also come no more often than the filters follow.
      if (by > 0 && (!calm || waiting >= (FOLLOW_MS * speed) / 1000)) {
        waiting -= by;
        const { window, ended } = playFor(latest.current.now(), by, length);
        if (calm) latest.current.set(window);
        else latest.current.move(window);
        if (ended) {
          stop();
          return;
        }
      }
      frame = requestAnimationFrame(tick);
    });
    return () => {
      cancelAnimationFrame(frame);
      latest.current.end();
    };
  }, [playing, speed, length, calm, stop]);
}
