import { type RefObject, useEffect, useState } from "react";

/** Rows `[from, to)` of a list of equal rows that are worth drawing. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** Rows beyond either edge: a key held down does not show an empty box. */
const MARGIN = 6;

/**
 * What part of a list of rows of equal height shows in a box.
 *
 * @param top scrolled by, and `height` of the box and `row` of a row, all in CSS pixels
 */
export function rowWindow(top: number, height: number, row: number, count: number): RowWindow {
  if (!(row > 0)) return { from: 0, to: 0 };
  const first = Math.floor(Math.max(0, top) / row) - MARGIN;
  const last = Math.ceil((Math.max(0, top) + Math.max(0, height)) / row) + MARGIN;
  const to = Math.min(count, last);
  return { from: Math.max(0, Math.min(first, to)), to };
}

const remPx = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/**
 * Draws only the rows of a list that show.
 *
 * @param box what scrolls; its first row lies at its top
 * @param rowRem height of a row, rem
 * @returns the window, the height of a row in pixels, and what brings a row into view
 */
export function useVirtualRows(box: RefObject<HTMLElement | null>, count: number, rowRem: number) {
  const [size, setSize] = useState({ top: 0, height: 0, row: rowRem * 16 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () =>
      setSize((old) => {
        const next = { top: element.scrollTop, height: element.clientHeight, row: rowRem * remPx() };
        return old.top === next.top && old.height === next.height && old.row === next.row ? old : next;
      });
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, [box, rowRem]);
  const show = (index: number): void => {
    const element = box.current;
    if (!element) return;
    const { row } = size;
    if (index * row < element.scrollTop) element.scrollTop = index * row;
    else if ((index + 1) * row > element.scrollTop + element.clientHeight)
      element.scrollTop = (index + 1) * row - element.clientHeight;
  };
  return { ...rowWindow(size.top, size.height, size.row, count), row: size.row, show };
}
