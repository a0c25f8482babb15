import { cascadeCodes } from "../../data/editions/cascade-codes.ts";
import { type Decided, type Decisions, decide } from "../../data/editions/decisions.ts";
import {
  type EditionReport,
  type EditionSummary,
  type LeftOver,
  shownProposal,
} from "../../data/editions/edition-report.ts";
import { matchEdition } from "../../data/editions/match-edition.ts";
import { type EditionPlan, planEdition } from "../../data/editions/plan-edition.ts";
import { choiceText, type NextArea, type Proposal } from "../../data/editions/proposal.ts";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import type { ImportReport } from "../../data/importers/report.ts";
import { codeRange, isInside, parentCode } from "../../data/model/codes.ts";
import { userError } from "../../data/model/errors.ts";
import { ZoneClock } from "../../data/model/zoned-time.ts";
import type { Database, Transaction } from "../driver.ts";
import type { AreaImport } from "./area-import.ts";
import { everyCode, hangingOn, refuseLater, type StandingArea, standingAreas, standingBelow } from "./edition-rows.ts";
import { codesOf, writeEdition } from "./edition-write.ts";
import type { ImportContext, ImportCounty, ImportOutcome } from "./import-transaction.ts";
import { runImport, tellOfBulk } from "./import-transaction.ts";
import { settleEditions } from "./settle-editions.ts";

export interface EditionImport extends AreaImport {
  /** Day from which the edition holds, yyyy-mm-dd in the county's zone. */
  readonly effective: string;
  readonly decisions: Decisions;
}

/**
 * Applies a new edition of the areas of a level: what lives on keeps its id, with all that hangs on it; versions close and
 * open at 00:00 of the effective date; what lies below gets the codes of its new parents; lineage is kept. All of it in
 * one transaction. A date to come is waited for by `settleDueEditions`.
 *
 * @throws USER error where something is left to decide (not in a dry run), for a date that lies before other boundaries, and
 *   for areas whose parent the county does not have
 */
export async function importEdition(
  database: Database,
  context: ImportContext,
  input: EditionImport,
): Promise<EditionReport> {
  const report = await runImport(database, context, (tx, county) => write(tx, context, county, input));
  return report as EditionReport;
}

async function write(
  tx: Transaction,
  context: ImportContext,
  county: ImportCounty,
  input: EditionImport,
): Promise<ImportOutcome> {
  const { level, log, drafts } = input;
  const at = effectiveInstant(input.effective, county.timezone);
  await refuseLater(tx, context.county, at, input.effective);
  const olds = await standingAreas(tx, context.county, level, at);
  if (olds.length === 0)
    throw userError(`county ${context.county} has no areas of level ${level} that a new edition could follow`, {
      at: "--edition",
      hint: "Import them without --edition.",
    });
  const nexts = drafts.map(
    ({ at: place, ownCode, sourceRef, name, geometry }): NextArea => ({
      at: place,
      code: ownCode,
      sourceRef,
      name,
      geometry,
    }),
  );
  context.onProgress({ phase: "finish", rows: nexts.length, message: "matching with what is there" });
  const { proposals, evidence } = matchEdition(olds, nexts);
  const { decided, open } = decide(proposals, input.decisions, olds, nexts);
  const shown = (more: Pick<EditionSummary, "applied" | "recoded" | "leftOver">): EditionSummary => ({
    effective: at,
    counts: countsOf(proposals),
    proposals: decided
      .filter(({ proposal }) => proposal.kind !== "unchanged")
      .map(({ proposal, livesOn }) =>
        shownProposal(proposal, choiceText(livesOn, olds, nexts), input.decisions.has(proposal.id), olds, nexts),
      ),
    open: open.length,
    ...more,
  });
  if (open.length > 0) {
    if (context.dryRun)
      return outcome(
        context,
        input,
        { loaded: 0, updated: 0, unchanged: 0 },
        shown({ applied: false, recoded: [], leftOver: [] }),
      );
    const [first] = open;
    throw userError(`${open.length} proposals of this edition must be decided, first ${first?.id}`, {
      code: "CONFLICT",
      at: "--decisions",
      hint: "See them with --dry-run (--json), decide in a JSON or CSV file (id, decision) and give it with --decisions.",
    });
  }
  const plan = planEdition(evidence, decided);
  const known = await everyCode(tx, context.county);
  const codes = await codesOf(tx, context, county, { level, at, olds, drafts, plan, known, log });
  const recoded = await recodeBelow(tx, context.county, { input, at, olds, plan, codes, decided, known });
  const successors = (old: number): string[] =>
    plan.descents.filter((one) => one.old === old).map(({ next }) => codes[next] ?? "");
  const ended = plan.ended.flatMap((old) => (olds[old] ? [{ old, area: olds[old] }] : []));
  const hanging = await hangingOn(
    tx,
    context.county,
    ended.map(({ area }) => area.id),
    at,
  );
  const leftOver = ended.flatMap(({ old, area }): LeftOver[] => {
    const { units = 0, posts = 0, accounts = 0 } = hanging.find(({ id }) => id === area.id) ?? {};
    return units + posts + accounts === 0
      ? []
      : [{ code: area.code, name: area.name, successors: successors(old), units, posts, accounts }];
  });
  await writeEdition(tx, context, county, { level, at, olds, drafts, plan, codes, recoded });
  const settled = await settleEditions(tx, context.county, context.nowMs, log);
  if (settled > 0) await tellOfBulk(tx, context.county, context.nowMs, "incident", { edition: true, idRange: null });
  const counts = {
    loaded: plan.opened.filter(({ old }) => old === undefined).length,
    updated: plan.opened.filter(({ old }) => old !== undefined).length + plan.ended.length + recoded.length,
    unchanged: plan.same.length,
  };
  return outcome(context, input, counts, shown({ applied: true, recoded, leftOver }));
}

