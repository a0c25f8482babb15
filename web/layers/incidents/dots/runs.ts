import { firstRowAt, type IncidentColumns } from "../../../../data/columns/incident-columns.ts";
import type { RowRange } from "../../../plane/types.ts";

/**
 * Runs of rows that may hold a case opened in `[from, to)`, epoch seconds: those in order are found by two searches, the
 * tail is looked at as a whole. What lies outside is never sent through the shader.
 */
export function runsOf(
  columns: Pick<IncidentColumns, "rows" | "first" | "sorted" | "opened">,
  from: number,
  to: number,
): RowRange[] {
  const { rows, first = 0, sorted = rows, opened } = columns;
  const start = firstRowAt(opened, from, first, sorted);
  const end = firstRowAt(opened, to, start, sorted);
  const runs: RowRange[] = [
    [start, end],
    [sorted, rows],
  ];
  return runs.filter((run) => run[1] > run[0]);
}
