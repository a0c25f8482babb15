import { useView } from "../app/view-state.ts";
import { useMapState } from "./map-state.ts";

/** Longest bar in CSS pixels at 1rem = 16 px. */
const BAR_REM = 7;

/** The longest of 1, 2, 5 × 10ⁿ metres that fits, and its length in pixels. */
export function scaleBar(metresPerPixel: number, maxPx: number): { readonly metres: number; readonly px: number } {
  const most = metresPerPixel * maxPx;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((value) => value <= most) ?? power;
  return { metres, px: metres / metresPerPixel };
}

/** Degrees to five places (about one metre), with the hemisphere. */
const degrees = (value: number, positive: string, negative: string): string =>
  `${Math.abs(value).toFixed(5)}°${value < 0 ? negative : positive}`;

/** Scale bar and coordinates of the pointer (or the centre): WGS 84, longitude first. */
export function MapStatus() {
  const metresPerPixel = useMapState((map) => map.metresPerPixel);
  const [lon, lat] = useMapState((map) => map.pointer ?? map.centre);
  const language = useView((view) => view.language);
  const rem = useMapState((map) => (map.scene?.scale ?? 1) * 16);
  const { metres, px } = scaleBar(metresPerPixel, BAR_REM * rem);
  const length =
    metres >= 1000
      ? `${metres / 1000} ${language === "zh-CN" ? "千米" : "km"}`
      : `${metres} ${language === "zh-CN" ? "米" : "m"}`;
  return (
    <div className="map-status">
      <span className="scale-bar" style={{ width: px }}>
        {length}
      </span>
      <span className="coordinates">
        {degrees(lon, "E", "W")} {degrees(lat, "N", "S")}
      </span>
    </div>
  );
}
