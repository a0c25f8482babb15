import type { CountyProfile, PublishedFigure } from "../../model/county.ts";
import { bugError } from "../../model/errors.ts";

/**
 * Published figures in a short form: a number, or `"n+"` for "more than n" (余, 多), which stays a lower bound.
 * Keys are the names of domain.md section 7 in snake_case.
 */
export function publishedFigures(
  source: string,
  figures: Readonly<Record<string, number | `${number}+`>>,
): PublishedFigure[] {
  return Object.entries(figures).map(([key, figure]) =>
    typeof figure === "number"
      ? { key, value: figure, source }
      : { key, value: Number(figure.slice(0, -1)), atLeast: true, source },
  );
}

/** Value of a published figure; a bug when the profile does not carry it. */
export function figureOf(profile: Pick<CountyProfile, "county" | "figures">, key: string): number {
  const figure = profile.figures.find((candidate) => candidate.key === key);
  if (!figure) throw bugError(`profile ${profile.county} has no published figure ${key}`);
  return figure.value;
}

/** What every card of a demo county says about where its data is from. */
export const DEMO_SOURCE = "演示数据：地名取自公开区划名录，图形、人员与事件均为合成";
