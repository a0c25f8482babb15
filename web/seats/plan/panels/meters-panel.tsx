import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { shownGraph, useEditor } from "../state/editor.ts";
import { communityOfCode, gridOfCode } from "../state/ground.ts";
import { NO_METER } from "../state/meters.ts";
import type { PlanMeters } from "../state/use-meters.ts";
import { PLAN_TEXTS } from "../texts.ts";
import { MeterCard } from "./meter-card.tsx";

/** Grids shown at most: more do not fit beside a moving hand. */
const MOST = 6;

const isMicro = (code: string | null | undefined): boolean => (code?.length ?? 0) > 15;

interface Sum {
  /** Code that the summed cells' codes begin with; empty for all. */
  readonly key: string;
  readonly kind: "gridSum" | "community" | "whole";
}

/** What is summed up beside the cells at hand: grids of micro-grids, their communities, and the whole plan. */
function sumsOf(graph: PlanGraph, atHand: readonly string[]): Sum[] {
  const codes = atHand.map((id) => graph.cells.get(id)?.code).filter((code) => typeof code === "string");
  const grids = new Set(codes.filter(isMicro).map(gridOfCode));
  const communities = new Set(codes.map(communityOfCode));
  return [
    ...[...grids].map((key): Sum => ({ key, kind: "gridSum" })),
    ...[...communities].map((key): Sum => ({ key, kind: "community" })),
    { key: "", kind: "whole" },
  ];
}

const insideOf = (graph: PlanGraph, key: string): string[] =>
  [...graph.cells.values()].filter(({ code }) => key === "" || code?.startsWith(key)).map(({ id }) => id);

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
  const sums = sumsOf(graph, atHand);
  const nameOf = (code: string): string => areas.find((area) => area.code === code)?.name ?? code;
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
            kind={isMicro(cell?.code) ? "micro" : "grid"}
            t={t}
          />
        );
      })}
      {sums.map(({ key, kind }) => {
        const ids = insideOf(graph, key);
        return (
          <MeterCard
            key={key || "whole"}
            id={key || "whole"}
            name={`${key ? nameOf(key) : t.whole} · ${fill(t.gridsCount, { count: ids.length })}`}
            code={null}
            before={meters.base.sum(insideOf(base, key))}
            now={meters.shown.sum(ids)}
            kind={kind}
            t={t}
          />
        );
      })}
    </aside>
  );
}
