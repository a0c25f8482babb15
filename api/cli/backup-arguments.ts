import type { CommandCall } from "./command.ts";
import { textFlag, UsageError } from "./command.ts";
import { requireCountyCode } from "./county-code.ts";

/** What `backup` and `restore` are both told: one file, and perhaps one county. @throws UsageError for anything else */
export function backupArguments(call: CommandCall): { readonly file: string; readonly county: string | undefined } {
  const [file, ...extra] = call.positionals;
  if (file === undefined) throw new UsageError("FILE is missing");
  if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
  const county = textFlag(call, "county");
  if (county !== undefined) requireCountyCode(county, "--county");
  return { file, county };
}
