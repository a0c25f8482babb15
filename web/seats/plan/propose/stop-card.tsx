import type { PlanUnits } from "../../../../data/blocks/plan-units.ts";
import type { Proposal } from "../../../../data/partition/proposal.ts";
import { fill } from "../../../layers/use-texts.ts";
import { SmallMap } from "./small-map.tsx";
import { staffingOf } from "./staffing.ts";
import type { ProposeTexts } from "./texts.ts";

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const km = (metres: number): string => `${(metres / 1000).toFixed(2)} km`;

/** What a stop is called by its place between the two ends. */
export const stopName = (n: number, count: number, t: ProposeTexts): string =>
  count === 1 ? t.only : n === 0 ? t.fewest : n === count - 1 ? t.best : fill(t.between, { n });

/** One division beside the others: picture, figures, and what it means for workers and units. */
export function StopCard({
  units,
  proposal,
  name,
  isShown,
  onShow,
  unitOf,
  nameOf,
  t,
}: {
  units: PlanUnits;
  proposal: Proposal;
  name: string;
  isShown: boolean;
  onShow: () => void;
  unitOf: (grid: string) => string | undefined;
  nameOf: (grid: string) => string;
  t: ProposeTexts;
}) {
  const { figures, part } = proposal;
  const staff = staffingOf(units, part, unitOf);
  const list = (grids: readonly string[]): string => grids.map(nameOf).join("、");
  const rows: readonly (readonly [key: string, label: string, value: string, title?: string])[] = [
    ["inRange", t.inRange, `${figures.inRange}/${figures.parts}`],
    ["moved", t.moved, whole(figures.householdsMoved), fill(t.atLeast, { count: whole(figures.leastMoved) })],
    ["border", t.border, km(figures.borderLength)],
    ["compactness", t.compactness, figures.meanCompactness.toFixed(2)],
    ["untouched", t.untouched, `${figures.untouched}/${figures.goodBefore}`],
    [
      "workers",
      t.workers,
      fill(t.workersText, { changed: staff.changed.length, ended: staff.ended.length, fresh: staff.fresh }),
      list([...staff.ended, ...staff.changed]),
    ],
    ["units", t.units, String(staff.otherUnit.length), list(staff.otherUnit)],
  ];
  return (
    <article className="propose-stop" data-shown={isShown} aria-label={name}>
      <header>
        <h3>{name}</h3>
        <button type="button" className="button" aria-pressed={isShown} onClick={onShow}>
          {isShown ? t.shown : t.show}
        </button>
      </header>
      <SmallMap units={units} part={part} label={fill(t.map, { name })} />
      <dl>
        {rows.map(([key, label, value, title]) => (
          <div key={key} data-figure={key} title={title}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
