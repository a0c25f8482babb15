import { type PointerEvent, useId, useMemo, useRef, useState } from "react";
import type { Geometry } from "../../../../data/model/geojson.ts";
import type { Bbox, LonLat } from "../../../../data/model/geometry.ts";
import type { AreaFeature } from "../../../data/county-data.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { bboxProjection, type SvgProjection } from "../../../map/svg-projection.ts";
import { IMPORT_TEXTS } from "./texts.ts";

/** Shapes of a layer as they would lie. */
export interface Shapes {
  readonly drawn: number;
  readonly polygons?: Geometry | null | undefined;
  readonly lines?: Geometry | null | undefined;
  readonly points?: Geometry | null | undefined;
}

const WIDTH = 640;
const MIN_HEIGHT = 0.5;
const MAX_HEIGHT = 0.9;
/** A step of the zoom buttons, and how close "in detail" goes. */
const ZOOM_STEP = 2;
const DETAIL = 24;

const linesOf = (geometry: Geometry | null | undefined): readonly (readonly LonLat[])[] => {
  switch (geometry?.type) {
    case "MultiPolygon":
      return geometry.coordinates.flat();
    case "MultiLineString":
      return geometry.coordinates;
    case "MultiPoint":
      return [geometry.coordinates];
    default:
      return [];
  }
};

/** Box of positions; undefined without any. */
function boxOf(lines: Iterable<readonly LonLat[]>): Bbox | undefined {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const line of lines)
    for (const [lon, lat] of line) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  return west <= east && south <= north ? [west, south, east, north] : undefined;
}

/** A box with air around it, neither empty nor beyond what Mercator can draw. */
function padded([west, south, east, north]: Bbox): Bbox {
  const dx = Math.max((east - west) * 0.06, 0.0005);
  const dy = Math.max((north - south) * 0.06, 0.0005);
  return [west - dx, Math.max(south - dy, -85), east + dx, Math.min(north + dy, 85)];
}

const allLines = ({ polygons, lines, points }: Shapes) => [...linesOf(polygons), ...linesOf(lines), ...linesOf(points)];

function pathOf(lines: readonly (readonly LonLat[])[], project: SvgProjection, closed: boolean): string {
  const at = ([lon, lat]: LonLat) =>
    project
      .point(lon, lat)
      .map((v) => v.toFixed(1))
      .join(" ");
  return lines.map((line) => `M${line.map(at).join("L")}${closed ? "Z" : ""}`).join("");
}

/** Points as strokes without length, which round ends make dots: one path, however many there are. */
const dotsOf = (points: readonly LonLat[], project: SvgProjection): string =>
  points
    .map(([lon, lat]) => {
      const [x, y] = project.point(lon, lat);
      return `M${x.toFixed(1)} ${y.toFixed(1)}h0`;
    })
    .join("");

interface Drawing {
  readonly project: SvgProjection;
  readonly ground: readonly string[];
  readonly height: number;
}

function useDrawing(areas: readonly AreaFeature[], box: Bbox | undefined): Drawing | undefined {
  return useMemo(() => {
    if (!box) return undefined;
    const project = bboxProjection(padded(box), WIDTH);
    const depth = areas.some(({ code }) => code.length === 9) ? 9 : 6;
    const ground = areas
      .filter(({ code }) => code.length <= depth)
      .map(({ geometry }) => project.path(geometry.coordinates));
    return { project, ground, height: Math.min(Math.max(project.height, WIDTH * MIN_HEIGHT), WIDTH * MAX_HEIGHT) };
  }, [areas, box]);
}

const countyBox = (areas: readonly AreaFeature[]): Bbox | undefined =>
  boxOf(areas.filter(({ code }) => code.length <= 9).flatMap(({ geometry }) => geometry.coordinates.flat()));

function LayerPaths({ shapes, project }: { shapes: Shapes; project: SvgProjection }) {
  const paths = useMemo(
    () => ({
      polygons: pathOf(linesOf(shapes.polygons), project, true),
      lines: pathOf(linesOf(shapes.lines), project, false),
      points: dotsOf(linesOf(shapes.points).flat(), project),
    }),
    [shapes, project],
  );
  return (
    <>
      {paths.polygons && <path className="import-polygons" fillRule="evenodd" d={paths.polygons} />}
      {paths.lines && <path className="import-lines" d={paths.lines} />}
      {paths.points && <path className="import-points" d={paths.points} />}
    </>
  );
}

