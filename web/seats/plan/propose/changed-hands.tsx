import type { PlanUnits } from "../../../../data/blocks/plan-units.ts";
import { staffingOf } from "./staffing.ts";
import type { ProposeTexts } from "./texts.ts";

/** The grids that change worker or responsible unit in a division, by name. */
export function ChangedHands({
  units,
  part,
  unitOf,
  nameOf,
  t,
}: {
  units: PlanUnits;
  part: Int32Array;
  unitOf: (grid: string) => string | undefined;
  nameOf: (grid: string) => string;
  t: ProposeTexts;
}) {
  const staff = staffingOf(units, part, unitOf);
  const lists = [
    ["ended", t.endedGrids, staff.ended],
    ["changed", t.changedGrids, staff.changed],
    ["unit", t.otherUnitGrids, staff.otherUnit],
  ] as const;
  if (lists.every(([, , grids]) => grids.length === 0)) return null;
  return (
    <details data-testid="propose-hands">
      <summary>{t.hands}</summary>
      <dl>
        {lists.map(
          ([key, label, grids]) =>
            grids.length > 0 && (
              <div key={key} data-hands={key}>
                <dt>
                  {label} ({grids.length})
                </dt>
                <dd>{grids.map(nameOf).join("、")}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}
