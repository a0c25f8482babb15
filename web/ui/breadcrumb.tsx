import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCurrentCounty } from "../app/county-info.ts";
import { useView } from "../app/view-state.ts";
import { mayIn } from "../app/viewer.ts";
import { useCountyData } from "../data/county-store.ts";
import { areaPath } from "../panels/area-tree.ts";

/** County › town › community › grid; every step above leads back to it. */
export function Breadcrumb() {
  const { t } = useTranslation();
  const areas = useCountyData((data) => data.areas);
  const area = useView((view) => view.area);
  const language = useView((view) => view.language);
  const drillTo = useView((view) => view.drillTo);
  const county = useCurrentCounty();
  const path = useMemo(() => areaPath(areas, area), [areas, area]);
  const name = (index: number, own: string): string =>
    index === 0 && county ? (language === "en" ? county.nameEn : county.name) : own;
  const steps = path.length ? path : county ? [{ code: county.code, name: county.name }] : [];
  return (
    <nav className="breadcrumb" aria-label={t("breadcrumb.title")}>
      <ol>
        {steps.map((step, index) => (
          <li key={step.code}>
            {index === steps.length - 1 ? (
              <span aria-current="page">{name(index, step.name)}</span>
            ) : (
              <button
                type="button"
                className="link"
                // Above one's own area the seats show published totals.
                title={mayIn("incident", step.code) ? undefined : t("aggregate.only")}
                onClick={() => drillTo(step.code)}
              >
                {name(index, step.name)}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
