import type { LegendProps } from "../../map/scene.ts";
import { useTexts } from "../use-texts.ts";
import { texts } from "./texts.ts";

/** What the lines mean; what to do when there are none. */
export function StaffLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const { palette, staff } = scene;
  if (!staff) return <p className="legend-note">{t.pick}</p>;
  const rows = [
    { colour: palette.accent, width: 9, text: t.answers },
    { colour: palette.network.xueliang, width: 6, text: t.onDuty },
    { colour: palette.textMuted, width: 5, text: t.offDuty },
  ];
  return (
    <>
      <ul className="legend-list">
        {rows.map(({ colour, width, text }) => (
          <li key={text}>
            <svg viewBox="0 0 64 64" aria-hidden="true">
              <path d="M4 48Q32 4 60 30" fill="none" stroke={colour} strokeWidth={width} strokeLinecap="round" />
            </svg>
            {text}
          </li>
        ))}
      </ul>
      <p className="legend-note legend-detail">{t.place}</p>
    </>
  );
}
