import { CLOSED_SHOWN_HOURS } from "../../../data/columns/marks.ts";
import { INCIDENT_STATUSES } from "../../../data/columns/status.ts";
import { useView } from "../../app/view-state.ts";
import type { LegendProps } from "../../map/scene.ts";
import { fill, useTexts } from "../use-texts.ts";
import { STATUS_GLYPHS, STATUS_PATHS } from "./incident-icons.ts";
import { showsAllClosed } from "./shown-closed.ts";
import { texts } from "./texts.ts";

/** Statuses with their shapes, most urgent first. */
export function IncidentsLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const { palette } = scene;
  const all = useView((view) => showsAllClosed(view.filters));
  const withSuspicious = useView((view) => view.filters.withSuspicious);
  const shown = [...INCIDENT_STATUSES].reverse().filter((status) => status !== "suspicious" || withSuspicious);
  return (
    <>
      <ul className="legend-list">
        {shown.map((status) => (
          <li key={status} className={status === "closed" && !all ? "legend-wide" : undefined}>
            <svg viewBox="0 0 64 64" aria-hidden="true">
              <path
                d={STATUS_PATHS[status]}
                fill={status === "suspicious" ? "none" : palette.status[status]}
                stroke={status === "suspicious" ? palette.status.suspicious : "none"}
                strokeWidth={6}
                strokeDasharray="9 7"
              />
              <path d={STATUS_GLYPHS[status]} fill={palette.theme === "dark" ? palette.halo : "#ffffff"} />
            </svg>
            {status === "closed" && !all ? fill(t.recentOnly, { h: CLOSED_SHOWN_HOURS }) : t[status]}
          </li>
        ))}
        <li className="legend-wide">
          <svg viewBox="0 0 64 64" aria-hidden="true">
            <circle cx="32" cy="32" r="24" fill={palette.panel} stroke={palette.status.closed} strokeWidth="7" />
            <path d="M32 8A24 24 0 0 1 56 32" fill="none" stroke={palette.status.late} strokeWidth="8" />
          </svg>
          {t.cluster}
        </li>
      </ul>
      <p className="legend-note legend-detail">{t.severe}</p>
    </>
  );
}

/** Shows what is left out by default: cases on a default point, and closed cases of earlier days. */
export function IncidentsControls() {
  const t = useTexts(texts);
  const filters = useView((view) => view.filters);
  const setFilters = useView((view) => view.setFilters);
  const asked = showsAllClosed({ ...filters, withClosed: undefined });
  return (
    <>
      <label className="layer-check">
        <input
          type="checkbox"
          // A window of time or chosen states already ask for every case they hold.
          checked={asked || filters.withClosed === true}
          disabled={asked}
          onChange={(event) => setFilters({ withClosed: event.target.checked || undefined })}
        />
        {t.withClosed}
      </label>
      <label className="layer-check">
        <input
          type="checkbox"
          checked={filters.withSuspicious}
          onChange={(event) => setFilters({ withSuspicious: event.target.checked })}
        />
        {t.withSuspicious}
      </label>
    </>
  );
}
