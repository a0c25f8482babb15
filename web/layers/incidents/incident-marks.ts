import { clusterPoints } from "../../../data/columns/cluster.ts";
import { FLAG, type IncidentColumns, STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import { INCIDENT_STATUSES, type IncidentStatus, statusOfRow } from "../../../data/columns/status.ts";
import { type Bbox, LATTICE_PER_DEGREE } from "../../../data/model/geometry.ts";
import { INCIDENT_SEVERITIES } from "../../../data/model/incident.ts";
import type { Filters } from "../../app/view-state.ts";
import type { Selection } from "../../data/selection.ts";
import { memoLast, type Scene } from "../../map/scene.ts";

/** Points nearer than this (pixels at scale 1) become one sign. */
export const CLUSTER_RADIUS_PX = 58;
/** From this zoom on (at scale 1) every case stands alone, save those on the very same spot. */
export const SINGLES_FROM_ZOOM = 15.5;
const SAME_SPOT_PX = 6;
const SERIOUS = INCIDENT_SEVERITIES.indexOf("serious");

/** Closed cases stay on the map this long after they were opened: one long weekend, so that Monday still sees it. */
export const CLOSED_SHOWN_HOURS = 72;

/** One case. */
export interface IncidentPoint {
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

const OPEN: ReadonlySet<IncidentStatus> = new Set(["open", "due_soon", "late", "on_hold"]);

/** Draws what asks for action last, on top. */
const byUrgency = (a: IncidentPoint, b: IncidentPoint): number =>
  INCIDENT_STATUSES.indexOf(a.status) - INCIDENT_STATUSES.indexOf(b.status) || a.row - b.row;

/**
 * Whether marks show the whole selection: when the viewer asked for a time window, for states or for all closed cases.
 * Otherwise a year of closed cases would bury the few that still ask for something.
 */
export const showsAllClosed = ({ from, to, states, withClosed }: Filters): boolean =>
  withClosed === true || from !== undefined || to !== undefined || states !== undefined;

/** Rows without those that a kiosk gets as cells: they are no points. Oldest first, so the first row tells. */
const pointsOf = ({ flags }: IncidentColumns, rows: Uint32Array): Uint32Array =>
  (flags[rows[0] ?? 0] ?? 0) & FLAG.cell ? rows.filter((row) => !((flags[row] as number) & FLAG.cell)) : rows;

/** Rows that are marked: open ones, those opened within 72 h before `asOf`, and the chosen one. */
export const markedRows = memoLast(
  (columns: IncidentColumns, { rows, asOf }: Selection, all: boolean, chosen: number | undefined): Uint32Array => {
    const points = pointsOf(columns, rows);
    if (all) return points;
    const since = asOf - CLOSED_SHOWN_HOURS * 3600;
    return points.filter(
      (row) =>
        !STATE_ENDED[columns.state[row] as number] ||
        (columns.opened[row] as number) >= since ||
        columns.ref[row] === chosen,
    );
  },
);

/** Signs for a selection: clusters from afar, single cases near; the box cuts what is far outside the screen. */
export const incidentMarks = memoLast(
  (
    columns: IncidentColumns,
    rows: Uint32Array,
    asOf: number,
    zoom: number,
    bounds: Bbox | undefined,
  ): IncidentMarks => {
    const inBox = bounds ? cut(columns, rows, bounds) : rows;
    const point = (row: number): IncidentPoint => {
      const status = statusOfRow(columns, row, asOf);
      return {
        row,
        ref: columns.ref[row] as number,
        position: [
          (columns.lon[row] as number) / LATTICE_PER_DEGREE,
          (columns.lat[row] as number) / LATTICE_PER_DEGREE,
        ],
        status,
        severe: (columns.severity[row] as number) >= SERIOUS && OPEN.has(status),
      };
    };
    const points: IncidentPoint[] = [];
    const clusters: IncidentCluster[] = [];
    const radius = zoom >= SINGLES_FROM_ZOOM ? SAME_SPOT_PX : CLUSTER_RADIUS_PX;
    for (const { lon, lat, rows: members } of clusterPoints(columns.lon, columns.lat, inBox, zoom, radius)) {
      if (members.length === 1) {
        points.push(point(members[0] as number));
        continue;
      }
      const states = members.map(point);
      const count = states.length;
      const share = (test: (one: IncidentPoint) => boolean): number => states.filter(test).length / count;
      clusters.push({
        position: [lon, lat],
        count,
        lateShare: share(({ status }) => status === "late"),
        openShare: share(({ status }) => OPEN.has(status)),
        severe: states.some(({ severe }) => severe),
      });
    }
    points.sort(byUrgency);
    clusters.sort((a, b) => a.count - b.count);
    return { points, clusters };
  },
);

function cut(columns: IncidentColumns, rows: Uint32Array, [west, south, east, north]: Bbox): Uint32Array {
  const [w, s, e, n] = [west, south, east, north].map((degrees) => degrees * LATTICE_PER_DEGREE) as [
    number,
    number,
    number,
    number,
  ];
  return rows.filter((row) => {
    const lon = columns.lon[row] as number;
    const lat = columns.lat[row] as number;
    return lon >= w && lon <= e && lat >= s && lat <= n;
  });
}

const NO_MARKS: IncidentMarks = { points: [], clusters: [] };

/** Below this zoom everything fits the screen anyway, and a cluster must not depend on the window. */
const CUT_FROM_ZOOM = 13;

export function marksOf({ data, selection, view, zoom, bounds }: Scene): IncidentMarks {
  if (!data.incidents) return NO_MARKS;
  const rows = markedRows(data.incidents, selection, showsAllClosed(view.filters), view.incidentRef);
  return incidentMarks(data.incidents, rows, selection.asOf, zoom, zoom >= CUT_FROM_ZOOM ? bounds : undefined);
}

/** 999, 1.2k, 12k, or 1.2万 in Chinese: short enough for a disc. */
export function shortCount(count: number, chinese: boolean): string {
  const unit = chinese ? 10_000 : 1000;
  if (count < unit) return String(count);
  const value = count / unit;
  return `${value < 10 ? Math.floor(value * 10) / 10 : Math.floor(value)}${chinese ? "万" : "k"}`;
}
