import { Prng } from "../demo/prng.ts";
import { unguardText } from "../exporters/formula-text.ts";
import type { CaseAreas } from "../geo/case-locator.ts";
import { fromLattice, toLattice } from "../model/geometry.ts";
import type { Uuid } from "../model/ids.ts";
import { uuidV7 } from "../model/ids.ts";
import type { IncidentSource, IncidentState, SourceVerdict } from "../model/incident.ts";
import { isOpenState, SOLVED_STATES } from "../model/incident.ts";
import type { ParsedTime, ZoneClock } from "../model/zoned-time.ts";
import { isoInstant, parseTime } from "../model/zoned-time.ts";
import { FREE_TEXT_MASK, FREE_TEXT_NAMES, maskFreeText } from "../policy/free-text.ts";
import { positionOfTexts } from "./degrees-text.ts";
import type { FieldMap } from "./field-map.ts";
import { sourceOf, stateOf, verdictOf } from "./incident-words.ts";
import { ImportLog } from "./report.ts";

/** An incident as read from one line, placed, before classes, organisations and numbers of the county are known. */
export interface IncidentDraft {
  /** `file.csv:42`. */
  readonly at: string;
  /** Id in the source; null when the file has no id column, then `contentKey` stands for it. */
  readonly sourceRef: string | null;
  /** Hash of the whole line, equal for equal lines; null where the source's id stands for it. */
  readonly contentKey: string | null;
  readonly id: Uuid;
  readonly openedEventId: Uuid;
  readonly closedEventId: Uuid | null;
  /** For the event that an import writes when it changes the state of a case that is there; its time is the import's. */
  readonly changeEventId: Uuid;
  /** Code or name of the class in the source; empty when it has none. */
  readonly classText: string;
  readonly title: string;
  readonly source: IncidentSource;
  readonly state: IncidentState;
  /** WGS 84 degrees on the lattice. */
  readonly lon: number;
  readonly lat: number;
  /** Code of the area that it falls in; null outside every area. */
  readonly areaCode: string | null;
  readonly border: boolean;
  /** ISO 8601 instants in UTC. */
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly closedAt: string | null;
  readonly verdict: SourceVerdict | null;
  /** Name of the organisation; null when absent. */
  readonly organisation: string | null;
}

export interface IncidentRowOptions {
  readonly file: string;
  readonly county: string;
  readonly header: readonly string[];
  /** Resolved columns; `lon`, `lat` and `opened` are required. */
  readonly fields: FieldMap;
  readonly clock: ZoneClock;
  readonly areas: CaseAreas;
  readonly log: ImportLog;
  /** The clock, epoch ms: bounds the times in ids. */
  readonly nowMs: number;
  /** How a record's number names its place: `:` for lines, `#` for features; absent = lines. */
  readonly mark?: ":" | "#";
  /** Cells come as a spreadsheet's file has them: an apostrophe guards what it would run (`data/exporters/formula-text.ts`). */
  readonly guarded?: boolean | undefined;
}

/** What the first pass over a file learns of a line. */
export interface IncidentGlance {
  /** The source's id, or what stands for it: equal for lines that are the same case. */
  readonly key: string;
  /** Lattice units; null without a position. */
  readonly x: number | null;
  readonly y: number | null;
}

/** Fields without which a line is no incident. */
export const REQUIRED_INCIDENT_FIELDS = ["opened", "lon", "lat"] as const;

const GRID_DIGITS = 15;
const WORDS_SHOWN = 80;
/** Last instant that the map's columns can say: int32 epoch seconds. */
const LAST_DRAWN_MS = 2_147_483_647_000;

/** Reads the lines of one file, one at a time; what cannot be read goes to the log with line, value and reason. */
export class IncidentRowReader {
  readonly #column: Readonly<Record<string, number>>;
  /** Words that were met, with what they mean: files have few. */
  readonly #states = new Map<string, IncidentState | undefined>();
  readonly #sources = new Map<string, IncidentSource | undefined>();

