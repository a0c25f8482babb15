import { z } from "zod";
import { CONTEXT_KINDS } from "../../data/model/area.ts";
import { AREA_LEVELS } from "../../data/model/codes.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { countyParameter as county, instantParameter as instant } from "../routes/parameters.ts";

const MAX_CLASSES = 500;

/** A list of known words, separated by commas; without repeats and in one order, so that equal wishes share tiles. */
const words = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z
    .string()
    .transform((text) => [...new Set(text.split(","))].sort())
    .pipe(z.array(z.enum(values, { error: `is not a list of ${values.join(", ")}` })));

const truth = z
  .enum(["true", "false"], { error: "is neither true nor false" })
  .transform((text): boolean => text === "true");

/** Parameters of tiles that take nothing but the county. */
export const COUNTY_PARAMETERS = z.strictObject({ county });

/** Parameters of tiles of areas. */
export const AREA_PARAMETERS = z.strictObject({ county, levels: words(AREA_LEVELS).optional() });

/** Parameters of tiles of reference layers. */
export const REFERENCE_PARAMETERS = z.strictObject({ county, kinds: words(CONTEXT_KINDS).optional() });

/** Parameters of tiles of cases: the conditions of `IncidentFilter`, lists separated by commas. */
export const INCIDENT_PARAMETERS = z.strictObject({
  county,
  inside: z.string().optional(),
  from: instant.optional(),
  to: instant.optional(),
  classes: z
    .string()
    .transform((text) => [...new Set(text.split(","))].sort())
    .pipe(
      z
        .array(z.string().regex(/^(\d{2}|\d{5})$/, { error: "is not a list of classes: five digits, two for a major" }))
        .max(MAX_CLASSES, { error: `has more than ${MAX_CLASSES} classes` }),
    )
    .optional(),
  states: words(INCIDENT_STATES).optional(),
  severities: words(INCIDENT_SEVERITIES).optional(),
  sources: words(INCIDENT_SOURCES).optional(),
  open: truth.optional(),
  late: truth.optional(),
  withoutSuspicious: truth.optional(),
});
export type IncidentTileQuery = z.output<typeof INCIDENT_PARAMETERS>;
