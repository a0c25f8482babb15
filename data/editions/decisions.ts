import { userError } from "../model/errors.ts";
import { type LivesOn, type NextArea, nextKey, type OldArea, type Proposal } from "./proposal.ts";

/** What a person decided, by a proposal's id: one of its choices, or pairs `OLD=NEW` of its own, or "none". */
export type Decisions = ReadonlyMap<string, string>;

/** A proposal with who lives on: as proposed, or as decided. */
export interface Decided {
  readonly proposal: Proposal;
  readonly livesOn: readonly LivesOn[];
}

export interface Decision {
  readonly decided: readonly Decided[];
  /** Unsure ones that nobody decided. */
  readonly open: readonly Proposal[];
}

/**
 * Puts decisions to proposals. Any proposal may be decided otherwise, not only unsure ones.
 *
 * @throws USER error for a decision about nothing that was proposed, or one that its areas do not allow
 */
export function decide(
  proposals: readonly Proposal[],
  decisions: Decisions,
  olds: readonly OldArea[],
  nexts: readonly NextArea[],
): Decision {
  const known = new Set(proposals.map(({ id }) => id));
  for (const id of decisions.keys())
    if (!known.has(id))
      throw userError(`"${id}" is no proposal of this edition`, {
        at: "--decisions",
        hint: "Ids are those of --dry-run --json with the same file and county.",
      });
  const open: Proposal[] = [];
  const decided = proposals.map((proposal): Decided => {
    const text = decisions.get(proposal.id);
    if (text === undefined && proposal.verdict === "unsure") open.push(proposal);
    return { proposal, livesOn: text === undefined ? proposal.livesOn : pairsOf(text, proposal, olds, nexts) };
  });
  return { decided, open };
}

function pairsOf(
  text: string,
  { id, olds: ownOlds, nexts: ownNexts }: Proposal,
  olds: readonly OldArea[],
  nexts: readonly NextArea[],
): LivesOn[] {
  if (text.trim() === "none") return [];
  const pairs = text
    .trim()
    .split(/[\s;,]+/)
    .map((word): LivesOn => {
      const [code, key] = word.split("=");
      const old = ownOlds.find((one) => olds[one]?.code === code);
      const next = ownNexts.find((one) => nexts[one] && nextKey(nexts[one]) === key);
      if (old === undefined || next === undefined)
        throw userError(`"${word}" is no pair of ${id}`, {
          at: "--decisions",
          hint: 'A decision is "none", or OLD=NEW for each area that lives on, with codes of that proposal.',
        });
      return [old, next];
    });
  if (
    new Set(pairs.map(([old]) => old)).size < pairs.length ||
    new Set(pairs.map(([, next]) => next)).size < pairs.length
  )
    throw userError(`"${text}" names an area twice, in ${id}`, { at: "--decisions" });
  return pairs;
}

/** Rows of a table of decisions: columns `id` and `decision`. Rows without a decision are left out. */
export function decisionsOfRows(rows: readonly Readonly<Record<string, string>>[]): Decisions {
  const decisions = new Map<string, string>();
  for (const { id, decision } of rows) if (id && decision?.trim()) decisions.set(id, decision.trim());
  return decisions;
}

/**
 * Decisions as JSON: `{"ID": "CHOICE"}` or `[{"id", "decision"}]`.
 *
 * @throws USER error for anything else
 */
export function decisionsOfJson(text: string): Decisions {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw userError(`the decisions are no JSON: ${error instanceof Error ? error.message : ""}`, { at: "--decisions" });
  }
  const rows = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null
      ? Object.entries(value).map(([id, decision]) => ({ id, decision }))
      : [undefined];
  const texts = rows.map((row: unknown): Record<string, string> => {
    if (typeof row === "object" && row !== null && "id" in row && "decision" in row)
      if (typeof row.id === "string" && typeof row.decision === "string") return { id: row.id, decision: row.decision };
    throw userError("decisions are an object of texts, or a list of {id, decision}", { at: "--decisions" });
  });
  return decisionsOfRows(texts);
}
