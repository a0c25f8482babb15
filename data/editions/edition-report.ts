import type { ImportReport } from "../importers/report.ts";
import type { NewCode } from "./cascade-codes.ts";
import type { EditionReason, EditionVerdict, NextArea, OldArea, Proposal } from "./proposal.ts";

/** A proposal as it is shown: areas by code and name. */
export interface ShownProposal {
  readonly id: string;
  readonly kind: Proposal["kind"];
  readonly changes: Proposal["changes"];
  readonly verdict: EditionVerdict;
  readonly confidence: number;
  readonly olds: readonly { readonly code: string; readonly name: string }[];
  /** Code is null where the file has none. */
  readonly nexts: readonly { readonly code: string | null; readonly name: string; readonly at: string }[];
  /** What is proposed or was decided; a decision is one of `choices`, or pairs written the same way. */
  readonly decision: string;
  readonly decided: boolean;
  readonly choices: readonly string[];
  readonly reasons: readonly EditionReason[];
}

/** An area that ends, with what hangs on it and must be given to somebody else. */
export interface LeftOver {
  readonly code: string;
  readonly name: string;
  /** Codes of the areas that its ground went to. */
  readonly successors: readonly string[];
  readonly units: number;
  readonly posts: number;
  readonly accounts: number;
}

/** What a new edition does. */
export interface EditionSummary {
  /** 00:00 of the effective date in the county's zone, ISO 8601. */
  readonly effective: string;
  /** How many proposals of each kind. */
  readonly counts: Readonly<Partial<Record<Proposal["kind"], number>>>;
  /** All but the unchanged ones. */
  readonly proposals: readonly ShownProposal[];
  /** Unsure ones that nobody decided; the edition is applied when there are none. */
  readonly open: number;
  /** False for a dry run with open ones: nothing but the proposal was made. */
  readonly applied: boolean;
  /** Areas below that get new codes. */
  readonly recoded: readonly NewCode[];
  readonly leftOver: readonly LeftOver[];
}

/** The report of an edition: that of any import, with what became of what. */
export interface EditionReport extends ImportReport {
  readonly edition: EditionSummary;
}

/** Is it the report of an edition? */
export const isEdition = (report: ImportReport): report is EditionReport => "edition" in report;

export const shownProposal = (
  proposal: Proposal,
  decision: string,
  decided: boolean,
  olds: readonly OldArea[],
  nexts: readonly NextArea[],
): ShownProposal => ({
  id: proposal.id,
  kind: proposal.kind,
  changes: proposal.changes,
  verdict: proposal.verdict,
  confidence: proposal.confidence,
  olds: proposal.olds.flatMap((old) => (olds[old] ? [{ code: olds[old].code, name: olds[old].name }] : [])),
  nexts: proposal.nexts.flatMap((next) =>
    nexts[next] ? [{ code: nexts[next].code ?? null, name: nexts[next].name, at: nexts[next].at }] : [],
  ),
  decision,
  decided,
  choices: proposal.choices,
  reasons: proposal.reasons,
});

const KIND_ZH: Readonly<Record<Proposal["kind"], string>> = {
  unchanged: "不变",
  reshaped: "边界调整",
  renamed: "更名",
  recoded: "换码",
  moved: "改隶",
  split: "拆分",
  merged: "合并",
  added: "新增",
  removed: "撤销",
  unclear: "不明",
};
const VERDICT_ZH: Readonly<Record<EditionVerdict, string>> = { certain: "确定", likely: "很可能", unsure: "待定" };

/** An edition for the terminal: what became of what, and what is to be decided. */
export function formatEdition({ edition }: EditionReport): string {
  const lines = [
    `自 ${edition.effective} 起 from then on: ${Object.entries(edition.counts)
      .map(([kind, count]) => `${KIND_ZH[kind as Proposal["kind"]]} ${kind} ${count}`)
      .join(", ")}`,
  ];
  for (const one of edition.proposals) {
    const from = one.olds.map(({ code, name }) => `${code} ${name}`).join(" + ");
    const to = one.nexts.map(({ code, name, at }) => `${code ?? at} ${name}`).join(" + ");
    lines.push(
      `  ${KIND_ZH[one.kind]} ${one.kind}  ${from || "—"} → ${to || "—"}  [${VERDICT_ZH[one.verdict]} ${one.verdict} ${one.confidence.toFixed(2)}${one.decided ? ", 已决定 decided" : ""}]`,
      `      ${one.reasons.map(({ zh }) => zh).join("；")}`,
      `      ${one.reasons.map(({ en }) => en).join("; ")}`,
    );
    if (one.verdict === "unsure" && !one.decided)
      lines.push(
        `      待决定 to decide: ${JSON.stringify(one.id)}: ${one.choices.map((choice) => JSON.stringify(choice)).join(" | ")}`,
      );
  }
  for (const { from, to, renumbered } of edition.recoded.slice(0, SHOWN))
    lines.push(`  下级换码 below: ${from} → ${to}${renumbered ? " (原号已占用 its number was taken)" : ""}`);
  if (edition.recoded.length > SHOWN) lines.push(`  … ${edition.recoded.length} 个下级 areas below in all`);
  for (const { code, name, successors, units, posts, accounts } of edition.leftOver)
    lines.push(
      `  须另行安排 to be given to others: ${code} ${name} → ${successors.join(", ") || "—"}: ${units} 个责任单位 units, ${posts} 个岗位 posts, ${accounts} 个账号授权 grants`,
    );
  if (edition.open > 0) lines.push(`  ${edition.open} 项待决定，未应用 to be decided, nothing applied`);
  return lines.join("\n");
}

const SHOWN = 20;
