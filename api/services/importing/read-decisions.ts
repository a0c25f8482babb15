import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { type Decisions, decisionsOfJson, decisionsOfRows } from "../../../data/editions/decisions.ts";
import { userError } from "../../../data/model/errors.ts";
import { requireReadable } from "./input-files.ts";

/**
 * Decisions about a new edition from a file: JSON, or CSV with the columns `id` and `decision` (others are passed over).
 *
 * @throws USER error for a file that cannot be read or is neither
 */
export async function readDecisions(path: string): Promise<Decisions> {
  await requireReadable(path);
  const text = (await readFile(path, "utf8")).replace(/^\uFEFF/, "");
  if (/^\s*[[{]/.test(text)) return decisionsOfJson(text);
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw userError(`the decisions are no table: ${error instanceof Error ? error.message : ""}`, { at: path });
  }
  const [first] = rows;
  if (first && !("id" in first && "decision" in first))
    throw userError("the table of decisions lacks the columns id and decision", { at: path });
  return decisionsOfRows(rows);
}
