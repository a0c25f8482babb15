import { GROUND_KINDS, useView } from "../../app/view-state.ts";
import type { LegendProps } from "../../map/scene.ts";
import { hasBaseMap } from "../basemap/basemap.layer.ts";
import { useTexts } from "../use-texts.ts";
import { texts } from "./texts.ts";

/** Grounds and lines of the base map. */
export function ContextLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const { palette, view } = scene;
  const rows = [
    ...(view.ground.includes("water") ? [{ text: t.water, colour: palette.water }] : []),
    ...(hasBaseMap(scene) ? [] : [{ text: t.green, colour: palette.green }]),
    ...(view.ground.includes("roads") ? [{ text: t.road, colour: palette.road.arterial }] : []),
    ...(view.ground.includes("railways") ? [{ text: t.rail, colour: palette.rail }] : []),
    ...(view.ground.includes("blocks") ? [{ text: t.kinds.blocks, colour: palette.textMuted }] : []),
  ];
  return (
    <ul className="legend-list legend-row">
      {rows.map(({ text, colour }) => (
        <li key={text}>
          <i style={{ background: colour, outline: `1px solid ${palette.outline}` }} />
          {text}
        </li>
      ))}
    </ul>
  );
}

/** Which reference layers the ground is drawn with. */
export function ContextControls() {
  const t = useTexts(texts);
  const ground = useView((view) => view.ground);
  const set = useView((view) => view.set);
  return (
    <div className="layer-choices">
      <fieldset>
        <legend className="visually-hidden">{t.shown}</legend>
        {GROUND_KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={ground.includes(kind)}
            onClick={() =>
              set({
                ground: GROUND_KINDS.filter((one) => (one === kind ? !ground.includes(one) : ground.includes(one))),
              })
            }
          >
            {t.kinds[kind]}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
