import { useState } from "react";
import { useView } from "../../../app/view-state.ts";
import type { ImportEditionPartsFragment } from "../../../gql/generated.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useFormat } from "../../../ui/format.ts";
import { Badge, type Tone } from "../../../ui/status.tsx";
import { choiceWords, openProposals } from "./edition-choices.ts";
import { EDITION_TEXTS, type EditionTexts } from "./edition-texts.ts";

export type Proposal = ImportEditionPartsFragment["proposals"][number];
type Decisions = Readonly<Record<string, string>>;

/** Proposals that are shown before somebody asks for all of them. */
const SHOWN = 40;
const SIGNS: Readonly<Record<string, { readonly tone: Tone; readonly sign: string }>> = {
  certain: { tone: "good", sign: "✓" },
  likely: { tone: "idle", sign: "●" },
  unsure: { tone: "late", sign: "?" },
};

/** What became of what in a new edition, with what is to be decided first. */
export function EditionView(props: {
  edition: ImportEditionPartsFragment;
  decisions: Decisions;
  /** Takes another decision; undefined = they are only shown. */
  onDecide: ((decisions: Decisions) => void) | undefined;
  dryRun: boolean;
}) {
  const { edition, decisions, onDecide, dryRun } = props;
  const t = useTexts(EDITION_TEXTS);
  const format = useFormat();
  const [all, setAll] = useState(false);
  const open = openProposals(edition.proposals, decisions);
  const sorted = [...edition.proposals].sort(
    (a, b) => Number(b.verdict === "unsure") - Number(a.verdict === "unsure") || a.confidence - b.confidence,
  );
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  const word = (kind: string): string => t[kind as keyof EditionTexts] ?? kind;
  const decide = (id: string, choice: string): void => {
    const { [id]: _, ...others } = decisions;
    onDecide?.(choice === "" ? others : { ...others, [id]: choice });
  };
  return (
    <section className="import-edition" data-testid="import-edition" aria-label={t.title}>
      <h2>{fill(t.from, { day: format.date(Date.parse(edition.effective) / 1000) })}</h2>
      <p>{edition.counts.map(({ kind, count }) => `${word(kind)} ${format.number(count)}`).join(" · ")}</p>
      {dryRun && open > 0 && (
        <p className="note" role="status">
          {fill(t.open, { count: open })}
        </p>
      )}
      {dryRun && open === 0 && !edition.applied && onDecide && <p role="status">{t.allDecided}</p>}
      <ul className="import-proposals">
        {shown.map((proposal) => (
          <ProposalCard
            key={proposal.id}
            proposal={proposal}
            decision={decisions[proposal.id]}
            onDecide={onDecide && ((choice) => decide(proposal.id, choice))}
          />
        ))}
      </ul>
      {shown.length < sorted.length && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {fill(t.all, { count: sorted.length })}
        </button>
      )}
      {edition.recoded.length > 0 && (
        <details>
          <summary>{fill(t.recodedBelow, { count: edition.recoded.length })}</summary>
          <ul>
            {edition.recoded.map(({ from, to, renumbered }) => (
              <li key={from}>
                <code>{from}</code> → <code>{to}</code>{" "}
                {renumbered && <span className="tone-muted">{t.renumbered}</span>}
              </li>
            ))}
          </ul>
        </details>
      )}
      {edition.leftOver.length > 0 && (
        <>
          <h2>{t.leftOver}</h2>
          <ul>
            {edition.leftOver.map(({ code, name, successors, units, posts, accounts }) => (
              <li key={code}>
                {name} <code>{code}</code> → {successors.join("、") || t.nobody}
                {"："}
                {fill(t.hangs, { units, posts, accounts })}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function ProposalCard(props: {
  proposal: Proposal;
  /** What was decided here; undefined = as proposed. */
  decision: string | undefined;
  onDecide: ((choice: string) => void) | undefined;
}) {
  const { proposal, decision, onDecide } = props;
  const t = useTexts(EDITION_TEXTS);
  const format = useFormat();
  const chinese = useView((view) => view.language) === "zh-CN";
  const { olds, nexts, verdict, choices } = proposal;
  const unsure = verdict === "unsure";
  const named = (areas: readonly { readonly code: string | null; readonly name: string }[]): string =>
    areas.map(({ code, name }) => [name, code].filter(Boolean).join(" ")).join(" + ") || "—";
  const reasons = chinese ? proposal.reasonsZh : proposal.reasonsEn;
  const [proposed = ""] = choices;
  const { tone, sign } = SIGNS[decision !== undefined ? "certain" : verdict] ?? { tone: "idle", sign: "●" };
  const sure = `${t[verdict as keyof EditionTexts] ?? verdict} ${format.percent(proposal.confidence)}`;
  const kind = t[proposal.kind as keyof EditionTexts] ?? proposal.kind;
  return (
    <li data-verdict={verdict} data-open={(unsure && decision === undefined) || undefined}>
      <p>
        <strong>{kind}</strong>{" "}
        <Badge tone={tone} sign={sign}>
          {decision !== undefined || (!onDecide && proposal.decided) ? t.decided : sure}
        </Badge>
      </p>
      <p className="import-change">
        {named(olds)} → {named(nexts)}
      </p>
      <p className="tone-muted">{reasons.join(chinese ? "；" : "; ")}</p>
      {onDecide && (unsure || choices.length > 1) && (
        <label>
          {t.decide}
          <select
            className="select"
            value={decision ?? (unsure ? "" : proposed)}
            onChange={({ currentTarget: { value } }) => onDecide(!unsure && value === proposed ? "" : value)}
          >
            {unsure && <option value="">{t.choose}</option>}
            {choices.map((choice, index) => (
              <option key={choice} value={choice}>
                {choiceWords(choice, proposal, t)}
                {index === 0 ? t.proposed : ""}
              </option>
            ))}
          </select>
        </label>
      )}
    </li>
  );
}
