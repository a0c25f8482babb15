import { countyOfCode, requireLevel } from "../../data/model/codes.ts";
import { AppError, userError } from "../../data/model/errors.ts";
import { mayAct } from "../../data/policy/viewer.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../context.ts";
import { auditedBy } from "./audit.ts";

const LONGEST_TITLE = 100;

/**
 * Writes into the audit log that a list is taken out as a file. The rows are those that the viewer was given anyway; what
 * the log must tell is that they left the screen.
 *
 * @throws FORBIDDEN for who may not export there
 */
export async function recordExport(
  context: RequestContext,
  areaCode: string,
  list: string,
  rows: number,
): Promise<boolean> {
  requireLevel(areaCode, "areaCode");
  if (list.trim() === "" || list.length > LONGEST_TITLE)
    throw userError(`a title of ${list.length} characters`, { at: "list", hint: `1 to ${LONGEST_TITLE} characters.` });
  if (rows < 0) throw userError(`${rows} rows`, { at: "rows", hint: "0 or more." });
  if (!mayAct(context.viewer, "export", areaCode))
    throw new AppError("USER", `you may not export lists of ${areaCode}`, {
      code: "FORBIDDEN",
      at: "areaCode",
      hint: "Leaders, dispatchers, planners and administrators export lists of their own area.",
    });
  const county = countyOfCode(areaCode);
  await inCounty(context, county, (tx) =>
    appendAudit(tx, county, {
      ...auditedBy(context),
      action: "export.list",
      entity: { area: areaCode, list: list.trim(), rows, format: "xlsx" },
      reason: null,
      at: nowIso(context),
    }),
  );
  return true;
}
