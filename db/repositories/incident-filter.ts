import { codeRange } from "../../data/model/codes.ts";
import type { Bbox } from "../../data/model/geometry.ts";
import { uuidV7LowerBound } from "../../data/model/ids.ts";
import {
  ENDED_STATES,
  INVALID_STATES,
  type IncidentSeverity,
  type IncidentSource,
  type IncidentState,
} from "../../data/model/incident.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { EscalationLevel } from "../../data/workflow/definition.ts";
import { inBox } from "./cells.ts";
import { Params } from "./params.ts";

/** Whose cases are meant by "mine". */
export interface Mine {
  /** Row id of the account; null for tokens. */
  readonly account: string | null;
  readonly role: Role;
  /** Code of the area of the grant. */
  readonly area: string;
}

/** A word that a case must hold somewhere. */
export interface SearchedWord {
  /** Lower case, without white space. */
  readonly text: string;
  /** Number of a case, where the word is one or an order number with it. */
  readonly ref: number | undefined;
  /** Codes of the classes whose name holds it. */
  readonly classes: readonly string[];
}

/** Conditions on incidents, all of which must hold. Instants are ISO 8601 text. */
export interface IncidentListFilter {
  readonly inside: string;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  /** Five-digit classes or two-digit majors. */
  readonly classes?: readonly string[] | null | undefined;
  readonly states?: readonly IncidentState[] | null | undefined;
  readonly open?: boolean | null | undefined;
  readonly severities?: readonly IncidentSeverity[] | null | undefined;
  readonly sources?: readonly IncidentSource[] | null | undefined;
  readonly late?: boolean | null | undefined;
  readonly bbox?: Bbox | undefined;
  readonly withoutSuspicious?: boolean | null | undefined;
  /** Only what a person has, or what waits for their role in their area. */
  readonly mine?: Mine | undefined;
  /** Row ids of a post, of a unit. */
  readonly postId?: string | undefined;
  readonly organisationId?: string | undefined;
  /** Only what waits in the inbox of this role. */
  readonly inbox?: Role | null | undefined;
  readonly escalation?: EscalationLevel | null | undefined;
  /** Only cases of which a clock is paused, or none. */
  readonly paused?: boolean | null | undefined;
  /** Numbers of cases: only these. */
  readonly refs?: readonly number[] | undefined;
  /** Only cases that hold each of them. Reads titles: not for seats that may not. */
  readonly words?: readonly SearchedWord[] | undefined;
}

/** What reading incidents depends on beside the filter. */
export interface IncidentReading {
  readonly county: string;
  /** Instant to judge lateness at, ISO 8601. */
  readonly asOf: string;
  /** The server's clock, ISO 8601. */
  readonly now: string;
}

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(", ");
/** The case `i` is open. */
export const OPEN_SQL = `i.state NOT IN (${quoted(ENDED_STATES)})`;
/** The case `i` is valid 有效. */
export const VALID_SQL = `i.state NOT IN (${quoted(INVALID_STATES)})`;

/** The case `i` is late at an instant: the rule of `isLate` in `data/model/incident.ts`. */
export const lateSql = (
  asOf: string,
): string => `CASE WHEN i.source_verdict IS NOT NULL THEN i.source_verdict = 'overdue'
    WHEN i.due_at IS NULL OR NOT (${VALID_SQL}) THEN false
    ELSE coalesce(i.closed_at, ${asOf}::timestamptz) > i.due_at END`;

/** A clock of the case `i` stands still. @param county placeholder of the county */
const pausedSql = (county: string): string =>
  `EXISTS (SELECT 1 FROM incident_clock k WHERE k.county = ${county} AND k.incident_id = i.id
     AND k.paused_at IS NOT NULL AND k.ended_at IS NULL)`;

/**
 * The case `i` holds a word: as its number or that of its source file, in its title, by its class, the unit that has it, or an
 * area that it lies in. Areas and units are looked up once a statement.
 */
function wordSql(params: Params, county: string, now: string, { text, ref, classes }: SearchedWord): string {
  const word = params.add(text);
  const found = [
    `strpos(lower(i.title), ${word}) > 0`,
    `i.source_ref = ${word}`,
    `i.organisation_id = ANY (ARRAY(SELECT o.id FROM organisation o WHERE o.county = ${county} AND strpos(lower(o.name), ${word}) > 0))`,
    `i.scope_code = ANY (ARRAY(SELECT w.code FROM area_version v JOIN area_version w ON w.county = ${county}
        AND w.code >= v.code AND w.code < (v.code || '~') COLLATE "C" AND w.valid_to > ${now}::timestamptz
      WHERE v.county = ${county} AND v.valid_from <= ${now}::timestamptz AND v.valid_to > ${now}::timestamptz
        AND (strpos(lower(v.name), ${word}) > 0 OR strpos(replace(lower(v.name_sort), ' ', ''), ${word}) > 0)))`,
  ];
  if (ref !== undefined) found.push(`i.ref = ${params.add(ref)}::int`);
  if (classes.length > 0) found.push(`i.class_code = ANY(${params.add(classes)}::text[])`);
  return `(${found.join(" OR ")})`;
}

