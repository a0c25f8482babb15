import { CAMERA_NETWORKS } from "../../../data/model/camera.ts";
import type { LegendProps } from "../../map/scene.ts";
import { useTexts } from "../use-texts.ts";
import { VIEWS_FROM_ZOOM } from "./cameras.layer.ts";
import { texts } from "./texts.ts";

/** Networks by colour, offline by form. */
export function CamerasLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const { palette } = scene;
  return (
    <>
      <ul className="legend-list">
        {CAMERA_NETWORKS.map((network) => (
          <li key={network}>
            <svg viewBox="0 0 64 64" aria-hidden="true">
              <circle cx="32" cy="32" r="18" fill={palette.network[network]} />
            </svg>
            {t[network]}
          </li>
        ))}
        <li>
          <svg viewBox="0 0 64 64" aria-hidden="true">
            <circle
              cx="32"
              cy="32"
              r="16"
              fill="none"
              stroke={palette.offline}
              strokeWidth="7"
              strokeDasharray="10 6"
            />
          </svg>
          {t.offline}
        </li>
      </ul>
      {scene.zoom >= VIEWS_FROM_ZOOM ? <p className="legend-note">{t.wedge}</p> : null}
    </>
  );
}
