import { type Language, useView } from "../app/view-state.ts";

/** A layer's own words in the language of the page. */
export function useTexts<T>(texts: Readonly<Record<Language, T>>): T {
  return texts[useView((view) => view.language)];
}

/** Puts values into `{name}` places. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));

/** Made once: `toLocaleString` makes one for each number. */
const GROUPED = new Intl.NumberFormat("en-US");

/** A figure with at most three digits that matter and grouped thousands: 0.25, 12.5, 1,250. */
export const figure = (value: number): string =>
  value >= 100 ? GROUPED.format(Math.round(value)) : String(Number(value.toPrecision(3)));
