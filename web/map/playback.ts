/** A window over the days of a histogram: indexes `[from, to)`, whole ones but while it is dragged or played. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

/** Width that playback starts with when the whole time is selected: a week shows a rhythm without its noise. */
export const PLAY_WINDOW_DAYS = 7;

/** Days per second that one can choose. */
export const SPEEDS = [1, 3, 7, 30] as const;

/** The window moved by `days`, kept inside `0 … length`; its width stays. */
export function moveWindow({ from, to }: DayWindow, days: number, length: number): DayWindow {
  const width = to - from;
  const start = Math.min(Math.max(0, from + days), Math.max(0, length - width));
  return { from: start, to: start + width };
}

/** One edge moved to a day; the window keeps at least one day. */
export function moveEdge({ from, to }: DayWindow, edge: "from" | "to", day: number, length: number): DayWindow {
  const at = Math.min(Math.max(0, day), length);
  return edge === "from" ? { from: Math.min(at, to - 1), to } : { from, to: Math.max(at, from + 1) };
}

/** The window that playback begins with: the present one, or the first week when everything or the end is selected. */
export function playFrom(window: DayWindow, length: number): DayWindow {
  const width = window.to - window.from;
  if (width >= length) return { from: 0, to: Math.min(length, PLAY_WINDOW_DAYS) };
  return window.to >= length ? { from: 0, to: width } : window;
}

/** The playback's window some (also parts of) days later, and whether it has come to the end. */
export function playFor(window: DayWindow, days: number, length: number): { window: DayWindow; ended: boolean } {
  const next = moveWindow(window, days, length);
  return { window: next, ended: next.to >= length };
}

/** The nearest window of whole days, at least one. */
export function wholeDays({ from, to }: DayWindow, length: number): DayWindow {
  const start = Math.min(Math.max(0, Math.round(from)), length - 1);
  return { from: start, to: Math.min(length, Math.max(start + 1, start + Math.round(to - from))) };
}
