import { useMemo } from "react";
import { repairIssue } from "../../../../data/coverage/plan-graph/actions/repair-issue.ts";
import type { PlanFix, PlanIssue } from "../../../../data/coverage/plan-graph/plan-checks.ts";
import { useView } from "../../../app/view-state.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { choose, perform, settledGraph, useEditor } from "../state/editor.ts";
import type { Figures } from "../state/figures.ts";
import { flyTo } from "../state/fly-to.ts";
import { type HouseholdFlag, householdFlags } from "../state/household-flags.ts";
import { sortIssues } from "../state/issues.ts";
import { useFigures } from "../state/keep-figures.ts";
import { placeOfCell } from "../state/place-of-cell.ts";
import { PLAN_TEXTS } from "../texts.ts";

/** Gives the ground at fault to the grid of the fix: one step, undone like any other. */
function repair(fix: PlanFix): void {
  const graph = settledGraph(useEditor.getState());
  if (graph) perform(repairIssue(graph, fix), "repair");
}

/** One fault of the borders: a click flies there, a button for each way to repair it. */
function IssueLine({ issue, today }: { issue: PlanIssue; today: boolean }) {
  const t = useTexts(PLAN_TEXTS);
  const language = useView((view) => view.language);
  const graph = useEditor(settledGraph);
  const mayDraw = useEditor((editor) => editor.mayDraw);
  const words = (text: { readonly zh: string; readonly en: string }): string => (language === "en" ? text.en : text.zh);
  const names = issue.cells.map((id) => graph?.cells.get(id)?.name ?? id).join(" · ");
  const hasPlace = issue.where[0] !== 0 || issue.where[1] !== 0;
  const show = (): void => {
    choose(issue.cells[0]);
    if (hasPlace) flyTo(issue.where);
  };
  const isFault = issue.severity === "error" && !today;
  return (
    <li data-issue={issue.kind}>
      <span className={isFault ? "tone-late" : "tone-muted"}>{today ? t.today : t[isFault ? "fault" : "flag"]}</span>
      <button type="button" className="link" onClick={show}>
        {words(issue.message)}
        {names && ` · ${names}`}
      </button>
      {mayDraw &&
        issue.fixes.map((fix) => (
          <button
            key={`${fix.face} ${fix.to}`}
            type="button"
            className="button"
            data-fix={fix.to}
            title={t.repairHint}
            onClick={() => repair(fix)}
          >
            {words(fix)}
          </button>
        ))}
    </li>
  );
}

/** What the borders and figures of the plan say, faults first; below what was so before it. */
export function IssuesPanel() {
  // Of the last step: while the hand moves, marks on the map say what would tear.
  const base = useFigures(({ figures }) => figures?.base);
  const settled = useFigures(({ figures }) => figures?.settled);
  return base && settled ? <Issues base={base} settled={settled} /> : null;
}

function Issues({ base, settled }: { base: Figures; settled: Figures }) {
  const t = useTexts(PLAN_TEXTS);
  const areas = useCountyData((data) => data.areas);
  const { own, before } = useMemo(() => sortIssues(base, settled), [base, settled]);
  const flags = useMemo(() => householdFlags(base, settled), [base, settled]);
  const words: Readonly<Record<HouseholdFlag["kind"], string>> = {
    many: t.issueMany,
    few: t.issueFew,
    community: t.issueCommunity,
  };
  const show = ({ cells: [first] }: HouseholdFlag): void => {
    const at = first === undefined ? undefined : placeOfCell(settled.graph, first);
    choose(first);
    if (at) flyTo(at);
  };
  const nameOf = (name: string): string => areas.find(({ code }) => code === name)?.name ?? name;
  const count = own.length + flags.length;
  return (
    <section aria-label={t.issues} data-testid="plan-issues">
      <h2>
        {t.issues} {count > 0 && <span className="plan-mark">{count}</span>}
      </h2>
      {count === 0 && <p className="tone-muted">{t.noIssues}</p>}
      <ul>
        {own.map((issue) => (
          <IssueLine key={`${issue.kind} ${issue.cells.join()} ${issue.where.join()}`} issue={issue} today={false} />
        ))}
        {flags.map((flag) => (
          <li key={`${flag.kind} ${flag.name}`} data-issue={flag.kind}>
            <span className="tone-muted">{t.flag}</span>
            <button type="button" className="link" onClick={() => show(flag)}>
              {fill(words[flag.kind], { name: nameOf(flag.name), count: flag.count })}
            </button>
          </li>
        ))}
      </ul>
      {before.length > 0 && (
        <details>
          <summary>{fill(t.todayIssues, { count: before.length })}</summary>
          <ul>
            {before.map((issue) => (
              <IssueLine key={`${issue.kind} ${issue.cells.join()} ${issue.where.join()}`} issue={issue} today />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
