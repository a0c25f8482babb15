import { memo } from "react";
import type { Meter, SumMeter } from "../../../../data/coverage/plan-graph/meters.ts";
import { COMMUNITY_HOUSEHOLDS, GRID_HOUSEHOLDS } from "../../../../data/planning/household-band.ts";
import { fill } from "../../../layers/use-texts.ts";
import { bandOf } from "../state/band.ts";
import { householdsOf } from "../state/figures.ts";
import type { PlanTexts } from "../texts.ts";
import { areaText } from "./figure-text.ts";

/** Right end of the scales, households. */
const GRID_SCALE = 800;
const COMMUNITY_SCALE = 4500;

// Made once: `toLocaleString` makes one at each call, which is felt while figures move with a hand.
const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const whole = (value: number): string => GROUPED.format(value);
const share = (value: number): string => value.toFixed(2);

/** Households as they are known: with ≈ as soon as one of them is an estimate. */
const householdText = (meter: Meter | SumMeter): string =>
  `${meter.householdsEstimated > 0 ? "≈ " : ""}${whole(householdsOf(meter))}`;

/** Households against what there should be, as it was and as it is. */
function HouseholdBand({
  before,
  now,
  from,
  to,
  scale,
  label,
}: {
  before: number | undefined;
  now: number;
  from: number;
  to: number;
  scale: number;
  label: string;
}) {
  const at = (households: number): string => `${Math.min(100, (households / scale) * 100)}%`;
  return (
    <div className="plan-band" role="img" aria-label={label}>
      <span className="plan-band-right" style={{ left: at(from), width: at(to - from) }} />
      {before !== undefined && before !== now && <span className="plan-band-before" style={{ left: at(before) }} />}
      <span className="plan-band-now" style={{ left: at(now) }} />
    </div>
  );
}

/** Only figures of which the text changes are rendered again. */
const Figure = memo(function Figure({
  id,
  label,
  before,
  now,
  title,
}: {
  id: string;
  label: string;
  before: string | undefined;
  now: string;
  title?: string | undefined;
}) {
  return (
    <div data-figure={id} title={title}>
      <dt>{label}</dt>
      <dd>
        {before !== undefined && before !== now && <s className="tone-muted">{before}</s>} <b>{now}</b>
      </dd>
    </div>
  );
});

/** Figures of one grid (or a sum of grids), each before → after; rendered again when one of them is another. */
export const MeterCard = memo(function MeterCard({
  id,
  name,
  code,
  before,
  now,
  kind,
  known,
  t,
}: {
  id: string;
  name: string;
  code: string | null;
  /** As it is today; undefined for what the plan makes. */
  before: Meter | SumMeter | undefined;
  now: Meter | SumMeter;
  /** A grid is held against its band, a community against its limit; shape is a matter of single cells. */
  kind: "grid" | "micro" | "gridSum" | "community" | "whole";
  /** Whether anything is known of households. */
  known: boolean;
  t: PlanTexts;
}) {
  const households = householdsOf(now);
  const band = bandOf(households);
  const banded = known && (kind === "grid" || kind === "gridSum");
  const limited = known && kind === "community";
  const had = before && householdsOf(before);
  const pieces = (parts: number): string => (parts === 1 ? t.inOne : fill(t.pieces, { count: parts }));
  const figures = [
    ["area", t.area, (meter: Meter | SumMeter) => areaText(meter.areaM2)],
    ["cameras", t.cameras, (meter: Meter | SumMeter) => whole(meter.cameras)],
    ["incidents", t.incidents, (meter: Meter | SumMeter) => whole(meter.openIncidents)],
    ["staff", t.staff, (meter: Meter | SumMeter) => whole(meter.staff)],
  ] as const;
  return (
    <section className="plan-meter" data-cell={id} data-band={banded ? band : undefined}>
      <h3>
        {name} {code && <small className="tone-muted">{code}</small>}
        {!before && <span className="plan-mark">{t.fresh}</span>}
      </h3>
      {banded && (
        <HouseholdBand
          before={had}
          now={households}
          from={GRID_HOUSEHOLDS.from}
          to={GRID_HOUSEHOLDS.to}
          scale={GRID_SCALE}
          label={`${t[band]} · ${t.band}`}
        />
      )}
      {limited && (
        <HouseholdBand
          before={had}
          now={households}
          from={0}
          to={COMMUNITY_HOUSEHOLDS}
          scale={COMMUNITY_SCALE}
          label={t.limit}
        />
      )}
      <dl>
        <Figure
          id="households"
          label={t.households}
          before={known && before ? householdText(before) : undefined}
          now={known ? householdText(now) : t.unknown}
        />
        {figures.slice(0, 1).map(([key, label, text]) => (
          <Figure key={key} id={key} label={label} before={before && text(before)} now={text(now)} />
        ))}
        {"compactness" in now && (
          <>
            <Figure
              id="compactness"
              label={t.compactness}
              title={t.compactnessHint}
              before={before && "compactness" in before ? share(before.compactness) : undefined}
              now={share(now.compactness)}
            />
            <Figure
              id="parts"
              label={t.parts}
              before={before && "parts" in before ? pieces(before.parts) : undefined}
              now={pieces(now.parts)}
            />
          </>
        )}
        {"apart" in now && now.apart > 0 && (
          <Figure id="apart" label={t.apart} before={undefined} now={whole(now.apart)} />
        )}
        {figures.slice(1).map(([key, label, text]) => (
          <Figure key={key} id={key} label={label} before={before && text(before)} now={text(now)} />
        ))}
      </dl>
      {banded && (
        <p className="plan-band-word" data-band={band}>
          {t[band]} · {t.band}
        </p>
      )}
      {limited && (
        <p className="plan-band-word" data-band={households > COMMUNITY_HOUSEHOLDS ? "many" : "right"}>
          {t.limit}
        </p>
      )}
    </section>
  );
});
