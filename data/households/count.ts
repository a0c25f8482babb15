import { dayOf } from "../importers/day.ts";
import type { FieldMap } from "../importers/field-map.ts";
import { propertyText } from "../importers/property-text.ts";
import type { ImportLog } from "../importers/report.ts";

/**
 * How a count of households is known: counted by its source · stated by it as a rough figure · a total spread over
 * buildings by floor area · or evenly · the sum of what lies inside · not at all (then it reads 0).
 */
export const HOUSEHOLD_BASES = ["counted", "stated", "floor_area", "even", "sum", "unknown"] as const;
export type HouseholdBasis = (typeof HOUSEHOLD_BASES)[number];

/** Whether a source gave this figure itself: such figures are never replaced by worked-out ones. */
export const isOwnCount = (basis: HouseholdBasis): boolean => basis === "counted" || basis === "stated";

/** A count as a source gives it. */
export interface HouseholdCount {
  readonly households: number;
  /** False for figures that the source itself calls rough. */
  readonly exact: boolean;
  /** Day of the count, yyyy-mm-dd; null when it is not said. */
  readonly date: string | null;
}

const MAX_HOUSEHOLDS = 100_000_000;
const ROUGH = /^[约≈~～]\s*|\s*[+＋余多]$|左右$/g;
const YES = /^(1|y|yes|true|是|估|估算|估计)$/i;

/**
 * A count as people write it: "320", "1,200", "1200户"; "约300", "≈300", "300余" and "300+" are rough figures.
 *
 * @returns undefined for what is no count
 */
export function parseHouseholds(text: string): { readonly households: number; readonly exact: boolean } | undefined {
  const bare = text.trim().replace(/户(左右)?$/, "$1");
  const number = bare.replace(ROUGH, "").replaceAll(/[,，\s]/g, "");
  if (!/^\d+(\.\d+)?$/.test(number)) return undefined;
  const households = Math.round(Number(number));
  return households <= MAX_HOUSEHOLDS ? { households, exact: number === bare.replaceAll(/[,，\s]/g, "") } : undefined;
}

/** Formats with truth values give them as such, tables as words. */
const saysYes = (properties: Readonly<Record<string, unknown>>, column: string | undefined): boolean =>
  (column !== undefined && properties[column] === true) || YES.test(propertyText(properties, column) ?? "");

/** The count of a feature; undefined where nothing stands or what stands is no count, which is flagged. */
export function readHouseholdCount(
  properties: Readonly<Record<string, unknown>>,
  fields: FieldMap,
  at: string,
  log: ImportLog,
): HouseholdCount | undefined {
  const text = propertyText(properties, fields["households"]);
  if (text === undefined) return undefined;
  const count = parseHouseholds(text);
  if (!count) {
    log.flag("bad_households", `no count can be read in "${fields["households"]}", first at ${at}; taken as not known`);
    return undefined;
  }
  const day = propertyText(properties, fields["counted"]);
  return {
    households: count.households,
    exact: count.exact && !saysYes(properties, fields["estimated"]),
    date: (day === undefined ? undefined : dayOf(day)) ?? null,
  };
}
