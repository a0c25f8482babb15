import { AREA_LEVELS } from "../../../data/model/codes.ts";
import type { LegendProps } from "../../map/scene.ts";
import { useTexts } from "../use-texts.ts";
import { OUTLINES } from "./outlines.layer.ts";
import { texts } from "./texts.ts";

/** Levels whose borders show at this zoom. */
export function OutlinesLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const levels = AREA_LEVELS.filter(
    (level) => scene.zoom >= OUTLINES[level].from && scene.index.areas.some((area) => area.level === level),
  );
  return (
    <ul className="legend-list legend-row">
      {levels.map((level) => (
        <li key={level}>
          <svg viewBox="0 0 64 64" aria-hidden="true">
            <path
              d="M2 32H62"
              stroke={level === "county" || level === "town" ? scene.palette.outlineStrong : scene.palette.outline}
              strokeWidth={OUTLINES[level].width * 5}
            />
          </svg>
          {t[level]}
        </li>
      ))}
    </ul>
  );
}
