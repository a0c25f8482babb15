import { renumber, renumberingOf } from "../../../../data/coverage/plan-graph/actions/rename.ts";
import { useView } from "../../../app/view-state.ts";
import { PlanCodeCostDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Skeleton } from "../../../ui/notes.tsx";
import { askRenumber, perform, settledGraph, useEditor } from "../state/editor.ts";
import { REVIEW_TEXTS } from "../texts-review.ts";

function Renumber({ parent }: { parent: string }) {
  const t = useTexts(REVIEW_TEXTS);
  const plan = useView((view) => view.plan);
  const graph = useEditor(settledGraph);
  const list = graph ? renumberingOf(graph, parent) : [];
  const hasMicro = [...(graph?.cells.values() ?? [])].some((one) => one.parent === parent && one.kind === "micro");
  const onServer = plan !== undefined && plan !== "draft";
  const cells = list.map(({ cell }) => cell).sort();
  const { data, error } = useQuery(PlanCodeCostDocument, onServer && cells.length ? { id: plan, cells } : undefined);
  const cost = data?.plan.codeCost;
  const close = (): void => askRenumber(undefined);
  return (
    <Dialog title={t.renumberTitle} onClose={close}>
      <p>{t.renumberHint}</p>
      {list.length === 0 ? (
        <p>{hasMicro ? t.renumberMicro : t.renumberNone}</p>
      ) : (
        <>
          <p className="tone-soon" data-testid="plan-renumber-cost">
            {cost && fill(t.renumberCost, { boards: cost.boards, grants: cost.grants, cases: cost.openIncidents })}
            {!onServer && t.renumberDraft}
            {error && <span className="tone-late">{error.message}</span>}
          </p>
          {onServer && !cost && !error && <Skeleton />}
          <ol className="plan-codes">
            {list.map(({ cell, from, to }) => (
              <li key={cell}>
                {graph?.cells.get(cell)?.name} <s className="tone-muted">{from}</s> → <b>{to}</b>
              </li>
            ))}
          </ol>
        </>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={close}>
          {t.cancel}
        </button>
        {list.length > 0 && (
          <button
            type="button"
            className="button primary"
            data-op="renumberNow"
            disabled={onServer && !cost}
            onClick={() => {
              if (graph) perform(renumber(graph, { parent }), "renumber");
              close();
            }}
          >
            {fill(t.renumberNow, { count: list.length })}
          </button>
        )}
      </div>
    </Dialog>
  );
}

/** What renumbering a community costs, and what it would do; nothing is done before that was seen. */
export function RenumberDialog() {
  const parent = useEditor((editor) => editor.renumbering);
  return parent ? <Renumber parent={parent} /> : null;
}
