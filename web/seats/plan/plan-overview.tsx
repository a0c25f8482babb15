import { memo, useMemo } from "react";
import type { AreaFeature } from "../../data/county-data.ts";
import { fill, useTexts } from "../../layers/use-texts.ts";
import { svgProjection } from "../../map/svg-projection.ts";
import type { GridsBeyond } from "./state/grids-beyond.ts";
import { PLAN_TEXTS } from "./texts.ts";
import { SCOPE_TEXTS } from "./texts-scope.ts";
import "./plan-overview.css";

const WIDTH = 1000;
/** More names than this hide what they name. */
const MOST_NAMES = 40;

/** What colour says of a community: grids that are too large come before those that are too small. */
const bandOf = (beyond: GridsBeyond | undefined): "many" | "few" | "right" => {
  if (!beyond) return "right";
  return beyond.many > 0 ? "many" : "few";
};

/** Communities on a map, coloured where grids have too many or too few households; a click chooses one to plan. */
export const PlanOverview = memo(function PlanOverview({
  communities,
  beyond,
  chosen,
  onChosen,
}: {
  readonly communities: readonly AreaFeature[];
  readonly beyond: ReadonlyMap<string, GridsBeyond>;
  readonly chosen: string | undefined;
  readonly onChosen: (code: string | undefined) => void;
}) {
  const t = useTexts(SCOPE_TEXTS);
  const words = useTexts(PLAN_TEXTS);
  const shapes = useMemo(() => {
    const polygons = communities.flatMap(({ geometry }) => geometry.coordinates);
    const project = svgProjection(polygons, WIDTH);
    return (
      project && {
        height: project.height,
        list: communities.map((area) => ({
          ...{ area, d: project.path(area.geometry.coordinates) },
          at: project.point(area.label[0], area.label[1]),
        })),
      }
    );
  }, [communities]);
  if (!shapes || communities.length < 2) return null;
  const said = (code: string): string => {
    const { many = 0, few = 0 } = beyond.get(code) ?? {};
    const marks = [many > 0 && fill(words.gridsMany, { n: many }), few > 0 && fill(words.gridsFew, { n: few })];
    return marks.filter(Boolean).join(" · ") || t.allRight;
  };
  return (
    <section className="plan-overview" aria-label={t.overview}>
      <h2>{t.overview}</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of shapes; a fieldset cannot stand inside SVG */}
      <svg viewBox={`-8 -8 ${WIDTH + 16} ${shapes.height + 16}`} role="group" aria-label={t.overview}>
        {shapes.list.map(({ area: { code, name }, d }) => (
          // biome-ignore lint/a11y/useSemanticElements: an SVG shape cannot be a <button>
          <g
            key={code}
            role="button"
            tabIndex={0}
            aria-label={`${name} · ${said(code)}`}
            aria-pressed={code === chosen}
            data-community={code}
            data-band={bandOf(beyond.get(code))}
            onClick={() => onChosen(code)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" && event.key !== " ") return;
              event.preventDefault();
              onChosen(code);
            }}
          >
            <title>{`${name} · ${said(code)}`}</title>
            <path d={d} />
          </g>
        ))}
        {shapes.list.map(({ area: { code }, d }) =>
          code === chosen ? <path key={code} className="plan-overview-chosen" d={d} /> : null,
        )}
        {shapes.list.map(({ area: { code, name }, at }) =>
          // Above all shapes, so that no neighbour's ground covers a name.
          communities.length <= MOST_NAMES || code === chosen ? (
            <text key={code} x={at[0]} y={at[1]}>
              {name}
            </text>
          ) : null,
        )}
      </svg>
      <ul className="plan-overview-legend">
        <li data-band="many">{t.someMany}</li>
        <li data-band="few">{t.someFew}</li>
        <li data-band="right">{t.allRight}</li>
      </ul>
    </section>
  );
});
