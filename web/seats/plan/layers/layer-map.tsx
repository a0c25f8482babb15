import { useMemo } from "react";
import type { MultiPolygonRings } from "../../../../data/model/geometry.ts";
import type { AreaFeature } from "../../../data/county-data.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { svgProjection } from "../../../map/svg-projection.ts";
import { LAYER_TEXTS } from "./texts.ts";

const WIDTH = 1000;
/** More names than this hide what they name. */
const MOST_NAMES = 80;

/** A shape drawn over the base grids. */
export interface OverShape {
  readonly id: string;
  readonly name: string;
  readonly polygons: MultiPolygonRings;
  readonly merged: boolean;
}

/** How many letters of a community's name all names begin with; each has some of its own after them. */
function commonStart(names: readonly string[]): number {
  const [first = ""] = names;
  if (names.length < 2) return 0;
  let same = 0;
  while (same < first.length && names.every((name) => name[same] === first[same])) same++;
  const start = first.slice(0, same);
  const end = Math.max(start.lastIndexOf("区"), start.lastIndexOf("村")) + 1;
  return names.every((name) => name.length > end) ? end : 0;
}

/** Base grids with what is drawn over them, as plain SVG. */
export function LayerMap({
  grids,
  over,
  differing,
  chosen,
  onChoose,
}: {
  readonly grids: readonly AreaFeature[];
  readonly over: readonly OverShape[];
  /** How many layers differ from a base grid, by its code. */
  readonly differing: ReadonlyMap<string, number>;
  readonly chosen: { readonly grids: readonly string[]; readonly shapes: readonly string[] };
  readonly onChoose: (code: string) => void;
}) {
  const t = useTexts(LAYER_TEXTS);
  const project = useMemo(
    () =>
      svgProjection(
        grids.flatMap(({ geometry }) => geometry.coordinates),
        WIDTH,
      ),
    [grids],
  );
  if (!project) return null;
  const most = Math.max(1, ...differing.values());
  const names = grids.length <= MOST_NAMES;
  // In one community its name before each grid's says nothing.
  const common = commonStart(grids.map(({ name }) => name));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of shapes; a fieldset cannot stand inside SVG
    <svg
      className="layer-map"
      viewBox={`-8 -8 ${WIDTH + 16} ${project.height + 16}`}
      role="group"
      aria-label={t.map}
      style={{ fontSize: Math.max(11, Math.min(common > 0 ? 32 : 20, 260 / Math.sqrt(grids.length))) }}
    >
      {grids.map(({ code, name, geometry }) => {
        const count = differing.get(code) ?? 0;
        return (
          // biome-ignore lint/a11y/useSemanticElements: an SVG shape cannot be a <button>
          <g
            key={code}
            role="button"
            tabIndex={0}
            data-grid={code}
            data-differing={count}
            aria-label={`${name} · ${count ? fill(t.disagree, { count }) : t.agree}`}
            onClick={() => onChoose(code)}
            onKeyDown={(event) => {
              if (event.key === "Enter" || event.key === " ") onChoose(code);
            }}
          >
            <path
              className={chosen.grids.includes(code) ? "layer-base chosen" : "layer-base"}
              d={project.path(geometry.coordinates)}
              style={count ? { fillOpacity: 0.18 + 0.4 * (count / most) } : undefined}
            />
          </g>
        );
      })}
      {over.map(({ id, name, polygons, merged }) => (
        <path
          key={id}
          className={`layer-over${merged ? " merged" : ""}${chosen.shapes.includes(id) ? " chosen" : ""}`}
          d={project.path(polygons)}
        >
          <title>{name}</title>
        </path>
      ))}
      {names &&
        grids.map(({ code, name, label }) => {
          const [x, y] = project.point(label[0], label[1]);
          return (
            // Above all shapes, so that no neighbour's ground covers a name.
            <text key={code} x={x} y={y}>
              {name.slice(common)}
            </text>
          );
        })}
    </svg>
  );
}
