import { type ExportFormat, type ExportKind, exportOf } from "../../../data/exporters/registry.ts";
import { AREA_LEVELS, countyOfCode, requireLevel } from "../../../data/model/codes.ts";
import { AppError, userError } from "../../../data/model/errors.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import { parseTime, ZoneClock } from "../../../data/model/zoned-time.ts";
import { areaWithin, mayAct, mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import type { FeatureQuery } from "../../../db/features/feature-query.ts";

/** What somebody asks for, as words. */
export interface ExportWish {
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  readonly county: string;
  /** Code of an area; the viewer's own one when absent. */
  readonly area?: string | undefined;
  /** A date or an instant. */
  readonly asOf?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Codes and states, separated by commas. */
  readonly classes?: string | undefined;
  readonly states?: string | undefined;
  readonly severities?: string | undefined;
  readonly sources?: string | undefined;
  /** `true`: only those that are or were late, as of the instant; `false`: only the others. */
  readonly late?: string | undefined;
  /** Level of areas. */
  readonly level?: string | undefined;
}

/** A wish that was checked. */
export interface CheckedWish {
  readonly query: FeatureQuery;
  readonly area: string;
  /** ISO 8601, UTC. */
  readonly asOf: string;
  /** What was asked for beside the area. */
  readonly filter: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;
const MOST_WORDS = 500;

/** An instant, or the last moment of a day of the county's calendar. */
function momentOf(text: string, clock: ZoneClock, at: string, end: boolean): number {
  const time = parseTime(text, clock);
  if (!time)
    throw userError(`"${text}" is not a date`, { at, hint: "YYYY-MM-DD, or ISO 8601 with offset (write + as %2B)." });
  const isDay = /^\d{4}\D\d{1,2}\D\d{1,2}\D?$/.test(text.trim());
  // Noon of the next day lies in the next day, however long this one is.
  return isDay && end ? clock.startOfDay(time.epochMs + 1.5 * DAY_MS) - 1 : time.epochMs;
}

function words(text: string, at: string, known: (word: string) => boolean, hint: string): string[] {
  const list = [...new Set(text.split(",").map((word) => word.trim()))];
  const wrong = list.find((word) => !known(word));
  if (wrong !== undefined) throw userError(`"${wrong}" is none of those`, { at, hint });
  if (list.length > MOST_WORDS)
    throw userError(`${list.length} of them are too many`, { at, hint: `At most ${MOST_WORDS}.` });
  return list;
}

const wordsOf = (text: string, at: string, known: readonly string[]): string[] =>
  words(text, at, (word) => known.includes(word), `One or more of ${known.join(", ")}.`);

function truth(text: string, at: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw userError(`"${text}" is neither true nor false`, { at });
}

const iso = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

/** The area that a viewer may export; undefined viewer = the system itself. */
function exportArea(viewer: Viewer | undefined, wish: ExportWish): string {
  const area = wish.area ?? (viewer ? areaWithin(viewer, wish.county) : wish.county) ?? wish.county;
  requireLevel(area, "area");
  if (countyOfCode(area) !== wish.county)
    throw userError(`area ${area} does not lie in county ${wish.county}`, { at: "area" });
  if (!viewer) return area;
  const { resource } = exportOf(wish.kind);
  if (mayAct(viewer, "export", area) && mayReadIn(viewer, resource, area)) return area;
  throw new AppError("USER", `you may not export ${wish.kind} of ${area}`, {
    code: "FORBIDDEN",
    at: "area",
    hint: "Leaders, dispatchers, planners and administrators export what they may read in their own area.",
  });
}

/**
 * Checks what is asked for.
 *
 * @param viewer who asks; undefined for the system itself
 * @param timezone the county's
 * @throws BAD_USER_INPUT that names the parameter, FORBIDDEN for who may not
 */
export function checkWish(viewer: Viewer | undefined, wish: ExportWish, timezone: string, nowMs: number): CheckedWish {
  const { kind } = wish;
  const { time } = exportOf(kind);
  const area = exportArea(viewer, wish);
  const { asOf: asOfText, from, to, classes, states, severities, sources, late } = wish;
  const given = { asOf: asOfText, from, to, classes, states, severities, sources, late };
  const allowed: Readonly<Record<keyof typeof given, boolean>> = {
    asOf: time !== "none",
    from: time === "opened",
    to: time === "opened",
    classes: kind === "incidents",
    states: kind === "incidents",
    severities: kind === "incidents",
    sources: kind === "incidents",
    late: kind === "incidents",
  };
  const filter: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!allowed[name as keyof typeof given])
      throw userError(`${name} means nothing for ${kind}`, {
        at: name,
        hint: name === "asOf" ? `Of ${kind} only the present state is kept.` : "Leave it out.",
      });
    filter[name] = value;
  }
  const clock = new ZoneClock(timezone);
  const asOfMs = wish.asOf === undefined ? nowMs : Math.min(momentOf(wish.asOf, clock, "asOf", true), nowMs);
  const fromMs = wish.from === undefined ? undefined : momentOf(wish.from, clock, "from", false);
  const toMs = wish.to === undefined ? undefined : momentOf(wish.to, clock, "to", true);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw userError(`from ${wish.from} is after to ${wish.to}`, { at: "to" });
  const asOf = new Date(asOfMs).toISOString();
  if (wish.level !== undefined) {
    if (kind !== "areas") throw userError(`level means nothing for ${kind}`, { at: "level", hint: "Leave it out." });
    if (!(AREA_LEVELS as readonly string[]).includes(wish.level))
      throw userError(`"${wish.level}" is not a level`, { at: "level", hint: `One of ${AREA_LEVELS.join(", ")}.` });
    filter["level"] = wish.level;
  }
  const span =
    time === "valid"
      ? { from: asOf, to: asOf, closed: true }
      : { from: iso(fromMs), to: iso(toMs === undefined ? asOfMs : Math.min(toMs, asOfMs)), closed: true };
  const query: FeatureQuery = {
    county: wish.county,
    inside: area,
    now: new Date(nowMs).toISOString(),
    ...(time === "none" ? {} : { span }),
    ...(wish.level ? { equals: [{ column: "level", type: "text", value: wish.level }] } : {}),
    ...(classes
      ? {
          classes: words(classes, "classes", (word) => /^(\d{2}|\d{5})$/.test(word), "Five digits, two for a major."),
        }
      : {}),
    ...(states ? { states: wordsOf(states, "states", INCIDENT_STATES) } : {}),
    ...(severities ? { severities: wordsOf(severities, "severities", INCIDENT_SEVERITIES) } : {}),
    ...(late === undefined ? {} : { late: { is: truth(late, "late"), asOf } }),
    ...(sources ? { sources: wordsOf(sources, "sources", INCIDENT_SOURCES) } : {}),
  };
  return { query, area, asOf, filter };
}
