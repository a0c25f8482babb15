import { PlanFindingsDocument, type PlanFindingsQuery } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { Skeleton } from "../../../ui/notes.tsx";
import { choose } from "../state/editor.ts";
import { flyTo } from "../state/fly-to.ts";
import { useCellNames } from "../state/use-cell-names.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

type Finding = PlanFindingsQuery["plan"]["issues"][number];
type Where = Finding["where"];

const go = (cells: readonly string[], where: Where): void => {
  choose(cells[0]);
  if (where?.type === "Point") flyTo(where.coordinates);
};

/** What the server's referee finds of a plan as it was saved, and which other plans change the same. Asked anew with each key. */
export function FindingsList({ id }: { id: string }) {
  const t = useTexts(REVIEW_TEXTS);
  const nameOf = useCellNames();
  const { data, error, loading } = useQuery(PlanFindingsDocument, { id });
  if (error) return <p className="tone-late">{error.message}</p>;
  if (loading || !data) return <Skeleton />;
  const { issues, conflicts } = data.plan;
  const names = (cells: readonly string[]): string => (cells.length ? ` · ${cells.map(nameOf).join(" / ")}` : "");
  return (
    <div data-testid="plan-findings">
      <h3>{t.findings}</h3>
      {issues.every(({ blocks }) => !blocks) && <p className="tone-good">{t.clean}</p>}
      <ul>
        {issues.map((issue) => (
          <li key={`${issue.kind} ${issue.cells.join()} ${JSON.stringify(issue.where)}`} data-finding={issue.kind}>
            <span className={issue.blocks ? "tone-late" : "tone-muted"}>{issue.blocks ? t.blocks : t.question}</span>
            <button type="button" className="link" title={issue.message} onClick={() => go(issue.cells, issue.where)}>
              {fill(t.issueKinds[issue.kind], {
                value: issue.value == null ? "?" : Math.round(issue.value * 100) / 100,
              })}
              {names(issue.cells)}
            </button>
          </li>
        ))}
        {conflicts.map(({ plan, cells, where }) => (
          <li key={`${plan?.id} ${cells.join()}`} data-finding="OTHER_PLAN">
            <span className="tone-soon">{t.question}</span>
            <button type="button" className="link" onClick={() => go(cells, where)}>
              {plan ? fill(t.otherPlan, { name: plan.name, author: plan.author }) : t.otherPublished}
              {names(cells)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
