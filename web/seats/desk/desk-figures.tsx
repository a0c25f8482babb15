import { useTranslation } from "react-i18next";
import { useFigures } from "../../app/scene.ts";
import { onTimeShare } from "../../panels/figures.ts";
import type { PanelInput } from "../../panels/types.ts";
import { useAnswers } from "../../plane/use-plane.ts";
import { useFormat } from "../../ui/format.ts";

/** Figures of the area and the filters on screen. Apart from the page: they come anew with every filter. */
export function DeskFigures({ input }: { readonly input: PanelInput | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const figures = useFigures(input);
  const waiting = useAnswers((answers) => answers.waiting);
  const onTime = figures && onTimeShare(figures);
  return (
    <dl className="desk-kpis" aria-busy={waiting}>
      {figures &&
        [
          ["reported", t("figure.reported"), format.number(figures.reported)] as const,
          ["open", t("figure.open"), format.number(figures.open)] as const,
          ["late", t("figure.late"), format.number(figures.late)] as const,
          ["onTime", t("figure.onTimeRate"), onTime === undefined ? "–" : format.percent(onTime)] as const,
        ].map(([id, label, value]) => (
          <div key={id} data-kpi={id}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