/** Parts of a statement over incidents. */
export interface IncidentParts {
  readonly params: Params;
  /** Conditions on `incident i`. */
  readonly where: string;
  /** Expression of lateness. */
  readonly late: string;
  /** Placeholder of the instant to judge at. */
  readonly asOf: string;
}

/** First and last event times that ids are clamped to when they are minted (DESIGN rule 3). */
const FIRST_ID_MS = Date.UTC(2000, 0, 1);

/**
 * Builds the parts that every read of incidents shares.
 *
 * @param params of a statement that has other parts too
 */
export function incidentParts(
  reading: IncidentReading,
  filter: IncidentListFilter,
  params: Params = new Params(),
): IncidentParts {
  const county = params.add(reading.county);
  const asOf = params.add(reading.asOf);
  const late = lateSql(asOf);
  // Every statement names both parameters, used or not: PostgreSQL must know their types.
  const conditions = [`i.county = ${county}`, `${asOf}::timestamptz IS NOT NULL`];
  // A whole county also holds what lies outside every area.
  if (filter.inside.length > 6) {
    const range = codeRange(filter.inside);
    conditions.push(`i.scope_code >= ${params.add(range.from)} AND i.scope_code < ${params.add(range.to)}`);
  }
  if (filter.from) {
    conditions.push(`i.opened_at >= ${params.add(filter.from)}::timestamptz`);
    const fromMs = Date.parse(filter.from);
    // The time bits of the id let the database skip whole months.
    if (fromMs > FIRST_ID_MS && fromMs < Date.parse(reading.now))
      conditions.push(`i.id >= ${params.add(uuidV7LowerBound(fromMs))}::uuid`);
  }
  if (filter.to) {
    conditions.push(`i.opened_at < ${params.add(filter.to)}::timestamptz`);
    const toMs = Date.parse(filter.to);
    if (toMs > FIRST_ID_MS) conditions.push(`i.id < ${params.add(uuidV7LowerBound(toMs + 1))}::uuid`);
  }
  if (filter.classes) {
    const list = params.add(filter.classes);
    conditions.push(`(i.class_code = ANY(${list}::text[]) OR left(i.class_code, 2) = ANY(${list}::text[]))`);
  }
  if (filter.states) conditions.push(`i.state = ANY(${params.add(filter.states)}::text[])`);
  if (filter.open != null) conditions.push(filter.open ? OPEN_SQL : `NOT (${OPEN_SQL})`);
  if (filter.severities) conditions.push(`i.severity = ANY(${params.add(filter.severities)}::text[])`);
  if (filter.sources) conditions.push(`i.source = ANY(${params.add(filter.sources)}::text[])`);
  if (filter.late != null) conditions.push(`(${late}) = ${params.add(filter.late)}::boolean`);
  if (filter.refs) conditions.push(`i.ref = ANY(${params.add(filter.refs)}::int[])`);
  if (filter.words?.length) {
    const now = params.add(reading.now);
    conditions.push(...filter.words.map((word) => wordSql(params, county, now, word)));
  }
  if (filter.mine) {
    const { account, role, area } = filter.mine;
    const { from, to } = codeRange(area);
    conditions.push(
      `(i.handler_id = ${params.add(account)}::uuid OR (i.inbox_role = ${params.add(role)}
        AND i.inbox_area >= ${params.add(from)} AND i.inbox_area < ${params.add(to)}))`,
    );
  }
  if (filter.postId) conditions.push(`i.post_id = ${params.add(filter.postId)}::uuid`);
  if (filter.organisationId) conditions.push(`i.organisation_id = ${params.add(filter.organisationId)}::uuid`);
  if (filter.inbox) conditions.push(`i.inbox_role = ${params.add(filter.inbox)}`);
  if (filter.escalation) conditions.push(`i.escalation = ${params.add(filter.escalation)}`);
  if (filter.paused != null) conditions.push(filter.paused ? pausedSql(county) : `NOT ${pausedSql(county)}`);
  if (filter.withoutSuspicious) conditions.push("NOT i.suspicious");
  // Sensitive cases stand at their area's label point: no box can close in on one.
  if (filter.bbox) conditions.push(inBox(params, "i", filter.bbox));
  return { params, where: conditions.join(" AND "), late, asOf };
}
