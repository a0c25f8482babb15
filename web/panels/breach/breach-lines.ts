import type { PanelBreachQuery } from "../../gql/generated.ts";
import { casePlace } from "../../ui/case-place.ts";

export type BreachCase = PanelBreachQuery["nextToBreach"][number];

/** A case that is due next, as one line. */
export interface BreachLine {
  readonly ref: number;
  readonly classNames: { readonly zh: string; readonly en: string };
  /** From the community down, short; empty outside every area. */
  readonly place: string;
  readonly unit: string | undefined;
  readonly severe: boolean;
  /** Seconds until it is due at the instant asked for; 0 when it is due. */
  readonly left: number;
}

/** Within this time a line is marked: a shift's last chance, seconds. */
export const URGENT_SECONDS = 7200;

/** Cases by due time, first to breach first; what has no due time (paused) is no candidate. @param asOf epoch seconds */
export const breachLines = (cases: readonly BreachCase[], asOf: number): BreachLine[] =>
  cases
    .flatMap(({ ref, class: { name, nameEn }, area, organisation, severity, dueAt }): BreachLine[] =>
      dueAt
        ? [
            {
              ref,
              classNames: { zh: name, en: nameEn },
              place: casePlace(area),
              unit: organisation?.name,
              severe: severity === "SERIOUS" || severity === "CRITICAL",
              left: Math.max(0, Date.parse(dueAt) / 1000 - asOf),
            },
          ]
        : [],
    )
    .sort((a, b) => a.left - b.left);