  constructor(readonly options: IncidentRowOptions) {
    this.#column = Object.fromEntries(
      Object.entries(options.fields).map(([field, name]) => [field, options.header.indexOf(name)]),
    );
  }

  /** @returns undefined when the line was skipped into the log */
  read(record: readonly string[], line: number): IncidentDraft | undefined {
    const { header, log } = this.options;
    const at = this.placeOf(line);
    if (record.length !== header.length) {
      const message = `${record.length} columns where the header has ${header.length}`;
      log.skip("wrong_column_count", { at, value: record.join(","), message }, record);
      return undefined;
    }
    const opened = this.#requiredTime(record, at);
    const place = this.#place(record, at);
    if (!opened || !place) return undefined;
    const due = this.#optionalTime(record, "due", at);
    const closed = this.#optionalTime(record, "closed", at);
    if (due === "skip" || closed === "skip") return undefined;
    const state = this.#state(record, closed !== null);
    const sourceRef = this.#text(record, "id") || null;
    const classText = this.#text(record, "class");
    this.#checkOrder(opened, closed, state, at);
    return {
      at,
      sourceRef,
      ...this.#ids(record, line, sourceRef, opened.epochMs, closed?.epochMs),
      classText,
      title: this.#masked(this.#text(record, "title") || classText, at),
      source: this.#source(record),
      state,
      ...place,
      ...this.#locate(place.lon, place.lat),
      openedAt: isoInstant(opened.epochMs),
      dueAt: due && isoInstant(due.epochMs),
      closedAt: closed && isoInstant(closed.epochMs),
      verdict: this.#verdict(record),
      organisation: this.#text(record, "org") || null,
    };
  }

  /** Many read a title: what names a resident does not come in with it. */
  #masked(text: string, at: string): string {
    const { text: masked, findings } = maskFreeText(text);
    if (findings.length === 0) return text;
    for (const kind of new Set(findings.map((finding) => finding.kind)))
      this.options.log.flag(
        `masked_${kind}`,
        `titles held ${FREE_TEXT_NAMES[kind].en} (${FREE_TEXT_NAMES[kind].zh}), masked as ${FREE_TEXT_MASK}, first at ${at}`,
      );
    return masked;
  }

  /** The same reader, whose log nobody reads. */
  silent(): IncidentRowReader {
    return new IncidentRowReader({ ...this.options, log: new ImportLog() });
  }

  /** `file.csv:42` */
  placeOf(line: number): string {
    return `${this.options.file}${this.options.mark ?? ":"}${line}`;
  }

  /** What the first pass over a file needs of a line, without judging it. */
  glance(record: readonly string[]): IncidentGlance {
    const [lon, lat] = positionOfTexts(this.#text(record, "lon"), this.#text(record, "lat"));
    const placed = Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
    return {
      key: this.#text(record, "id") || `\n${contentKeyOf(record)}`,
      x: placed ? toLattice(lon) : null,
      y: placed ? toLattice(lat) : null,
    };
  }

  #text(record: readonly string[], field: string): string {
    const column = this.#column[field];
    // PostgreSQL's text holds no NUL; a stray one is never part of a word.
    const cell = column === undefined ? "" : (record[column] ?? "");
    const text = this.options.guarded && cell.startsWith("'") ? unguardText(cell) : cell;
    return text.includes("\0") ? text.replaceAll("\0", "").trim() : text.trim();
  }

  #time(record: readonly string[], field: string, at: string): ParsedTime | undefined {
    const text = this.#text(record, field);
    const time = parseTime(text, this.options.clock);
    if (time?.kind === "ambiguous" || time?.kind === "skipped") {
      const { zone } = this.options.clock;
      this.options.log.flag(
        `local_time_${time.kind}`,
        `at a change of the clock in ${zone}, first at ${at}: ${text}; ${time.kind === "skipped" ? "moved on by the hour that the clock left out" : "the earlier reading was taken"}`,
      );
    }
    if (time && time.epochMs > LAST_DRAWN_MS)
      this.options.log.flag("time_beyond_2038", `kept as it is, but drawn as 2038-01-19, first at ${at}: ${text}`);
    return time;
  }

  #requiredTime(record: readonly string[], at: string): ParsedTime | undefined {
    const time = this.#time(record, "opened", at);
    if (time) return time;
    const value = this.#text(record, "opened");
    const message = `${this.options.fields["opened"]}: not a time (expected 2025-03-01 08:05:00 or ISO 8601)`;
    this.options.log.skip(value === "" ? "no_opened_time" : "bad_time", { at, value, message });
    return undefined;
  }

  #optionalTime(record: readonly string[], field: string, at: string): ParsedTime | null | "skip" {
    const value = this.#text(record, field);
    if (value === "") return null;
    const time = this.#time(record, field, at);
    if (time) return time;
    const message = `${this.options.fields[field]}: not a time (expected 2025-03-01 08:05:00 or ISO 8601)`;
    this.options.log.skip("bad_time", { at, value, message });
    return "skip";
  }

  #place(record: readonly string[], at: string): { readonly lon: number; readonly lat: number } | undefined {
    const { fields, log } = this.options;
    const lonText = this.#text(record, "lon");
    const latText = this.#text(record, "lat");
    const value = `${lonText},${latText}`;
    if (lonText === "" || latText === "") {
      log.skip("no_point", { at, value, message: `${fields["lon"]}, ${fields["lat"]}: no position` });
      return undefined;
    }
    const [lon, lat] = positionOfTexts(lonText, latText);
    if (lon === 0 && lat === 0) log.flag("zero_points", `positions 0, 0 are nobody's place, first at ${at}`);
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) {
      const message = `${fields["lon"]}, ${fields["lat"]}: not degrees (longitude −180…180, latitude −90…90)`;
      log.skip("bad_point", { at, value, message });
      return undefined;
    }
    return { lon: fromLattice(toLattice(lon)), lat: fromLattice(toLattice(lat)) };
  }

  #locate(lon: number, lat: number): { readonly areaCode: string | null; readonly border: boolean } {
    const { areas, log } = this.options;
    const hit = areas.locate(lon, lat);
    if (hit.owner < 0) log.flag("outside_areas", "points in no area of the county: loaded without a grid");
    else if (hit.border) log.flag("on_border", "points exactly on a border: owned by the lowest code");
    else if (hit.owners.length > 1) log.flag("in_overlap", "points where areas overlap: owned by the lowest code");
    const areaCode = areas.codes[hit.owner] ?? null;
    if (areaCode !== null && areaCode.length < GRID_DIGITS)
      log.flag("no_grid", "points in no grid: they belong to the deepest area around them");
    return { areaCode, border: hit.border };
  }

  #state(record: readonly string[], hasClosed: boolean): IncidentState {
    const text = this.#text(record, "state");
    const known = text === "" ? undefined : remembered(this.#states, text, stateOf);
    if (known) return known;
    const { log, fields } = this.options;
    if (text !== "") {
      const message = `unknown words in "${fields["state"]}", first ${JSON.stringify(text.slice(0, WORDS_SHOWN))}: read from the closing time instead`;
      log.flag("unmapped_state", message);
    }
    return hasClosed ? "closed" : "accepted";
  }

  #source(record: readonly string[]): IncidentSource {
    const text = this.#text(record, "source");
    const known = text === "" ? undefined : remembered(this.#sources, text, sourceOf);
    if (known === undefined && text !== "") {
      const message = `unknown words in "${this.options.fields["source"]}", first ${JSON.stringify(text.slice(0, WORDS_SHOWN))}: taken as other`;
      this.options.log.flag("unmapped_source", message);
    }
    return known ?? "other";
  }

  #verdict(record: readonly string[]): SourceVerdict | null {
    const column = this.options.fields["verdict"];
    if (column === undefined) return null;
    const text = this.#text(record, "verdict");
    // Our own export's word for a case whose source judges nothing.
    if (text === "unjudged") return null;
    const known = verdictOf(text, column);
    if (known) return known;
    const message = `unknown words in "${column}", first ${JSON.stringify(text.slice(0, WORDS_SHOWN))}: taken as no verdict`;
    this.options.log.flag("unmapped_verdict", message);
    return "none";
  }

  #checkOrder(opened: ParsedTime, closed: ParsedTime | null, state: IncidentState, at: string): void {
    const { log } = this.options;
    if (closed && closed.epochMs < opened.epochMs)
      log.flag("closed_before_opened", `closed before it was opened, first at ${at}`);
    if (closed && isOpenState(state))
      log.flag("open_with_closing_time", `still open but with a closing time, first at ${at}`);
    if (!closed && SOLVED_STATES.includes(state))
      log.flag("closed_without_time", `closed without a closing time, first at ${at}`);
  }

  /** Ids carry the event's time; their other bits are drawn from the source's id, so that a second run mints the same. */
  #ids(
    record: readonly string[],
    line: number,
    sourceRef: string | null,
    openedMs: number,
    closedMs: number | undefined,
  ): Pick<IncidentDraft, "id" | "contentKey" | "openedEventId" | "closedEventId" | "changeEventId"> {
    const contentKey = sourceRef === null ? contentKeyOf(record) : null;
    const stream = new Prng(`${this.options.county}/incident/${sourceRef ?? `${contentKey}/${line}`}`);
    return {
      id: mint(stream, openedMs, this.options.nowMs),
      contentKey,
      openedEventId: mint(stream, openedMs, this.options.nowMs),
      closedEventId: closedMs === undefined ? null : mint(stream, closedMs, this.options.nowMs),
      changeEventId: mint(stream, this.options.nowMs, this.options.nowMs),
    };
  }
}

/** Hash of a whole line: equal lines have equal keys. */
function contentKeyOf(record: readonly string[]): string {
  const content = new Prng(record.join("\u001f"));
  return [0, 1, 2, 3].map(() => content.uint32().toString(16).padStart(8, "0")).join("");
}

const MAX_WORDS = 10_000;

/** What a word means; words of a column that is no vocabulary are not kept for ever. */
function remembered<T>(
  known: Map<string, T | undefined>,
  text: string,
  find: (text: string) => T | undefined,
): T | undefined {
  if (known.has(text)) return known.get(text);
  const found = find(text);
  if (known.size < MAX_WORDS) known.set(text, found);
  return found;
}

function mint(stream: Prng, ms: number, nowMs: number): Uuid {
  return uuidV7(clampEventTime(ms, nowMs), stream.uint32(), stream.uint32(), stream.uint32());
}

/** Event times in ids are clamped to 2000 … now + 1 day (data rule 3). */
const clampEventTime = (ms: number, nowMs: number): number =>
  Math.min(Math.max(ms, Date.UTC(2000, 0, 1)), nowMs + 86_400_000);
