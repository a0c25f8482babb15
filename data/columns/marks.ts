import { type Bbox, LATTICE_PER_DEGREE } from "../model/geometry.ts";
import { INCIDENT_SEVERITIES } from "../model/incident.ts";
import { clusterPoints } from "./cluster.ts";
import { FLAG, type IncidentColumns, STATE_ENDED } from "./incident-columns.ts";
import { INCIDENT_STATUSES, type IncidentStatus, statusOfRow } from "./status.ts";

/** Points nearer than this (pixels at scale 1) become one sign. */
export const CLUSTER_RADIUS_PX = 58;
/** From this zoom on (at scale 1) every case stands alone, save those on the very same spot. */
export const SINGLES_FROM_ZOOM = 15.5;
/** From this zoom on (at scale 1) only what is near the screen is marked; below, a group must not depend on the window. */
export const CUT_FROM_ZOOM = 13;
/** Closed cases stay on the map this long after they were opened: one long weekend, so that Monday still sees it. */
export const CLOSED_SHOWN_HOURS = 72;
const SAME_SPOT_PX = 6;
const SERIOUS = INCIDENT_SEVERITIES.indexOf("serious");

/** Cases of which each stands alone, as columns of `count` values, least urgent first: what is drawn last lies on top. */
export interface MarkPoints {
  readonly count: number;
  /** Row in the columns that were asked, and the case's number. */
  readonly row: Uint32Array;
  readonly ref: Uint32Array;
  /** WGS 84 in 1e-7 degree. */
  readonly lon: Int32Array;
  readonly lat: Int32Array;
  /** Index in `INCIDENT_STATUSES`. */
  readonly status: Uint8Array;
  /** 1 = serious or critical, and not closed. */
  readonly severe: Uint8Array;
}

/** Several cases drawn as one sign, as columns of `count` values, smallest first. */
export interface MarkClusters {
  readonly count: number;
  /** Mean position, WGS 84 degrees. */
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly size: Uint32Array;
  /** Cases of the group that are late, and that are still open (late included). */
  readonly late: Uint32Array;
  readonly open: Uint32Array;
  readonly severe: Uint8Array;
}

/** Signs of the map; every array has a buffer of its own, so that all can be transferred between threads. */
export interface Marks {
  readonly points: MarkPoints;
  readonly clusters: MarkClusters;
}

export interface MarksRequest {
  /** Instant that lateness is judged at, epoch seconds. */
  readonly asOf: number;
  /** Web Mercator zoom at 512-pixel tiles and scale 1. */
  readonly zoom: number;
  /** Box around the screen, WGS 84 degrees; looked at from `CUT_FROM_ZOOM` on. */
  readonly bounds: Bbox;
  /** Ended cases of doubtful position have a sign however old; otherwise those of the last `CLOSED_SHOWN_HOURS` only. */
  readonly allEnded?: boolean;
  /** Number of the chosen case: marked also when it is closed. */
  readonly chosen: number | undefined;
}

const LATE = INCIDENT_STATUSES.indexOf("late");
const STATUS_INDEX = Object.fromEntries(INCIDENT_STATUSES.map((status, i) => [status, i])) as Record<
  IncidentStatus,
  number
>;
/** 1 where a status (by index) still asks for something. */
const ASKS = Uint8Array.from(INCIDENT_STATUSES, (status) => (status === "closed" || status === "suspicious" ? 0 : 1));

/**
 * Signs for selected rows: groups from afar, single cases near. Closed cases have none (they are dots of the GPU, see
 * `web/layers/incidents`), save the chosen one; neither have cells, which are no points. Equal rows give equal signs.
 *
 * @param rows rows of the selection, in order of `opened`
 */
export function computeMarks(columns: IncidentColumns, rows: Uint32Array, request: MarksRequest): Marks {
  const { asOf, zoom, chosen } = request;
  const endedFrom = request.allEnded ? Number.NEGATIVE_INFINITY : asOf - CLOSED_SHOWN_HOURS * 3600;
  const [west, south, east, north] =
    zoom >= CUT_FROM_ZOOM ? request.bounds.map((degrees) => degrees * LATTICE_PER_DEGREE) : EVERYWHERE;
  const marked = new Uint32Array(rows.length);
  const status = new Map<number, number>();
  let count = 0;
  for (const row of rows) {
    const flags = columns.flags[row] as number;
    if (flags & FLAG.cell) continue;
    // Most rows are closed: told before anything else is looked at.
    if (
      STATE_ENDED[columns.state[row] as number] &&
      (!(flags & FLAG.suspicious) || (columns.opened[row] as number) < endedFrom) &&
      columns.ref[row] !== chosen
    )
      continue;
    const lon = columns.lon[row] as number;
    const lat = columns.lat[row] as number;
    if (lon < (west as number) || lon > (east as number) || lat < (south as number) || lat > (north as number))
      continue;
    status.set(row, STATUS_INDEX[statusOfRow(columns, row, asOf)]);
    marked[count++] = row;
  }
  const radius = zoom >= SINGLES_FROM_ZOOM ? SAME_SPOT_PX : CLUSTER_RADIUS_PX;
  const groups = clusterPoints(columns.lon, columns.lat, marked.subarray(0, count), zoom, radius);
  const statusOf = (row: number): number => status.get(row) as number;
  const severeRow = (row: number): boolean => (columns.severity[row] as number) >= SERIOUS && ASKS[statusOf(row)] === 1;
  const singles = groups.filter(({ rows: members }) => members.length === 1).map(({ rows: [row] }) => row as number);
  singles.sort((a, b) => statusOf(a) - statusOf(b) || a - b);
  const several = groups.filter(({ rows: members }) => members.length > 1);
  several.sort((a, b) => a.rows.length - b.rows.length);
  const among = (members: readonly number[], test: (row: number) => boolean): number => members.filter(test).length;
  return {
    points: {
      count: singles.length,
      row: Uint32Array.from(singles),
      ref: Uint32Array.from(singles, (row) => columns.ref[row] as number),
      lon: Int32Array.from(singles, (row) => columns.lon[row] as number),
      lat: Int32Array.from(singles, (row) => columns.lat[row] as number),
      status: Uint8Array.from(singles, statusOf),
      severe: Uint8Array.from(singles, (row) => (severeRow(row) ? 1 : 0)),
    },
    clusters: {
      count: several.length,
      lon: Float64Array.from(several, (group) => group.lon),
      lat: Float64Array.from(several, (group) => group.lat),
      size: Uint32Array.from(several, (group) => group.rows.length),
      late: Uint32Array.from(several, (group) => among(group.rows, (row) => statusOf(row) === LATE)),
      open: Uint32Array.from(several, (group) => among(group.rows, (row) => ASKS[statusOf(row)] === 1)),
      severe: Uint8Array.from(several, (group) => (group.rows.some(severeRow) ? 1 : 0)),
    },
  };
}

const EVERYWHERE = [
  Number.NEGATIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.POSITIVE_INFINITY,
  Number.POSITIVE_INFINITY,
];

/** Buffers of signs, to be handed to another thread instead of copied. */
export const marksBuffers = ({ points, clusters }: Marks): ArrayBuffer[] =>
  [...Object.values(points), ...Object.values(clusters)].flatMap((column) =>
    ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [],
  );
