import type { LegendProps } from "../../map/scene.ts";
import { useTexts } from "../use-texts.ts";
import { texts } from "./texts.ts";
import { ARRIVALS } from "./whistle-arcs.ts";
import { arrivalColour, hasArrived } from "./whistles.layer.ts";

/** What the arcs' colours mean, and where departments are drawn. */
export function WhistlesLegend({ scene: { palette, whistles } }: LegendProps) {
  const t = useTexts(texts);
  if (!whistles?.length) return <p className="legend-note">{t.none}</p>;
  return (
    <>
      <ul className="legend-list">
        {[...ARRIVALS].reverse().map((arrival) => {
          const colour = arrivalColour(palette, arrival);
          return (
            <li key={arrival}>
              <svg viewBox="0 0 64 64" aria-hidden="true">
                <path d="M4 52Q24 8 44 26" fill="none" stroke={colour} strokeWidth={8} strokeLinecap="round" />
                <circle
                  cx={48}
                  cy={30}
                  r={11}
                  fill={hasArrived(arrival) ? colour : palette.panel}
                  stroke={colour}
                  strokeWidth={6}
                />
              </svg>
              {t[arrival]}
            </li>
          );
        })}
      </ul>
      <p className="legend-note legend-detail">{t.place}</p>
    </>
  );
}
