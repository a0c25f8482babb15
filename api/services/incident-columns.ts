import { incidentColumnsJson, type JsonColumn } from "../../data/columns/columns-json.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { AppError } from "../../data/model/errors.ts";
import type { RequestContext } from "../context.ts";
import { caseColumns } from "./case-columns.ts";
import type { CheckedIncidentFilter } from "./incident-filter.ts";

/** Most cases in one answer: 20 MB of JSON. Whoever needs more takes the binary columns. */
const MAX_ROWS = 500_000;

/**
 * Cases as JSON text in columns, oldest first: from memory where it holds exactly what the database holds now, otherwise
 * from SQL.
 *
 * @throws TOO_COMPLEX for more than `MAX_ROWS`
 */
export async function incidentColumnsText(
  context: RequestContext,
  { county, filter }: CheckedIncidentFilter,
  wanted: readonly JsonColumn[],
): Promise<string> {
  const columns = incidentColumns(await caseColumns(context, county, filter, MAX_ROWS + 1));
  if (columns.rows <= MAX_ROWS) return incidentColumnsJson(columns, wanted);
  throw new AppError("USER", `more than ${MAX_ROWS} cases`, {
    code: "TOO_COMPLEX",
    at: "filter",
    hint: "Ask for a smaller box or a shorter time, or take /columns/incidents.",
  });
}
