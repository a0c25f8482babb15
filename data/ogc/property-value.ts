import type { ExportColumn } from "../exporters/column.ts";
import { userError } from "../model/errors.ts";

const FIRST_MS = Date.parse("0001-01-02T00:00:00Z");
const FORMS: Readonly<Record<ExportColumn["type"], readonly [pattern: RegExp, words: string]>> = {
  text: [/^[^\0]*$/, "a text"],
  code: [/^[^\0]*$/, "a text"],
  integer: [/^[+-]?\d{1,15}$/, "a whole number"],
  number: [/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i, "a number"],
  boolean: [/^(true|false)$/, "true or false"],
  instant: [/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i, "an instant with offset"],
  date: [/^\d{4}-\d{2}-\d{2}$/, "a date as YYYY-MM-DD"],
};

/**
 * The value that a property must have, from a parameter of its name.
 *
 * @throws BAD_USER_INPUT for a text that is no value of the column's type
 */
export function propertyValue(column: ExportColumn, text: string): string | number | boolean {
  const [pattern, words] = FORMS[column.type];
  const wrong = userError(`"${text.slice(0, 100)}" is not ${words}`, {
    at: column.name,
    hint: `${column.name} holds ${words}.`,
  });
  if (!pattern.test(text)) throw wrong;
  if (column.type === "boolean") return text === "true";
  if (column.type === "integer" || column.type === "number") {
    if (!Number.isFinite(Number(text))) throw wrong;
    return Number(text);
  }
  if (column.type !== "instant" && column.type !== "date") return text;
  const ms = Date.parse(text.toUpperCase());
  // The calendar of the database begins with the year 1, and has no 30 February.
  if (Number.isNaN(ms) || ms < FIRST_MS) throw wrong;
  const iso = new Date(ms).toISOString();
  if (column.type === "instant") return iso;
  if (iso.slice(0, 10) !== text) throw wrong;
  return text;
}
