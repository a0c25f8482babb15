import { userError } from "../model/errors.ts";

/** A span of time with both ends in it; an absent end is open. ISO 8601 in UTC. */
export interface TimeSpan {
  readonly from?: string;
  readonly to?: string;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const FIRST_MS = Date.parse("0001-01-02T00:00:00Z");
const HINT =
  "An instant as 2026-01-15T00:00:00Z, or an interval: 2026-01-01T00:00:00Z/2026-02-01T00:00:00Z, ../END, START/.. (write + as %2B).";

function instant(text: string, whole: string): string {
  const ms = INSTANT.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  // The calendar of the database begins with the year 1.
  if (Number.isNaN(ms) || ms < FIRST_MS)
    throw userError(`"${whole.slice(0, 100)}" is no time`, { at: "datetime", hint: HINT });
  return new Date(ms).toISOString();
}

/**
 * The parameter `datetime` (OGC 17-069r4, 7.15.4): an instant, or an interval that may be open at either end.
 *
 * @throws BAD_USER_INPUT that names the parameter
 */
export function parseDatetime(text: string): TimeSpan {
  const ends = text.split("/");
  if (ends.length === 1) {
    const at = instant(text, text);
    return { from: at, to: at };
  }
  const [start = "", end = ""] = ends;
  if (ends.length > 2 || (start === "" && end === ""))
    throw userError(`"${text.slice(0, 100)}" is no interval`, { at: "datetime", hint: HINT });
  const open = (one: string): boolean => one === "" || one === "..";
  const from = open(start) ? undefined : instant(start, text);
  const to = open(end) ? undefined : instant(end, text);
  if (from !== undefined && to !== undefined && from > to)
    throw userError(`"${text.slice(0, 100)}" ends before it begins`, { at: "datetime", hint: HINT });
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
