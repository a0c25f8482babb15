import type { Prng } from "../prng.ts";
import { DAY_MS, ZONE_MS } from "./demo-context.ts";
import type { Season } from "./incident-classes.ts";

/** First day of the lunar year, `month-day` by year (Hong Kong Observatory, Gregorian–lunar conversion tables). */
const SPRING_FESTIVAL: Readonly<Record<number, string>> = {
  2022: "02-01",
  2023: "01-22",
  2024: "02-10",
  2025: "01-29",
  2026: "02-17",
  2027: "02-06",
  2028: "01-26",
  2029: "02-13",
  2030: "02-03",
  2031: "01-23",
  2032: "02-11",
  2033: "01-31",
  2034: "02-19",
  2035: "02-08",
  2036: "01-28",
  2037: "02-15",
  2038: "02-04",
  2039: "01-24",
  2040: "02-12",
};

/** Monday … Sunday. */
const WEEKDAY_FACTOR = [1.12, 1.05, 1.02, 1.0, 1.06, 0.9, 0.78];

/** Factor of each month, January first. */
const MONTH_FACTOR: Record<Exclude<Season, "snow" | "rain">, readonly number[]> = {
  flat: [0.95, 0.95, 1, 1.02, 1.05, 1.05, 1.05, 1.05, 1.02, 1, 0.98, 0.95],
  winter: [1.9, 1.5, 1.1, 0.6, 0.3, 0.2, 0.2, 0.2, 0.3, 0.8, 1.9, 2],
  summer: [0.3, 0.35, 0.6, 0.9, 1.3, 1.8, 2.1, 2, 1.3, 0.8, 0.4, 0.3],
  dry: [0.55, 0.6, 1.1, 1.3, 1.3, 1.2, 1, 1, 1.2, 1.2, 0.9, 0.6],
};
const SNOW_MONTHS = [0.2, 0.14, 0.05, 0, 0, 0, 0, 0, 0, 0, 0.06, 0.16];
const RAIN_MONTHS = [0, 0, 0.02, 0.06, 0.1, 0.18, 0.34, 0.32, 0.16, 0.06, 0.01, 0];

/** Local calendar day number (days since 1970-01-01) of an instant. */
export const localDay = (ms: number): number => Math.floor((ms + ZONE_MS) / DAY_MS);
/** Instant of local midnight of a day number. */
export const dayStartMs = (day: number): number => day * DAY_MS - ZONE_MS;
/** 0 = Monday … 6 = Sunday; day 0 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** Work thins out over the eight days of the festival, and picks up the week after. */
function festivalFactor(day: number): number {
  const date = new Date(day * DAY_MS);
  const festival = SPRING_FESTIVAL[date.getUTCFullYear()];
  if (!festival) return 1;
  const eve = Date.parse(`${date.getUTCFullYear()}-${festival}T00:00:00Z`) / DAY_MS - 1;
  const since = day - eve;
  if (since >= 0 && since < 8) return 0.32;
  return since >= 8 && since < 15 ? 1.15 : 1;
}

/**
 * Weight of each day for each season, `first` … `last` both included: week, month and spring festival; snow and rain
 * come on single days with a day or two of after-effects.
 */
export function dayWeights(first: number, last: number, prng: Prng): Record<Season, Float64Array> {
  const days = last - first + 1;
  const weights: Record<Season, Float64Array> = {
    flat: new Float64Array(days),
    winter: new Float64Array(days),
    summer: new Float64Array(days),
    dry: new Float64Array(days),
    snow: new Float64Array(days),
    rain: new Float64Array(days),
  };
  for (let i = 0; i < days; i++) {
    const day = first + i;
    const month = new Date(day * DAY_MS).getUTCMonth();
    const base = (WEEKDAY_FACTOR[weekdayOf(day)] as number) * festivalFactor(day) * prng.range(0.85, 1.15);
    for (const season of ["flat", "winter", "summer", "dry"] as const)
      weights[season][i] = base * (MONTH_FACTOR[season][month] as number);
    if (prng.chance(SNOW_MONTHS[month] as number)) fallOn(weights.snow, i, prng.range(4, 12));
    if (prng.chance(RAIN_MONTHS[month] as number)) fallOn(weights.rain, i, prng.range(3, 9));
    // Old ice and blocked drains are found on quiet days too, and a year without any fall still has weights.
    weights.snow[i] = (weights.snow[i] as number) + 0.02 * (MONTH_FACTOR.winter[month] as number);
    weights.rain[i] = (weights.rain[i] as number) + 0.12 * (MONTH_FACTOR.summer[month] as number);
  }
  return weights;
}

/** A fall of snow or rain counts on its day and, less, on the two days after. */
function fallOn(weights: Float64Array, index: number, strength: number): void {
  [1, 0.55, 0.2].forEach((share, k) => {
    const known = weights[index + k];
    if (known !== undefined) weights[index + k] = known + strength * share;
  });
}
