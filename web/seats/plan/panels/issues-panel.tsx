import { useMemo } from "react";
import { useView } from "../../../app/view-state.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { choose, settledGraph, useEditor } from "../state/editor.ts";
import { issuesOf, type PlanIssue } from "../state/issues.ts";
import { placeOfCell } from "../state/place-of-cell.ts";
import type { PlanMeters } from "../state/use-meters.ts";
import { PLAN_TEXTS } from "../texts.ts";

/** How near the map goes to an issue. */
const ISSUE_ZOOM = 16;

/** What the plan's figures and borders say; a click flies there. */
export function IssuesPanel({ meters }: { meters: PlanMeters }) {
  const t = useTexts(PLAN_TEXTS);
  const graph = useEditor(settledGraph);
  const areas = useCountyData((data) => data.areas);
  const set = useView((view) => view.set);
  const issues = useMemo(
    () => (graph ? issuesOf(graph, meters.base, meters.settled) : []),
    [graph, meters.base, meters.settled],
  );
  if (!graph) return null;
  const words: Readonly<Record<PlanIssue["kind"], string>> = {
    parts: t.issueParts,
    many: t.issueMany,
    few: t.issueFew,
    community: t.issueCommunity,
  };
  const show = ({ cells: [first] }: PlanIssue): void => {
    const at = first === undefined ? undefined : placeOfCell(graph, first);
    choose(first);
    if (at) set({ camera: { lon: at[0], lat: at[1], zoom: ISSUE_ZOOM } });
  };
  const nameOf = (name: string): string => areas.find(({ code }) => code === name)?.name ?? name;
  return (
    <section aria-label={t.issues} data-testid="plan-issues">
      <h2>
        {t.issues} {issues.length > 0 && <span className="plan-mark">{issues.length}</span>}
      </h2>
      {issues.length === 0 && <p className="tone-muted">{t.noIssues}</p>}
      <ul>
        {issues.map((issue) => (
          <li key={`${issue.kind} ${issue.name}`} data-issue={issue.kind}>
            <span className={issue.severity === "fault" ? "tone-late" : "tone-muted"}>{t[issue.severity]}</span>
            <button type="button" className="link" onClick={() => show(issue)}>
              {fill(words[issue.kind], { name: nameOf(issue.name), count: issue.count })}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