const outcome = (
  context: ImportContext,
  input: EditionImport,
  counts: Pick<ImportReport, "loaded" | "updated" | "unchanged">,
  edition: EditionSummary,
): ImportOutcome => {
  const report: EditionReport = {
    kind: "edition",
    county: context.county,
    read: input.read,
    ...counts,
    skipped: input.log.skipped(),
    flags: input.log.flags(),
    crs: input.crs,
    seconds: 0,
    edition,
  };
  return { entityKind: "area", idRange: undefined, report };
};

/** 00:00 of a day in a zone. @throws USER error for no day */
function effectiveInstant(day: string, timezone: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day)
    throw userError(`"${day}" is not a day`, { at: "--effective", hint: "Write it as 2026-12-01." });
  return new Date(new ZoneClock(timezone).fromLocal(ms).epochMs).toISOString();
}

function countsOf(proposals: readonly Proposal[]): EditionSummary["counts"] {
  const counts: Partial<Record<Proposal["kind"], number>> = {};
  for (const { kind } of proposals) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

interface Below {
  readonly input: EditionImport;
  readonly at: string;
  readonly olds: readonly StandingArea[];
  readonly plan: EditionPlan;
  /** Code of each new area. */
  readonly codes: readonly string[];
  readonly decided: readonly Decided[];
  readonly known: readonly { readonly code: string }[];
}

/** Codes of what lies below: of a parent that ended or was split, a child belongs to where its label lies. */
async function recodeBelow(
  tx: Transaction,
  county: string,
  { input, at, olds, plan, codes, decided, known }: Below,
): Promise<ReturnType<typeof cascadeCodes>> {
  const lower = await standingBelow(tx, county, input.level, at);
  if (lower.length === 0) return [];
  const heir = new Map(decided.flatMap(({ livesOn }) => livesOn));
  const split = new Set(
    decided.filter(({ proposal }) => proposal.kind === "split").flatMap(({ proposal }) => proposal.olds),
  );
  const byCode = new Map(olds.map(({ code }, old) => [code, old]));
  const index = new LocateIndex(
    input.drafts
      .map(({ geometry }, next) => ({ code: codes[next] ?? "", geometry }))
      .sort((a, b) => (a.code < b.code ? -1 : 1)),
  );
  const labels = new Map(lower.map(({ id, label }) => [id, label]));
  const located = (id: string): string | undefined => {
    const label = labels.get(id);
    return label && index.codes[index.locate(...label).owner];
  };
  const ended = new Set(plan.ended);
  const used = new Set([...known.map(({ code }) => code), ...codes]);
  const recoded = cascadeCodes(
    lower,
    ({ id, code }) => {
      const old = byCode.get(parentCode(code) ?? "");
      if (old === undefined) return undefined;
      const next = heir.get(old);
      const whole = next === undefined ? undefined : codes[next];
      if (!ended.has(old) && !split.has(old)) return whole;
      return located(id) ?? whole;
    },
    used,
  );
  const lost = lower.filter(
    ({ id, code }) =>
      [...ended].some((old) => isInside(code, olds[old]?.code ?? "~")) && !recoded.some((one) => one.id === id),
  );
  const [first] = lost;
  if (first)
    throw userError(`${lost.length} areas lie in areas that end, and on no new ground, first ${first.code}`, {
      at: input.drafts[0]?.at ?? "FILE",
      hint: `Nothing may be left under a code that ends (${codeRange(first.code).from}): the file must hold the ground of all areas.`,
    });
  return recoded;
}
