import { fromPlane, localPlane } from "../../../data/columns/local-plane.ts";
import { CAMERA_NETWORKS, CAMERA_STATUSES, type CameraNetwork, type CameraStatus } from "../../../data/model/camera.ts";
import type { LonLat, Ring } from "../../../data/model/geometry.ts";
import { LATTICE_PER_DEGREE } from "../../../data/model/geometry.ts";
import type { CameraColumns } from "../../data/county-data.ts";
import { memoLast } from "../../map/scene.ts";

/** Azimuth of a camera that sees all round. */
export const ALL_ROUND = 65_535;
/** Degrees between corners of a drawn arc: a 60 m range bends by less than a pixel at any zoom in use. */
const STEP_DEG = 6;

export interface CameraMark {
  readonly row: number;
  readonly id: string;
  readonly name: string;
  readonly position: LonLat;
  readonly network: CameraNetwork;
  readonly status: CameraStatus;
  readonly online: boolean;
  /** Code of the deepest area; "" outside every area. */
  readonly scope: string;
}

/** Columns as marks, in their order. */
export const cameraMarks = memoLast((columns: CameraColumns): readonly CameraMark[] =>
  Array.from({ length: columns.rows }, (_, row) => {
    const status = CAMERA_STATUSES[columns.status[row] as number] ?? "unknown";
    return {
      row,
      id: columns.ids[row] ?? String(row),
      name: columns.names[row] ?? "",
      position: [(columns.lon[row] as number) / LATTICE_PER_DEGREE, (columns.lat[row] as number) / LATTICE_PER_DEGREE],
      network: CAMERA_NETWORKS[columns.network[row] as number] ?? "unit",
      status,
      online: status === "online",
      scope: columns.grids[columns.grid[row] as number] ?? "",
    };
  }),
);

/**
 * Outline of a camera's nominal view: a closed ring, a wedge or a full circle; undefined without a range.
 *
 * @param azimuthDeg centre of the view, degrees clockwise from north; undefined = all round
 */
export function viewRing(
  position: LonLat,
  azimuthDeg: number | undefined,
  angleDeg: number,
  rangeM: number,
): Ring | undefined {
  if (!(rangeM > 0)) return undefined;
  const plane = localPlane(position);
  const around = azimuthDeg === undefined || angleDeg >= 360;
  if (!around && !(angleDeg > 0)) return undefined;
  const from = around ? 0 : azimuthDeg - angleDeg / 2;
  const sweep = around ? 360 : angleDeg;
  const steps = Math.max(2, Math.ceil(sweep / STEP_DEG));
  const arc = Array.from({ length: steps + 1 }, (_, i): LonLat => {
    const bearing = ((from + (sweep * i) / steps) * Math.PI) / 180;
    return fromPlane(plane, Math.sin(bearing) * rangeM, Math.cos(bearing) * rangeM);
  });
  return around ? arc : [position, ...arc, position];
}

/** The nominal view of a row of columns. */
export function viewOfRow(columns: CameraColumns, mark: CameraMark): Ring | undefined {
  const azimuth = columns.azimuth[mark.row] as number;
  return viewRing(
    mark.position,
    azimuth === ALL_ROUND ? undefined : azimuth / 10,
    columns.angle[mark.row] as number,
    columns.range[mark.row] as number,
  );
}

/** Every other step of a ring as short lines: the sign of a view that nobody sees now. */
export function dashes(ring: Ring): LonLat[][] {
  const lines: LonLat[][] = [];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [a, b] = [ring[i] as LonLat, ring[i + 1] as LonLat];
    // Long straight sides of a wedge are cut into as many dashes as an arc's step is long.
    const parts = i === 0 || i === ring.length - 2 ? 7 : 1;
    for (let k = 0; k < parts; k++) {
      if ((parts === 1 ? i : k) % 2 === 1) continue;
      const at = (t: number): LonLat => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
      lines.push([at(k / parts), at((k + 1) / parts)]);
    }
  }
  return lines;
}