/** A small picture of the county with a layer on it. */
export function MiniMap({ areas, shapes }: { areas: readonly AreaFeature[]; shapes: Shapes }) {
  const box = useMemo(() => countyBox(areas) ?? boxOf(allLines(shapes)), [areas, shapes]);
  const drawing = useDrawing(areas, box);
  if (!drawing) return null;
  return (
    <svg className="import-mini" viewBox={`0 0 ${WIDTH} ${drawing.project.height}`} aria-hidden="true">
      {drawing.ground.map((path) => (
        <path key={path.slice(0, 60)} className="import-ground" d={path} />
      ))}
      <LayerPaths shapes={shapes} project={drawing.project} />
    </svg>
  );
}

type View = readonly [x: number, y: number, width: number];

/** The county's present borders with the layer on top; can be zoomed and moved to see whether borders meet. */
export function LayerMap({ areas, shapes }: { areas: readonly AreaFeature[]; shapes: Shapes }) {
  const t = useTexts(IMPORT_TEXTS);
  const clip = useId();
  const county = useMemo(() => countyBox(areas), [areas]);
  const layer = useMemo(() => boxOf(allLines(shapes)), [shapes]);
  const drawing = useDrawing(areas, county ?? layer);
  const [view, setView] = useState<View>();
  const drag = useRef<{ readonly x: number; readonly y: number; readonly view: View } | undefined>(undefined);
  if (!drawing) return <p className="tone-muted">{t.noPlace}</p>;
  const { project, height } = drawing;
  const whole: View = [0, (project.height - height) / 2, WIDTH];
  const [x, y, width] = view ?? whole;
  const shown = (width * height) / WIDTH;
  const zoom = (factor: number) =>
    setView([x + (width - width / factor) / 2, y + (shown - shown / factor) / 2, width / factor]);
  const fitLayer = () => {
    if (!layer) return;
    const [west, south, east, north] = padded(layer);
    const [x0, y0] = project.point(west, north);
    const [x1, y1] = project.point(east, south);
    const wide = Math.max(x1 - x0, ((y1 - y0) * WIDTH) / height);
    setView([(x0 + x1 - wide) / 2, (y0 + y1 - (wide * height) / WIDTH) / 2, wide]);
  };
  // The northernmost corner of the layer: somewhere on its border, the same place in each system.
  const detail = () => {
    const first = allLines(shapes)
      .flat()
      .reduce<LonLat | undefined>((best, one) => (!best || one[1] > best[1] ? one : best), undefined);
    if (!first) return;
    const [cx, cy] = project.point(first[0], first[1]);
    const wide = WIDTH / DETAIL;
    setView([cx - wide / 2, cy - (wide * height) / WIDTH / 2, wide]);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    const from = drag.current;
    if (!from) return;
    const scale = width / event.currentTarget.clientWidth;
    setView([from.view[0] - (event.clientX - from.x) * scale, from.view[1] - (event.clientY - from.y) * scale, width]);
  };
  const far =
    layer &&
    county &&
    (layer[0] > county[2] + 2 || layer[2] < county[0] - 2 || layer[1] > county[3] + 2 || layer[3] < county[1] - 2);
  return (
    <figure className="import-map">
      <div className="import-map-tools">
        <button type="button" className="button" onClick={() => setView(undefined)}>
          {t.mapCounty}
        </button>
        <button type="button" className="button" onClick={fitLayer} disabled={!layer}>
          {t.mapLayer}
        </button>
        <button type="button" className="button" onClick={detail} disabled={!layer}>
          {t.mapDetail}
        </button>
        <button type="button" className="button" aria-label={t.zoomIn} onClick={() => zoom(ZOOM_STEP)}>
          ＋
        </button>
        <button type="button" className="button" aria-label={t.zoomOut} onClick={() => zoom(1 / ZOOM_STEP)}>
          －
        </button>
      </div>
      <svg
        viewBox={`${x} ${y} ${width} ${shown}`}
        style={{ aspectRatio: `${WIDTH} / ${height}` }}
        role="img"
        aria-label={t.map}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, y: event.clientY, view: [x, y, width] };
        }}
        onPointerMove={move}
        onPointerUp={() => {
          drag.current = undefined;
        }}
      >
        <title>{t.map}</title>
        <g id={clip}>
          {drawing.ground.map((path) => (
            <path key={path.slice(0, 60)} className="import-ground" d={path} />
          ))}
          <LayerPaths shapes={shapes} project={project} />
        </g>
      </svg>
      <figcaption>
        <span className="import-key-ground">{t.legendCounty}</span>
        <span className="import-key-layer">{t.legendLayer}</span>
        <span>{fill(t.drawn, { count: shapes.drawn })}</span>
        {!county && <span>{t.noOutline}</span>}
        {far && <strong className="tone-late">{t.far}</strong>}
      </figcaption>
    </figure>
  );
}
