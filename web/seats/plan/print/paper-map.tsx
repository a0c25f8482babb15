import { useId } from "react";
import { bboxOf } from "../../../../data/geo/measure.ts";
import type { Bbox, LonLat, MultiPolygonRings } from "../../../../data/model/geometry.ts";
import { printScale } from "../../../../data/planning/print-scale.ts";
import { fill, useTexts } from "../../../layers/use-texts.ts";
import { PRINT_TEXTS } from "./texts.ts";
import type { PaperLine, PaperShape } from "./use-paper.ts";

/** Millimetres kept free around what must be seen. */
const MARGIN = 6;
/** Height of a name, and about the width of a Chinese character in it (`.paper-name`), millimetres. */
const NAME_MM = 3;
const ROAD_MM: Readonly<Record<string, number>> = { arterial: 1.1, collector: 0.7, local: 0.35 };

const meets = (a: Bbox | undefined, b: Bbox): boolean =>
  a !== undefined && a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

/** A vector map to scale: what is looked at, its neighbours, named lines, scale bar, north. */
export function PaperMap({
  title,
  focus,
  extent,
  shapes,
  lines,
  width,
  height,
}: {
  readonly title: string;
  /** Ground that stands out. */
  readonly focus: MultiPolygonRings;
  /** What must be seen. */
  readonly extent: MultiPolygonRings;
  readonly shapes: readonly PaperShape[];
  readonly lines: readonly PaperLine[];
  /** Millimetres. */
  readonly width: number;
  readonly height: number;
}) {
  const t = useTexts(PRINT_TEXTS);
  const clip = useId();
  const box = bboxOf(extent);
  if (!box) return null;
  const scale = printScale(box, width, height, MARGIN);
  const path = (line: readonly LonLat[], closed: boolean): string =>
    `M${line
      .map((at) =>
        scale
          .place(at)
          .map((v) => v.toFixed(2))
          .join(" "),
      )
      .join("L")}${closed ? "Z" : ""}`;
  const area = (polygons: MultiPolygonRings): string =>
    polygons.flatMap((rings) => rings.map((ring) => path(ring, true))).join("");
  const seen = shapes.filter(({ polygons }) => meets(bboxOf(polygons), scale.shown));
  const drawn = lines.filter(({ lines: parts }) => meets(bboxOf(parts.map((part) => [part])), scale.shown));
  const named = labelsOf(drawn, scale.shown);
  return (
    <figure className="paper-map" style={{ width: `${width}mm` }}>
      <figcaption>
        {title} <span>{fill(t.scale, { n: scale.denominator.toLocaleString("en-US") })}</span>
      </figcaption>
      <svg
        width={`${width}mm`}
        height={`${height}mm`}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={title}
        data-scale={scale.denominator}
      >
        <clipPath id={clip}>
          <rect width={width} height={height} />
        </clipPath>
        <g clipPath={`url(#${CSS.escape(clip)})`}>
          <rect className="paper-land" width={width} height={height} />
          <path className="paper-focus" d={area(focus)} />
          {drawn.map(({ kind, rank, lines: parts }, n) => (
            <path
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name and never change places
              key={n}
              className={`paper-${kind}`}
              d={parts.map((part) => path(part, false)).join("")}
              strokeWidth={kind === "road" ? (ROAD_MM[rank] ?? 0.35) : undefined}
            />
          ))}
          {seen.map(({ cell, polygons }) => (
            <path key={cell} className="paper-border" d={area(polygons)} />
          ))}
          <path className="paper-outline" d={area(focus)} />
          {named.map(({ name, at }) => {
            const [x, y] = scale.place(at);
            return (
              <text key={name} className="paper-line-name" x={x} y={y}>
                {name}
              </text>
            );
          })}
          {roomFor(seen, scale).map(({ cell, name, at: [x, y] }) => (
            <text key={cell} className="paper-name" x={x} y={y}>
              {name}
            </text>
          ))}
        </g>
        <g transform={`translate(3 ${height - 3})`} className="paper-bar">
          <rect x={-1.5} y={-6} width={scale.barMm + 14} height={8} />
          <path d={`M0 -1.5V0H${scale.barMm}V-1.5M${scale.barMm / 2} -1V0`} />
          <text y={-2.2}>0</text>
          <text x={scale.barMm} y={-2.2}>
            {scale.barMetres >= 1000 ? `${scale.barMetres / 1000} km` : `${scale.barMetres} m`}
          </text>
        </g>
        <g transform={`translate(${width - 6} 10)`} className="paper-north">
          <path d="M0 -6L2 0H-2Z" />
          <text y={3.4}>{t.north}</text>
        </g>
        <rect className="paper-frame" width={width} height={height} />
      </svg>
    </figure>
  );
}

/** One place for each name: the middle corner of its longest visible line. */
function labelsOf(lines: readonly PaperLine[], [west, south, east, north]: Bbox): { name: string; at: LonLat }[] {
  const best = new Map<string, readonly LonLat[]>();
  for (const { name, lines: parts } of lines) {
    if (!name) continue;
    for (const part of parts) {
      const inside = part.filter(([x, y]) => x > west && x < east && y > south && y < north);
      if (inside.length > (best.get(name)?.length ?? 0)) best.set(name, inside);
    }
  }
  return [...best].map(([name, part]) => ({ name, at: part[Math.floor(part.length / 2)] as LonLat }));
}

interface PlacedName {
  readonly cell: string;
  readonly name: string;
  /** Millimetres. */
  readonly at: readonly [x: number, y: number];
}

/** Names that can be read: where two would lie on each other the changed grid's stays, then the larger one's. */
function roomFor(shapes: readonly PaperShape[], { place, shown }: ReturnType<typeof printScale>): PlacedName[] {
  const sizeOf = ({ polygons }: PaperShape): number => {
    const [west, south, east, north] = bboxOf(polygons) ?? [0, 0, 0, 0];
    return (east - west) * (north - south);
  };
  const order = shapes.toSorted((a, b) => Number(b.changed) - Number(a.changed) || sizeOf(b) - sizeOf(a));
  const placed: PlacedName[] = [];
  for (const { cell, name, polygons } of order) {
    const middle = middleIn(polygons, shown);
    if (!middle) continue;
    const [x, y] = place(middle);
    const covers = (other: PlacedName): boolean =>
      Math.abs(other.at[1] - y) < NAME_MM &&
      Math.abs(other.at[0] - x) < ((other.name.length + name.length) * NAME_MM) / 2;
    if (!placed.some(covers)) placed.push({ cell, name, at: [x, y] });
  }
  return placed;
}

/** Middle of a shape's box as far as it is seen. */
function middleIn(polygons: MultiPolygonRings, [west, south, east, north]: Bbox): LonLat | undefined {
  const box = bboxOf(polygons);
  if (!box) return undefined;
  const at: LonLat = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  return at[0] > west && at[0] < east && at[1] > south && at[1] < north ? at : undefined;
}
