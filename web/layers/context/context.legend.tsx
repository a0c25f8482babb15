import type { LegendProps } from "../../map/scene.ts";
import { useTexts } from "../use-texts.ts";
import { texts } from "./texts.ts";

/** Grounds and lines of the base map. */
export function ContextLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const { palette } = scene;
  const rows = [
    { text: t.water, colour: palette.water },
    { text: t.green, colour: palette.green },
    { text: t.road, colour: palette.road.arterial },
    { text: t.rail, colour: palette.rail },
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
