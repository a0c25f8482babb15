import type { CaseFact, EvaluationBy } from "../../data/evaluation/indices.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { type IncidentEventRecord, type IncidentRecord, isLate } from "../../data/model/incident.ts";
import { groupBy } from "./group-by.ts";

/**
 * What the assessment counts, by brute force from records, one case at a time: written on its own from the words of
 * `data/evaluation/indices.ts`, not from the SQL.
 */

const DONE = ["fed_back", "verified", "closed", "evaluated"];
const WORK = ["arrived", "consulted", "handling", ...DONE];
const LENGTH_BELOW: Readonly<Record<number, number>> = { 6: 9, 9: 12, 12: 15, 15: 18 };

/** Ids of cases by fact. */
export type FactCases = Readonly<Record<CaseFact, ReadonlySet<string>>>;

export interface AskedAssessment {
  readonly inside: string;
  /** Null for the area as a whole. */
  readonly by: EvaluationBy | null;
  /** ISO 8601 */
  readonly from: string;
  readonly to: string;
  /** Instant to judge at, ISO 8601. */
  readonly asOf: string;
}

/** Facts of one case that do not depend on who is assessed. */
function factsOf(one: IncidentRecord, log: readonly IncidentEventRecord[], asOfMs: number): Set<CaseFact> {
  const went = (states: readonly string[]) => log.some(({ toState }) => states.includes(toState));
  const facts = new Set<CaseFact>(["reported"]);
  const closed = one.state === "closed" || one.state === "evaluated";
  const invalid = one.state === "rejected" || one.state === "void";
  if (closed) facts.add("closed");
  if (!invalid && one.state !== "found") {
    facts.add("filed");
    if (DONE.includes(one.state) || one.state === "rework" || went([...DONE, "rework"])) facts.add("handled");
    if (one.state === "rework" || went(["rework"])) facts.add("sentBack");
    const fedBack = went(["fed_back"]);
    if (one.state === "fed_back" || fedBack) facts.add("fedBack");
    const after = ["verified", "closed", "evaluated"];
    if (fedBack && (after.includes(one.state) || went(after))) facts.add("verified");
  }
  const judged = one.sourceVerdict ? one.sourceVerdict !== "none" : one.dueAt !== null;
  const late = isLate(one, asOfMs);
  if (judged && !invalid && (closed || (late && one.state !== "on_hold"))) facts.add("due");
  if (judged && closed && !late) facts.add("closedInTime");
  return facts;
}

/** Units that were handed a case, and whether they passed it on without a step of work. */
function handedOver(log: readonly IncidentEventRecord[]): Map<string, boolean> {
  const sorted = [...log].sort((a, b) => a.seq - b.seq);
  const hands = sorted.flatMap((entry, n) =>
    entry.organisationId ? [{ unit: entry.organisationId as string, n }] : [],
  );
  const passed = new Map<string, boolean>();
  hands.forEach(({ unit, n }, k) => {
    const next = hands[k + 1];
    const worked = sorted
      .slice(n, next?.n)
      .some(({ kind, toState }) => (kind ?? "step") === "step" && WORK.includes(toState));
    const passedOn = next !== undefined && next.unit !== unit && !worked;
    passed.set(unit, (passed.get(unit) ?? false) || passedOn);
  });
  return passed;
}

/** Cases by key and fact; the whole has the key "". @param sees whether the viewer sees a case */
export function assessedCases(
  data: CountyDataset,
  sees: (one: IncidentRecord) => boolean,
  { inside, by, from, to, asOf }: AskedAssessment,
): Map<string, FactCases> {
  const logs = groupBy(data.incidentEvents, ({ incidentId }) => incidentId as string);
  const found = new Map<string, Record<CaseFact, Set<string>>>();
  const add = (key: string, fact: CaseFact, id: string) => {
    const facts =
      found.get(key) ??
      (Object.fromEntries(
        "reported filed handled due closedInTime closed sentBack assigned passedOn fedBack verified"
          .split(" ")
          .map((name) => [name, new Set<string>()]),
      ) as Record<CaseFact, Set<string>>);
    found.set(key, facts);
    facts[fact].add(id);
  };
  for (const one of data.incidents) {
    const opened = Date.parse(one.openedAt);
    if (!sees(one) || opened < Date.parse(from) || opened >= Date.parse(to)) continue;
    if (!(one.scopeCode ?? data.profile.county).startsWith(inside)) continue;
    const log = logs.get(one.id) ?? [];
    const handed = handedOver(log);
    const now = one.organisationId as string | null;
    if (by === "department") {
      if (now !== null) for (const fact of factsOf(one, log, Date.parse(asOf))) add(now, fact, one.id);
      for (const unit of new Set([...handed.keys(), ...(now === null ? [] : [now])])) {
        add(unit, "assigned", one.id);
        if (handed.get(unit)) add(unit, "passedOn", one.id);
      }
      continue;
    }
    const length = LENGTH_BELOW[inside.length] ?? 0;
    const code = one.scopeCode ?? "";
    const key = by === null ? "" : code.length >= length && length > 0 ? code.slice(0, length) : undefined;
    if (key === undefined) continue;
    for (const fact of factsOf(one, log, Date.parse(asOf))) add(key, fact, one.id);
    if (handed.size > 0 || now !== null) add(key, "assigned", one.id);
    if ([...handed.values()].includes(true)) add(key, "passedOn", one.id);
  }
  return found;
}
