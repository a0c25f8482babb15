import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LonLat } from "../../../../data/model/geometry.ts";
import { useView } from "../../../app/view-state.ts";
import { useCountyData } from "../../../data/county-store.ts";
import { IntakePlacesDocument } from "../../../gql/generated.ts";
import { useQuery } from "../../../gql/use-query.ts";
import { usePickPoint } from "../../../map/pick-point.ts";

const ASK_AFTER_MS = 250;
const DIGITS = 5;

/**
 * Where it is: a click on the map, a grid, unit or post found by name, or the middle of the area on screen.
 *
 * @param point lon, lat in degrees
 */
export function PlacePicker({ point, onPoint }: { point: LonLat | undefined; onPoint: (point: LonLat) => void }) {
  const { t } = useTranslation();
  const county = useView((view) => view.county);
  const code = useView((view) => view.area);
  const set = useView((view) => view.set);
  const area = useCountyData((data) => data.areas).find((area) => area.code === code);
  const picked = usePickPoint((pick) => pick.at);
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    usePickPoint.setState({ on: true, at: point });
    return () => usePickPoint.setState({ on: false, at: undefined });
  }, [point]);
  useEffect(() => {
    if (picked && picked !== point) onPoint(picked);
  }, [picked, point, onPoint]);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data } = useQuery(IntakePlacesDocument, asked ? { county, text: asked } : undefined);
  const hits = (data?.search ?? []).filter((hit) => hit.point);
  const take = (hit: (typeof hits)[number]) => {
    const [lon, lat] = hit.point ?? [];
    if (lon === undefined || lat === undefined) return;
    onPoint([lon, lat]);
    setText("");
    if (hit.code) set({ area: hit.code, camera: undefined });
  };
  return (
    <fieldset className="choices" data-testid="place-picker">
      <legend>{t("intake.place")}</legend>
      <p>
        {point ? (
          <strong data-testid="picked">
            {t("intake.picked", { lon: point[0].toFixed(DIGITS), lat: point[1].toFixed(DIGITS) })}
          </strong>
        ) : (
          t("intake.pick")
        )}
      </p>
      <div className="queue-line">
        <input
          type="search"
          className="queue-search"
          aria-label={t("intake.findPlace")}
          placeholder={t("intake.findPlace")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [hit] = hits;
            if (event.key !== "Enter" || !hit) return;
            event.preventDefault();
            take(hit);
          }}
        />
        {area && (
          <button type="button" className="button" onClick={() => onPoint(area.label)}>
            {t("intake.middle", { place: area.name })}
          </button>
        )}
      </div>
      {asked && data && (
        <ul className="place-hits">
          {hits.map((hit) => (
            <li key={hit.id}>
              <button type="button" className="link" onClick={() => take(hit)}>
                {hit.name}
              </button>{" "}
              <span className="tone-muted">{hit.detail}</span>
            </li>
          ))}
          {hits.length === 0 && <li className="tone-muted">{t("search.nothing")}</li>}
        </ul>
      )}
    </fieldset>
  );
}
