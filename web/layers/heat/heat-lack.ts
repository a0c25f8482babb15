import { MIN_HOUSEHOLDS } from "../../../data/columns/heat.ts";
import type { HeatField } from "../../../data/columns/heat-field.ts";
import type { CountyData } from "../../data/county-data.ts";

/** Why there is no heat to see; undefined when there is. */
export type HeatLack = "waiting" | "failed" | "empty" | "noHouseholds";

/** Tells a county without households (nothing to divide by) from one that still loads, failed to, or has no cases. */
export function heatLack(field: HeatField | undefined, states: CountyData["states"]): HeatLack | undefined {
  if (!field) return states.buildings === "error" || states.incidents === "error" ? "failed" : "waiting";
  if (field.incidents === 0) return "empty";
  return field.per === "households" && field.households < MIN_HOUSEHOLDS ? "noHouseholds" : undefined;
}
