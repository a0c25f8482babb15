import { type KeyboardEvent, type MouseEvent, useMemo, useState } from "react";
import { useView } from "../app/view-state.ts";
import { useSeesCases } from "../app/viewer.ts";
import { useCountyData } from "../data/county-store.ts";
import { usePublishedCube } from "../data/cube-store.ts";
import { rampColour } from "../layers/heat/ramp.ts";
import { ownershipColour, ownershipUnits } from "../layers/ownership/ownership.ts";
import { publishedColour, publishedDensity } from "../layers/published/published.layer.ts";
import { figure, useTexts } from "../layers/use-texts.ts";
import { usePlaneAnswer } from "../plane/use-answer.ts";
import { areaIndex, closestKnown, depthOf } from "./area-index.ts";
import { PALETTES } from "./palette.ts";
import { pickPoint, usePickPoint } from "./pick-point.ts";
import { bboxProjection } from "./svg-projection.ts";
import { MAP_TEXTS } from "./texts.ts";

/** Width of the drawing in its own units; it scales with its box. */
const WIDTH = 1000;
const NO_COUNTS: ReadonlyMap<string, number> = new Map();

/**
 * The areas directly inside the area drilled to, as plain SVG: what is left of the map without WebGL. Colour says who
 * owns an area (lowest level) or how many of its cases are late; the figure stands in every shape.
 */
export function SvgMap() {
  const t = useTexts(MAP_TEXTS);
  const areas = useCountyData((county) => county.areas);
  const { area, county, theme, drillTo } = useView();
  const answered = usePlaneAnswer<"areas">({ kind: "areas" })?.value;
  const counts = answered?.counts ?? NO_COUNTS;
  const late = answered?.late ?? NO_COUNTS;
  const sees = useSeesCases();
  const published = usePublishedCube((cube) => cube.cells);
  const [named, setNamed] = useState<string>();
  const picked = usePickPoint();
  const index = areaIndex(areas);
  const palette = PALETTES[theme];
  const drilled = closestKnown(index, area || county);
  const codes = (drilled && index.children.get(drilled.code)) ?? (drilled ? [drilled.code] : []);
  const bbox = drilled && index.bboxes.get(drilled.code);
  const project = useMemo(() => (bbox ? bboxProjection(bbox, WIDTH) : undefined), [bbox]);
  if (!drilled || !project) return <p className="map-note">{t.loading}</p>;
  const units = ownershipUnits(index);
  const most = Math.max(1, ...codes.map((code) => late.get(code) ?? 0));
  const density = publishedDensity(index, published);
  const densest = { ...density, max: Math.max(0, ...codes.map((code) => density.perKm2.get(code) ?? 0)) };
  const colour = (code: string): string => {
    const shape = index.byCode.get(code);
    if (shape && depthOf(code) >= 3) return ownershipColour(palette, units, shape.owner, true);
    if (!sees) return publishedColour(densest, code, theme);
    const [r, g, b, a] = rampColour(Math.sqrt((late.get(code) ?? 0) / most) * 0.9, theme);
    return `rgb(${r} ${g} ${b} / ${(a / 255).toFixed(2)})`;
  };
  const onKey = (event: KeyboardEvent, code: string): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    const label = index.byCode.get(code)?.label;
    if (!label || !pickPoint(label)) drillTo(code);
  };
  const onClick = (event: MouseEvent<SVGElement>, code: string): void => {
    const matrix = event.currentTarget.ownerSVGElement?.getScreenCTM()?.inverse();
    const at = matrix && new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    if (!at || !pickPoint(project.degrees(at.x, at.y))) drillTo(code);
  };
  const pin = picked.on && picked.at && project.point(picked.at[0], picked.at[1]);
  const title = (code: string): string => {
    const shape = index.byCode.get(code);
    const owner = shape?.owner ? ` · ${t.responsible} ${shape.owner.name}` : "";
    const cases = sees
      ? ` · ${figure(counts.get(code) ?? 0)} ${t.incidents} · ${t.late} ${figure(late.get(code) ?? 0)}`
      : "";
    return `${shape?.name ?? code}${cases}${owner}`;
  };
  return (
    <figure className="svg-map">
      {/* biome-ignore lint/a11y/useSemanticElements: a group of shapes; a fieldset cannot stand inside SVG */}
      <svg viewBox={`-8 -8 ${WIDTH + 16} ${project.height + 16}`} role="group" aria-label={`${t.map} ${drilled.name}`}>
        <path d={project.path(drilled.geometry.coordinates)} fill={palette.land} />
        {codes.map((code) => {
          const shape = index.byCode.get(code);
          if (!shape) return null;
          const [x, y] = project.point(shape.label[0], shape.label[1]);
          const named = codes.length <= 60;
          return (
            // biome-ignore lint/a11y/useSemanticElements: an SVG shape cannot be a <button>
            <g
              key={code}
              role="button"
              tabIndex={0}
              aria-label={title(code)}
              onClick={(event) => onClick(event, code)}
              onKeyDown={(event) => onKey(event, code)}
              onFocus={() => setNamed(code)}
              onPointerEnter={() => setNamed(code)}
            >
              <path d={project.path(shape.geometry.coordinates)} fill={colour(code)} stroke={palette.outline} />
              {named ? (
                <text x={x} y={y} fill={palette.text} stroke={palette.halo}>
                  {shape.name}
                </text>
              ) : null}
            </g>
          );
        })}
        {pin && (
          <circle
            cx={pin[0]}
            cy={pin[1]}
            r={12}
            fill={palette.text}
            stroke={palette.halo}
            strokeWidth={5}
            pointerEvents="none"
          />
        )}
      </svg>
      <figcaption>{named ? title(named) : drilled.name}</figcaption>
    </figure>
  );
}
