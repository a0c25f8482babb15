import { bandOf, COMMUNITY_HOUSEHOLDS, GRID_HOUSEHOLDS } from "../state/band.ts";
import type { Meter } from "../state/meters.ts";
import type { PlanTexts } from "../texts.ts";
import { areaText } from "./figure-text.ts";

/** Right end of the band's scale, households. */
const SCALE_TO = 800;

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const share = (value: number): string => value.toFixed(2);

/** Households against the band that they should lie in, as it was and as it is. */
function HouseholdBand({ before, now, t }: { before: number | undefined; now: number; t: PlanTexts }) {
  const at = (households: number): string => `${Math.min(100, (households / SCALE_TO) * 100)}%`;
  const band = bandOf(now);
  return (
    <div className="plan-band" data-band={band} role="img" aria-label={`${t[band]} · ${t.band}`}>
      <span
        className="plan-band-right"
        style={{ left: at(GRID_HOUSEHOLDS.from), width: at(GRID_HOUSEHOLDS.to - GRID_HOUSEHOLDS.from) }}
      />
      {before !== undefined && before !== now && <span className="plan-band-before" style={{ left: at(before) }} />}
      <span className="plan-band-now" style={{ left: at(now) }} />
    </div>
  );
}

function Figure({
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
  title?: string;
}) {
  return (
    <div data-figure={id} title={title}>
      <dt>{label}</dt>
      <dd>
        {before !== undefined && before !== now && <s className="tone-muted">{before}</s>} <b>{now}</b>
      </dd>
    </div>
  );
}

/** Figures of one grid (or a sum of grids), each before → after. */
export function MeterCard({
  id,
  name,
  code,
  before,
  now,
  kind,
  t,
}: {
  id: string;
  name: string;
  code: string | null;
  /** As it is today; undefined for what the plan makes. */
  before: Meter | undefined;
  now: Meter;
  /** A grid is held against its band, a community against its limit; shape is a matter of single cells. */
  kind: "grid" | "micro" | "gridSum" | "community" | "whole";
  t: PlanTexts;
}) {
  const band = bandOf(now.households);
  const banded = kind === "grid" || kind === "gridSum";
  const shaped = kind === "grid" || kind === "micro";
  return (
    <section className="plan-meter" data-cell={id}>
      <h3>
        {name} {code && <small className="tone-muted">{code}</small>}
        {!before && <span className="plan-mark">{t.fresh}</span>}
      </h3>
      {banded && <HouseholdBand before={before?.households} now={now.households} t={t} />}
      <dl>
        <Figure
          id="households"
          label={t.households}
          before={before && whole(before.households)}
          now={whole(now.households)}
        />
        <Figure id="area" label={t.area} before={before && areaText(before.areaM2)} now={areaText(now.areaM2)} />
        {shaped && (
          <Figure
            id="compactness"
            label={t.compactness}
            title={t.compactnessHint}
            before={before && share(before.compactness)}
            now={share(now.compactness)}
          />
        )}
        {shaped && <Figure id="parts" label={t.parts} before={before && whole(before.parts)} now={whole(now.parts)} />}
        <Figure id="cameras" label={t.cameras} before={before && whole(before.cameras)} now={whole(now.cameras)} />
        <Figure
          id="incidents"
          label={t.incidents}
          before={before && whole(before.incidents)}
          now={whole(now.incidents)}
        />
      </dl>
      {banded && (
        <p className="plan-band-word" data-band={band}>
          {t[band]} · {t.band}
        </p>
      )}
      {kind === "community" && (
        <p className="plan-band-word" data-band={now.households > COMMUNITY_HOUSEHOLDS ? "many" : "right"}>
          {t.limit}
        </p>
      )}
    </section>
  );
}
