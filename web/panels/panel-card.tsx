import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ErrorBoundary } from "../app/error-boundary.tsx";
import { usePlaneAnswer } from "../plane/use-answer.ts";
import { Card } from "../ui/card.tsx";
import { EmptyNote, Skeleton } from "../ui/notes.tsx";
import { PANELS, type PanelId } from "./registry.ts";
import type { PanelInput } from "./types.ts";
import { useChartStyle } from "./use-chart-style.ts";

const Chart = lazy(() => import("./chart.tsx"));

interface Props {
  readonly id: PanelId;
  readonly input: PanelInput | undefined;
  readonly onPick?: ((key: string) => void) | undefined;
}

function PanelChart({ id, input, onPick }: Props & { input: PanelInput }) {
  const { t } = useTranslation();
  const style = useChartStyle();
  const { ask, draw } = PANELS[id];
  const question = useMemo(() => ask?.(input), [ask, input]);
  const answer = usePlaneAnswer(question);
  const ready = !question || answer !== undefined;
  const figures = answer?.value;
  const view = useMemo(() => (ready ? draw(figures, input, style) : undefined), [ready, draw, figures, input, style]);
  if (!view) return <Skeleton />;
  if (view.empty) return <EmptyNote title={t("state.nothing")}>{t("state.nothingHint")}</EmptyNote>;
  return (
    <Suspense fallback={<Skeleton />}>
      <Chart option={view.option} label={view.summary} onPick={onPick} />
    </Suspense>
  );
}

/** One panel of the registry as a card: title, chart, basis, source and as of. */
export function PanelCard({ id, input, onPick }: Props) {
  const { t } = useTranslation();
  const { title, basis } = PANELS[id];
  return (
    <Card id={id} title={t(title)} basis={t(basis)} className="panel">
      <ErrorBoundary what={t(title)}>
        {input ? <PanelChart id={id} input={input} onPick={onPick} /> : <Skeleton />}
      </ErrorBoundary>
    </Card>
  );
}
