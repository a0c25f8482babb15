import { useCountyInfo } from "../app/county-info.ts";
import { useView } from "../app/view-state.ts";
import { useCountyData } from "../data/county-store.ts";
import { fill, useTexts } from "../layers/use-texts.ts";
import { MAP_TEXTS } from "./texts.ts";

/** Source and review number (审图号) of the base map that is shown, and the number that the server was given. */
export function MapCredit() {
  const t = useTexts(MAP_TEXTS);
  const number = useCountyInfo((info) => info.mapReviewNumber);
  const shown = useView((view) => view.layers.includes("basemap"));
  const map = useCountyData((county) => county.basemap);
  if (!number && !(shown && map)) return null;
  return (
    <p className="map-review">
      {shown && map ? <span>{fill(t.credit, { source: map.source, number: map.reviewNumber })}</span> : null}
      {number ? <span>{fill(t.review, { number })}</span> : null}
    </p>
  );
}
