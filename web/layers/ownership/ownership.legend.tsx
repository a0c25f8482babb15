import { useView } from "../../app/view-state.ts";
import type { AreaIndex } from "../../map/area-index.ts";
import { unitColour } from "../../map/palette.ts";
import { type LegendProps, memoLast } from "../../map/scene.ts";
import { figure, fill, useTexts } from "../use-texts.ts";
import { type OwnershipUnit, ownershipCounts, ownershipUnits, showsUnits } from "./ownership.ts";
import { texts } from "./texts.ts";

/** Units named in the legend; the rest are named on the map. */
const UNITS_LISTED = 8;

const unitsInside = memoLast((index: AreaIndex, inside: string): { unit: OwnershipUnit; grids: number }[] =>
  [...ownershipUnits(index).values()]
    .map((unit) => ({ unit, grids: unit.grids.filter((code) => code.startsWith(inside)).length }))
    .filter(({ grids }) => grids > 0)
    .sort((a, b) => b.grids - a.grids || (a.unit.id < b.unit.id ? -1 : 1)),
);

/** At county zoom who has an owner at all; once communities are large enough the units by name, to be lit by a click. */
export function OwnershipLegend({ scene }: LegendProps) {
  const t = useTexts(texts);
  const chosen = useView((view) => view.organisationId);
  const set = useView((view) => view.set);
  const { palette, index, view } = scene;
  const counts = ownershipCounts(index, view.area);
  const byUnit = showsUnits(scene);
  // Nobody clicks on a wall, and the names stand on the map: there the legend says how to read colours at all.
  const listed = byUnit && scene.seat === "desk";
  const units = listed ? unitsInside(index, view.area) : [];
  return (
    <ul className="legend-list">
      {units.slice(0, UNITS_LISTED).map(({ unit, grids }) => (
        <li key={unit.id}>
          <button
            type="button"
            aria-pressed={chosen === unit.id}
            onClick={() => set({ organisationId: chosen === unit.id ? undefined : unit.id })}
          >
            <i style={{ background: unitColour(palette, unit.colour) }} />
            <span>{unit.name}</span>
            <b>{figure(grids)}</b>
          </button>
        </li>
      ))}
      {units.length > UNITS_LISTED ? (
        <li className="legend-note">{fill(t.more, { n: units.length - UNITS_LISTED })}</li>
      ) : null}
      {byUnit && !listed ? <li className="legend-note">{t.byUnit}</li> : null}
      {byUnit ? null : (
        <li>
          <i style={{ background: palette.owned }} />
          <span>{t.owned}</span>
          <b>{figure(counts.owned)}</b>
        </li>
      )}
      <li>
        <i
          style={{
            background: `repeating-linear-gradient(-45deg, ${palette.expired} 0 3px, transparent 3px 6px)`,
          }}
        />
        <span>{t.expired}</span>
        <b>{figure(counts.expired)}</b>
      </li>
      <li>
        <i style={{ background: palette.unowned }} />
        <span>{t.unowned}</span>
        <b>{figure(counts.unowned)}</b>
      </li>
    </ul>
  );
}
