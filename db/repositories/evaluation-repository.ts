import type { CaseFact, EvaluationBy, FactCounts } from "../../data/evaluation/indices.ts";
import type { Transaction } from "../driver.ts";
import { countedCases, FACT_COLUMN } from "./evaluation-sql.ts";
import type { IncidentListFilter, IncidentReading } from "./incident-filter.ts";

/** Counts of one that is assessed. */
export interface AssessedCounts {
  /** Code of an area, row id of a unit or post; null for the whole. */
  readonly key: string | null;
  readonly counts: FactCounts;
}

const FACTS = Object.entries(FACT_COLUMN) as [CaseFact, string][];
const COUNTS = FACTS.map(([fact, column]) => `'${fact}', count(*) FILTER (WHERE ${column})`).join(", ");

/**
 * Counts of everybody who is assessed in an area and period; of those without any case there is no row. One statement.
 *
 * @param by null for the area as a whole, which is one row with key null
 */
export function assessedCounts(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  by: EvaluationBy | null,
): Promise<AssessedCounts[]> {
  const relation = countedCases(reading, filter, by);
  const keyed = by === null ? "" : "WHERE key IS NOT NULL GROUP BY key ORDER BY key";
  return tx.rows<AssessedCounts>(
    `${relation.with} SELECT ${by === null ? "NULL::text AS key" : "key"}, json_build_object(${COUNTS}) AS counts
     FROM counted ${keyed}`,
    relation.params.values,
  );
}

/** One figure: whose, and which fact is counted. */
export interface CountedFigure {
  readonly by: EvaluationBy;
  /** Null for the area as a whole. */
  readonly key: string | null;
  readonly fact: CaseFact;
}

/** Statement parts of the cases that a figure counts. */
function figureCases(reading: IncidentReading, filter: IncidentListFilter, { by, key, fact }: CountedFigure) {
  const relation = countedCases(reading, filter, key === null ? null : by);
  const type = by === "area" ? "text" : "uuid";
  const mine = key === null ? "" : `AND key = ${relation.params.add(key)}::${type}`;
  return { ...relation, where: `${FACT_COLUMN[fact]} ${mine}` };
}

/** A case in the list of a figure: its id and sort key. */
export interface FigureCase {
  readonly id: string;
  readonly openedAt: string;
}

/** The cases that a figure counts, newest first. @param after `[openedAt, id]` of the last row of the page before */
export function casesOfFigure(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  figure: CountedFigure,
  after: readonly string[] | undefined,
  limit: number,
): Promise<FigureCase[]> {
  const { params, with: text, where } = figureCases(reading, filter, figure);
  const keyset = after
    ? `AND (opened_at, id) < (${params.add(after[0] ?? "")}::timestamptz, ${params.add(after[1] ?? "")}::uuid)`
    : "";
  return tx.rows<FigureCase>(
    `${text} SELECT id, opened_at AS "openedAt" FROM counted WHERE ${where} ${keyset}
     ORDER BY opened_at DESC, id DESC LIMIT ${params.add(limit)}::int`,
    params.values,
  );
}

/** How many cases a figure counts. */
export async function countOfFigure(
  tx: Transaction,
  reading: IncidentReading,
  filter: IncidentListFilter,
  figure: CountedFigure,
): Promise<number> {
  const { params, with: text, where } = figureCases(reading, filter, figure);
  const rows = await tx.rows<{ count: number }>(
    `${text} SELECT count(*)::int AS count FROM counted WHERE ${where}`,
    params.values,
  );
  return rows[0]?.count ?? 0;
}
