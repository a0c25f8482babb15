import { useCountyInfo } from "../../app/county-info.ts";
import { useView } from "../../app/view-state.ts";
import { useCountyData } from "../../data/county-store.ts";
import { RetiredAreaDocument } from "../../gql/generated.ts";
import { useQuery } from "../../gql/use-query.ts";
import { fill, useTexts } from "../../layers/use-texts.ts";
import { dayIn } from "./boundary-bar.tsx";
import { BOUNDARY_TEXTS } from "./texts.ts";
import "./boundaries.css";

/** An address names an area that ended: says so, and leads to what it became. Nothing for areas that there are. */
export function RetiredNote() {
  const t = useTexts(BOUNDARY_TEXTS);
  const code = useView((view) => view.area);
  const drillTo = useView((view) => view.drillTo);
  const areas = useCountyData((county) => county.areas);
  const zone = useCountyInfo(({ counties }) => counties.find((one) => code.startsWith(one.code))?.timezone);
  const unknown = areas.length > 0 && code.length > 6 && !areas.some((area) => area.code === code);
  const { data } = useQuery(RetiredAreaDocument, unknown ? { code } : undefined);
  const area = data?.area;
  if (!unknown || !area || area.code !== code || area.validTo === null) return null;
  const heirs = area.successors.nodes.filter(({ toCode }) => toCode !== code);
  const day = dayIn(area.validTo, zone ?? "Asia/Shanghai");
  const words = { name: area.name, code, day };
  return (
    <section className="boundary-bar" role="status" data-retired={code}>
      <p>
        {fill(heirs.length > 0 ? t.retired : t.retiredNone, words)}{" "}
        {heirs.map(({ toCode, area: heir }) => (
          <button key={toCode} type="button" className="button" onClick={() => drillTo(toCode)}>
            {heir?.name ?? toCode} <small>{toCode}</small>
          </button>
        ))}
      </p>
    </section>
  );
}
