import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { useEditor } from "../state/editor.ts";
import { sumOf } from "../state/figures.ts";
import { communityOfCode, gridOfCode } from "../state/ground.ts";
import { type PlanFigures, useFigures } from "../state/keep-figures.ts";
import { WHOLE } from "../state/sums.ts";
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
    { key: WHOLE, kind: "whole" },
  ];
}

/** Figures of the grids at hand, of their community and of the whole plan; they move with the hand. */
export function MetersPanel() {
  const figures = useFigures((state) => state.figures);
  return figures ? <Meters figures={figures} /> : null;
}

function Meters({ figures }: { figures: PlanFigures }) {
  const t = useTexts(PLAN_TEXTS);
  const touched = useEditor((editor) => editor.touched);
  const selected = useEditor((editor) => editor.selected);
  const known = useEditor((editor) => editor.ground?.householdsKnown ?? false);
  const areas = useCountyData((data) => data.areas);
  const { base, shown } = figures;
  const { graph } = shown;
  const atHand = [...new Set([...touched, ...selected])].filter((id) => graph.cells.get(id)).slice(0, MOST);
  const sums = sumsOf(graph, atHand);
  const nameOf = (code: string): string => areas.find((area) => area.code === code)?.name ?? code;
  return (
    <aside className="plan-meters" aria-label={t.meters} data-testid="plan-meters">
      {atHand.length === 0 && <p className="tone-muted">{t.nothingChosen}</p>}
      {atHand.map((id) => {
        const cell = graph.cells.get(id);
        const now = shown.meters.cells.get(id);
        return (
          now && (
            <MeterCard
              key={id}
              id={id}
              name={cell?.name ?? id}
              code={cell?.code ?? null}
              before={base.meters.cells.get(id)}
              now={now}
              kind={isMicro(cell?.code) ? "micro" : "grid"}
              known={known}
              t={t}
            />
          )
        );
      })}
      {sums.map(({ key, kind }) => {
        const now = sumOf(shown, key);
        return (
          <MeterCard
            key={key || "whole"}
            id={key || "whole"}
            name={`${key ? nameOf(key) : t.whole} · ${fill(t.gridsCount, { count: now.cells })}`}
            code={null}
            before={sumOf(base, key)}
            now={now}
            kind={kind}
            known={known}
            t={t}
          />
        );
      })}
    </aside>
  );
}
