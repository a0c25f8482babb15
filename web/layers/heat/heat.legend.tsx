import { useView } from "../../app/view-state.ts";
import type { LegendProps } from "../../map/scene.ts";
import { figure, fill, useTexts } from "../use-texts.ts";
import { heatLack } from "./heat-lack.ts";
import { rampGradient } from "./ramp.ts";
import { texts } from "./texts.ts";

/** Places on the scale that carry a number: the square root is undone here, so numbers stand where they belong. */
const TICKS = [0, 0.0625, 0.25, 0.5625, 1];

/** Colour scale with real numbers and the unit. */
export function HeatLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const field = scene.cases.heat;
  const lack = heatLack(field, scene.data.states);
  if (!field || lack) return <p className="legend-note">{t[lack ?? "waiting"]}</p>;
  const basis = fill(field.mode === "cells" ? t.cellBasis : t.smoothBasis, { m: figure(field.metres) });
  return (
    <div className="legend-heat">
      <div className="legend-unit">{field.per === "km2" ? t.km2 : t.households}</div>
      <div className="legend-scale">
        <div className="legend-ramp" style={{ background: rampGradient(scene.palette.theme) }} />
        <div className="legend-ticks">
          {TICKS.map((share) => (
            <span key={share} style={{ left: `${Math.sqrt(share) * 100}%` }}>
              {figure(share * field.max)}
              {share === 1 ? "+" : ""}
            </span>
          ))}
        </div>
      </div>
      <p className="legend-note">
        {fill(t.incidents, { n: figure(field.incidents) })} · {basis}
        {field.per === "households" ? ` · ${t.sparse}` : ""}
        {field.per === "households" && field.homes === "areas" ? ` · ${t.areaHomes}` : ""}
        {field.suspiciousLeftOut > 0 ? ` · ${fill(t.leftOut, { n: figure(field.suspiciousLeftOut) })}` : ""}
      </p>
    </div>
  );
}

/** Cells or smooth, per km² or per 100 households. */
export function HeatControls() {
  const t = useTexts(texts);
  const mode = useView((view) => view.heatMode);
  const per = useView((view) => view.heatPer);
  const set = useView((view) => view.set);
  return (
    <div className="layer-choices">
      <fieldset>
        <legend className="visually-hidden">{t.mode}</legend>
        {(["smooth", "cells"] as const).map((value) => (
          <button key={value} type="button" aria-pressed={mode === value} onClick={() => set({ heatMode: value })}>
            {t[value]}
          </button>
        ))}
      </fieldset>
      <fieldset>
        <legend className="visually-hidden">{t.per}</legend>
        {(["km2", "households"] as const).map((value) => (
          <button key={value} type="button" aria-pressed={per === value} onClick={() => set({ heatPer: value })}>
            {value === "km2" ? t.perKm2 : t.perHouseholds}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
