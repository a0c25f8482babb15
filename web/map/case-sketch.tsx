import { useMemo } from "react";
import { fromPlane, localPlane } from "../../data/columns/local-plane.ts";
import { parentCode } from "../../data/model/codes.ts";
import type { Bbox, LonLat, Ring } from "../../data/model/geometry.ts";
import { useView } from "../app/view-state.ts";
import { useCountyData } from "../data/county-store.ts";
import { viewRing } from "../layers/cameras/camera-views.ts";
import { ownershipColour, ownershipUnits } from "../layers/ownership/ownership.ts";
import { areaIndex } from "./area-index.ts";
import { PALETTES } from "./palette.ts";
import { bboxProjection } from "./svg-projection.ts";

const WIDTH = 640;
/** Half the ground that it shows, metres east–west and north–south. */
const HALF_M = [320, 180] as const;

/** A camera as it is drawn: where it stands and its nominal view. */
export interface SketchCamera {
  readonly id: string;
  readonly name: string;
  readonly point: LonLat;
  readonly azimuthDeg: number | undefined;
  readonly angleDeg: number | undefined;
  readonly rangeM: number | undefined;
}

/** A post as it is drawn. */
export interface SketchPost {
  readonly id: string;
  readonly name: string;
  readonly point: LonLat;
}

const meets = (a: Bbox, b: Bbox): boolean => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

/**
 * The surroundings of a case as a drawing: the grids around it in the colours of their units, duty posts, and the nominal
 * views of cameras. Plain SVG: it prints, and needs no WebGL.
 */
export function CaseSketch({
  point,
  title,
  cameras,
  posts,
}: {
  point: LonLat;
  title: string;
  cameras: readonly SketchCamera[];
  posts: readonly SketchPost[];
}) {
  const areas = useCountyData((county) => county.areas);
  const theme = useView((view) => view.theme);
  const palette = PALETTES[theme];
  const index = areaIndex(areas);
  const box = useMemo((): Bbox => {
    const plane = localPlane(point);
    const [west, south] = fromPlane(plane, -HALF_M[0], -HALF_M[1]);
    const [east, north] = fromPlane(plane, HALF_M[0], HALF_M[1]);
    return [west, south, east, north];
  }, [point]);
  const project = useMemo(() => bboxProjection(box, WIDTH), [box]);
  const near = useMemo(
    () => index.lowest.filter(({ code }) => meets(index.bboxes.get(code) ?? [0, 0, 0, 0], box)),
    [index, box],
  );
  const units = ownershipUnits(index);
  const [x, y] = project.point(point[0], point[1]);
  const ring = (corners: Ring): string => project.path([[corners]]);
  return (
    <svg className="case-sketch" viewBox={`0 0 ${WIDTH} ${project.height}`} role="img" aria-label={title}>
      <rect width={WIDTH} height={project.height} fill={palette.void} />
      {near.map((area) => (
        <path
          key={area.code}
          d={project.path(area.geometry.coordinates)}
          fill={ownershipColour(palette, units, area.owner, true)}
          stroke={palette.outline}
        >
          <title>{`${area.name} ${area.owner?.name ?? ""}`}</title>
        </path>
      ))}
      {cameras.map((camera) => {
        const view = viewRing(camera.point, camera.azimuthDeg, camera.angleDeg ?? 360, camera.rangeM ?? 0);
        const [cx, cy] = project.point(camera.point[0], camera.point[1]);
        return (
          <g key={camera.id}>
            <title>{camera.name}</title>
            {view && (
              <path d={ring(view)} fill={palette.text} fillOpacity={0.14} stroke={palette.text} strokeDasharray="4 4" />
            )}
            <rect x={cx - 4} y={cy - 4} width={8} height={8} fill={palette.text} />
          </g>
        );
      })}
      {posts.map((post) => {
        const [px, py] = project.point(post.point[0], post.point[1]);
        if (px < 0 || py < 0 || px > WIDTH || py > project.height) return null;
        return (
          <g key={post.id}>
            <path d={`M${px} ${py - 7}L${px + 7} ${py + 6}L${px - 7} ${py + 6}Z`} fill={palette.text} />
            <text x={px + 10} y={py + 5} fill={palette.text} stroke={palette.halo}>
              {post.name}
            </text>
          </g>
        );
      })}
      {near.map(({ code, name, label }) => {
        const above = index.byCode.get(parentCode(code) ?? "")?.name ?? "";
        const short = above && name.startsWith(above) ? name.slice(above.length).trim() || name : name;
        const [lx, ly] = project.point(label[0], label[1]);
        return (
          lx > 0 &&
          ly > 0 &&
          lx < WIDTH &&
          ly < project.height && (
            <text key={code} x={lx} y={ly} textAnchor="middle" fill={palette.text} stroke={palette.halo}>
              {short}
            </text>
          )
        );
      })}
      <circle cx={x} cy={y} r={9} fill="none" stroke={palette.text} strokeWidth={3} />
      <circle cx={x} cy={y} r={3} fill={palette.text} />
    </svg>
  );
}
