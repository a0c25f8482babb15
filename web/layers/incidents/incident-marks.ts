import type { Marks } from "../../../data/columns/marks.ts";
import { INCIDENT_STATUSES, type IncidentStatus } from "../../../data/columns/status.ts";
import { LATTICE_PER_DEGREE } from "../../../data/model/geometry.ts";
import { memoLast, type Scene } from "../../map/scene.ts";

/** One case. */
export interface IncidentPoint {
  /** Row in the columns that the sign was made from; later columns may have the case in another. */
  readonly row: number;
  readonly ref: number;
  readonly position: readonly [lon: number, lat: number];
  readonly status: IncidentStatus;
  /** Serious or critical, and not closed. */
  readonly severe: boolean;
}

/** Several cases drawn as one sign. */
export interface IncidentCluster {
  readonly position: readonly [lon: number, lat: number];
  readonly count: number;
  /** Shares of the count, 0 … 1: late, and everything still open (late included). */
  readonly lateShare: number;
  readonly openShare: number;
  readonly severe: boolean;
}

export interface IncidentMarks {
  readonly points: readonly IncidentPoint[];
  readonly clusters: readonly IncidentCluster[];
}

const NO_MARKS: IncidentMarks = { points: [], clusters: [] };

/** Signs as the layers draw them: as many as fit a screen, so objects do no harm. */
const drawnMarks = memoLast((marks: Marks | undefined): IncidentMarks => {
  if (!marks) return NO_MARKS;
  const { points, clusters } = marks;
  return {
    points: Array.from({ length: points.count }, (_, i) => ({
      row: points.row[i] as number,
      ref: points.ref[i] as number,
      position: [(points.lon[i] as number) / LATTICE_PER_DEGREE, (points.lat[i] as number) / LATTICE_PER_DEGREE],
      status: INCIDENT_STATUSES[points.status[i] as number] as IncidentStatus,
      severe: points.severe[i] === 1,
    })),
    clusters: Array.from({ length: clusters.count }, (_, i) => {
      const count = clusters.size[i] as number;
      return {
        position: [clusters.lon[i] as number, clusters.lat[i] as number],
        count,
        lateShare: (clusters.late[i] as number) / count,
        openShare: (clusters.open[i] as number) / count,
        severe: clusters.severe[i] === 1,
      };
    }),
  };
});

export const marksOf = ({ cases }: Scene): IncidentMarks => drawnMarks(cases.marks);

/** 999, 1.2k, 12k, or 1.2万 in Chinese: short enough for a disc. */
export function shortCount(count: number, chinese: boolean): string {
  const unit = chinese ? 10_000 : 1000;
  if (count < unit) return String(count);
  const value = count / unit;
  return `${value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value)}${chinese ? "万" : "k"}`;
}
