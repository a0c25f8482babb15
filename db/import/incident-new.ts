import { ENDED_STATES } from "../../data/model/incident.ts";
import type { CopyValue, Database, Transaction } from "../driver.ts";
import { pointEwkb } from "../ewkb.ts";
import { suspendForeignKeys } from "../load/bulk-foreign-keys.ts";
import { CLOCK_COLUMNS, clockValues } from "../repositories/clock-repository.ts";
import { reserveRefs } from "../repositories/counter-repository.ts";
import { holdReferred } from "./hold-referred.ts";
import { type ClockRules, clocksOfNew, type ResolvedCase } from "./resolved-case.ts";

/** Under which import new cases are written. */
export interface NewCases {
  readonly county: string;
  readonly batch: string;
  readonly rules: ClockRules;
}

const INCIDENT_COLUMNS = [
  "county",
  "id",
  "ref",
  "class_code",
  "severity",
  "source",
  "state",
  "title",
  "geom",
  "grid_id",
  "grid_code_at",
  "scope_code",
  "opened_at",
  "due_at",
  "closed_at",
  "source_verdict",
  "border",
  "suspicious",
  "source_ref",
  "organisation_id",
  "version",
  "sensitive",
  "inbox_role",
  "inbox_area",
  "import_batch",
] as const;

const EVENT_COLUMNS = [
  "county",
  "id",
  "incident_id",
  "seq",
  "from_state",
  "to_state",
  "actor",
  "at",
  "scope_code",
  "sensitive",
  "kind",
] as const;

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/**
 * Writes cases that no earlier import brought, straight into their tables: in order of their ids, so that pages of indexes
 * are filled one after the other. With the events that the source tells of (opened, closed) and their clocks.
 *
 * @param cases in the order of the lines
 */
export async function insertNewCases(
  tx: Transaction,
  form: Database["form"],
  into: NewCases,
  cases: readonly ResolvedCase[],
): Promise<void> {
  if (cases.length === 0) return;
  const { county } = into;
  const refs = await numbers(tx, county, cases);
  // Everything that a row refers to is held or comes with it, so that the checks row by row would find nothing. Measured
  // over Boston's 58,251 cases, twice each: 13 and 16 s of processor time without them, 34 and 35 s with them.
  const suspended = (form === "embedded" || (await holdReferred(tx, county, cases))) && (await suspendForeignKeys(tx));
  const ordered = [...cases].sort((a, b) => byId(a.draft, b.draft));
  const due = new Map<ResolvedCase, ReturnType<typeof clocksOfNew>>();
  for (const one of ordered) due.set(one, clocksOfNew(one, into.rules));
  await tx.copyIn("incident", INCIDENT_COLUMNS, incidentRows(ordered, into, refs, due));
  const sensitive = ordered.filter((one) => one.sensitive);
  if (sensitive.length > 0)
    await tx.copyIn(
      "incident_sealed_place",
      ["county", "incident_id", "geom"],
      sensitive.map((one) => [county, one.draft.id, pointEwkb([one.draft.lon, one.draft.lat])]),
    );
  await tx.copyIn("incident_event", EVENT_COLUMNS, eventRows(ordered, county));
  await tx.copyIn(
    "incident_clock",
    ["county", "incident_id", ...CLOCK_COLUMNS, "scope_code", "sensitive"],
    clockRows(ordered, county, due),
  );
  if (suspended) await tx.execute("SET LOCAL session_replication_role = origin");
}

/** Numbers in order of the opening, sensitive ones in a row of their own. */
async function numbers(
  tx: Transaction,
  county: string,
  cases: readonly ResolvedCase[],
): Promise<ReadonlyMap<ResolvedCase, number>> {
  const refs = new Map<ResolvedCase, number>();
  for (const kind of ["ordinary", "sensitive"] as const) {
    const own = cases.filter((one) => one.sensitive === (kind === "sensitive"));
    // As every other writer does it, also where there is none of a kind: both counters are locked in one order.
    const first = await reserveRefs(tx, county, own.length, kind);
    const ordered = own.sort((a, b) =>
      a.draft.openedAt < b.draft.openedAt ? -1 : a.draft.openedAt > b.draft.openedAt ? 1 : 0,
    );
    for (const [n, one] of ordered.entries()) refs.set(one, first + n);
  }
  return refs;
}

type Dues = ReadonlyMap<ResolvedCase, ReturnType<typeof clocksOfNew>>;

function* incidentRows(
  cases: readonly ResolvedCase[],
  { county, batch }: NewCases,
  refs: ReadonlyMap<ResolvedCase, number>,
  due: Dues,
): Generator<readonly CopyValue[]> {
  for (const one of cases) {
    // An open case of the file that no unit has waits for the dispatcher of its deepest area, so that it has an owner.
    const ownerless = one.organisationId === null && !ENDED_STATES.includes(one.draft.state);
    yield [
      county,
      one.draft.id,
      refs.get(one) ?? 0,
      one.classCode,
      "normal",
      one.draft.source,
      one.draft.state,
      one.draft.title,
      pointEwkb(one.drawn),
      one.gridId,
      one.gridCode,
      one.draft.areaCode,
      one.draft.openedAt,
      due.get(one)?.dueAt ?? null,
      one.draft.closedAt,
      one.draft.verdict,
      one.draft.border,
      one.suspicious,
      one.draft.sourceRef,
      one.organisationId,
      1,
      one.sensitive,
      ownerless ? "dispatcher" : null,
      ownerless ? (one.draft.areaCode ?? county) : null,
      batch,
    ];
  }
}

/** Opening and closing of each case, in order of their own ids: events are partitioned by their month. */
function* eventRows(cases: readonly ResolvedCase[], county: string): Generator<readonly CopyValue[]> {
  const steps: { readonly id: string; readonly closing: boolean; readonly one: ResolvedCase }[] = [];
  for (const one of cases) {
    steps.push({ id: one.draft.openedEventId, closing: false, one });
    if (one.draft.closedEventId !== null) steps.push({ id: one.draft.closedEventId, closing: true, one });
  }
  steps.sort(byId);
  for (const { id, closing, one } of steps)
    yield [
      county,
      id,
      one.draft.id,
      closing ? 2 : 1,
      closing ? "accepted" : null,
      closing || one.draft.closedEventId === null ? one.draft.state : "accepted",
      "import",
      closing ? one.draft.closedAt : one.draft.openedAt,
      one.draft.areaCode,
      one.sensitive,
      "step",
    ];
}

function* clockRows(cases: readonly ResolvedCase[], county: string, due: Dues): Generator<readonly CopyValue[]> {
  for (const one of cases)
    for (const clock of due.get(one)?.clocks ?? [])
      yield [county, one.draft.id, ...clockValues(clock), one.draft.areaCode, one.sensitive];
}
