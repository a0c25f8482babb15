import type { LegendProps } from "../../map/scene.ts";
import { rampGradient } from "../heat/ramp.ts";
import { figure, fill, useTexts } from "../use-texts.ts";
import { publishedDensity } from "./published.layer.ts";
import { texts } from "./texts.ts";

/** Places on the scale that carry a number: the square root is undone here, as in the heat's legend. */
const TICKS = [0, 0.0625, 0.25, 0.5625, 1];

/** Colour scale with real numbers, the month, and what is not drawn. */
export function PublishedLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const { cube, index, palette } = scene;
  const { max, cases } = publishedDensity(index, cube.cells);
  if (!cube.month || max === 0)
    return <p className="legend-note">{cube.state === "loading" ? t.waiting : t.nothing}</p>;
  return (
    <div className="legend-heat">
      <div className="legend-unit">{t.unit}</div>
      <div className="legend-scale">
        <div className="legend-ramp" style={{ background: rampGradient(palette.theme) }} />
        <div className="legend-ticks">
          {TICKS.map((share) => (
            <span key={share} style={{ left: `${Math.sqrt(share) * 100}%` }}>
              {figure(share * max)}
            </span>
          ))}
        </div>
      </div>
      <p className="legend-note">{fill(t.month, { month: cube.month, n: figure(cases) })}</p>
    </div>
  );
}
