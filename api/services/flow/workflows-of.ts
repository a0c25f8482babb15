import { type CountyWorkflows, countyWorkflows } from "../../../data/workflow/county-workflows.ts";
import { countyProcessSchema } from "../../../data/workflow/process.ts";
import { DEFAULT_PROCESS } from "../../../data/workflow/processes/default.ts";
import type { Database } from "../../../db/driver.ts";
import { findProcess } from "../../../db/repositories/process-repository.ts";
import type { RequestContext } from "../../context.ts";
import type { CountyModel } from "../../mappers.ts";

/** The workflows of a county, and the IANA zone in which its clocks read calendars. */
export interface CountyFlow extends CountyWorkflows {
  readonly timezone: string;
}

interface Known {
  readonly contentVersion: string;
  readonly workflows: CountyFlow;
}

/** What was read of each county, per database: a process changes with the county's content version only. */
const known = new WeakMap<Database, Map<string, Known>>();

/** The workflows of a county in its own words, read once per content version. */
export async function workflowsOf(
  { database }: Pick<RequestContext, "database">,
  { county, contentVersion, timezone }: Pick<CountyModel, "county" | "contentVersion" | "timezone">,
): Promise<CountyFlow> {
  const counties = known.get(database) ?? new Map<string, Known>();
  known.set(database, counties);
  const kept = counties.get(county);
  if (kept?.contentVersion === contentVersion) return kept.workflows;
  const stored = await database.transaction({ kind: "county", county }, (tx) => findProcess(tx, county));
  const process = stored === undefined ? DEFAULT_PROCESS : countyProcessSchema.parse(stored);
  const workflows = { ...countyWorkflows(process), timezone };
  counties.set(county, { contentVersion, workflows });
  return workflows;
}
