import { dataError } from "../../../data/model/errors.ts";
import { countyProcessSchema } from "../../../data/workflow/process.ts";
import { DEFAULT_PROCESS } from "../../../data/workflow/processes/default.ts";
import { validateProcess } from "../../../data/workflow/validate.ts";
import type { Database } from "../../../db/driver.ts";
import { listCounties } from "../../../db/repositories/county-repository.ts";
import { findProcess } from "../../../db/repositories/process-repository.ts";

/**
 * Checks what cases of every county will walk, before anybody is answered: a workflow with a dead end would keep cases for
 * ever.
 *
 * @throws DATA with county, workflow and step
 */
export async function checkProcesses(database: Database): Promise<void> {
  validateProcess("none", DEFAULT_PROCESS);
  const counties = await database.transaction({ kind: "reviewed", name: "county-list" }, listCounties);
  for (const { county } of counties) {
    const stored = await database.transaction({ kind: "county", county }, (tx) => findProcess(tx, county));
    if (stored === undefined) continue;
    const parsed = countyProcessSchema.safeParse(stored);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw dataError(
        `the process of county ${county} is not one: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim(),
        {
          at: `county_process ${county}`,
          hint: "Correct the county's process; data/workflow/process.ts describes it.",
        },
      );
    }
    validateProcess(county, parsed.data);
  }
}
