import { useCountyData } from "../../../data/county-store.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { shownGraph, useEditor } from "../state/editor.ts";
import { NO_METER } from "../state/meters.ts";
import type { PlanMeters } from "../state/use-meters.ts";
import { PLAN_TEXTS } from "../texts.ts";
import { MeterCard } from "./meter-card.tsx";

/** Grids shown at most: more do not fit beside a moving hand. */
const MOST = 6;

/** Figures of the grids at hand, of their community and of the whole plan; they move with the hand. */
export function MetersPanel({ meters }: { meters: PlanMeters }) {
  const t = useTexts(PLAN_TEXTS);
  const graph = useEditor(shownGraph);
  const base = useEditor((editor) => editor.base);
  const touched = useEditor((editor) => editor.touched);
  const selected = useEditor((editor) => editor.selected);
  const areas = useCountyData((data) => data.areas);
  if (!graph || !base) return null;
  const atHand = [...new Set([...touched, ...selected])].filter((id) => graph.cells.get(id)).slice(0, MOST);
  const parents = [...new Set(atHand.map((id) => graph.cells.get(id)?.parent))].filter(
    (code) => typeof code === "string",
  );
  const of = (which: typeof graph, parent?: string): string[] =>
    [...which.cells.values()].filter((cell) => parent === undefined || cell.parent === parent).map(({ id }) => id);
  const sums = [
    ...parents.map((code) => ({ code, name: areas.find((area) => area.code === code)?.name ?? code })),
    undefined,
  ];
  return (
    <aside className="plan-meters" aria-label={t.meters} data-testid="plan-meters">
      {atHand.length === 0 && <p className="tone-muted">{t.nothingChosen}</p>}
      {atHand.map((id) => {
        const cell = graph.cells.get(id);
        return (
          <MeterCard
            key={id}
            id={id}
            name={cell?.name ?? id}
            code={cell?.code ?? null}
            before={meters.base.get(id)}
            now={meters.shown.get(id) ?? NO_METER}
            kind="grid"
            t={t}
          />
        );
      })}
      {sums.map((parent) => {
        const ids = of(graph, parent?.code);
        return (
          <MeterCard
            key={parent?.code ?? "whole"}
            id={parent?.code ?? "whole"}
            name={`${parent?.name ?? t.whole} · ${fill(t.gridsCount, { count: ids.length })}`}
            code={null}
            before={meters.base.sum(of(base, parent?.code))}
            now={meters.shown.sum(ids)}
            kind="sum"
            t={t}
          />
        );
      })}
    </aside>
  );
}
