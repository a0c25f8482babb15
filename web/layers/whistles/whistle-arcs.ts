import type { Bbox, LonLat } from "../../../data/model/geometry.ts";
import type { WhistleArcsQuery } from "../../gql/generated.ts";

/** How a department stands that was called. */
export type Arrival = "inTime" | "arrivedLate" | "coming" | "overdue";

/** From the community that blew to a department that it called. WGS 84 lon, lat in degrees. */
export interface WhistleArc {
  readonly id: string;
  readonly from: LonLat;
  readonly to: LonLat;
  readonly arrival: Arrival;
}

/** A department, once, however often it was called. */
export interface CalledDepartment {
  readonly name: string;
  readonly at: LonLat;
  /** False where nothing tells where it is: drawn round the middle of the county. */
  readonly placed: boolean;
  /** The worst of its calls. */
  readonly arrival: Arrival;
}

export interface WhistleArcs {
  readonly arcs: readonly WhistleArc[];
  readonly departments: readonly CalledDepartment[];
}

/** Worst first. */
export const ARRIVALS: readonly Arrival[] = ["overdue", "arrivedLate", "coming", "inTime"];

type Call = WhistleArcsQuery["whistles"][number]["calls"][number];

const arrivalOf = ({ arrivedAt, late }: Call): Arrival =>
  arrivedAt ? (late ? "arrivedLate" : "inTime") : late ? "overdue" : "coming";

const middle = (points: readonly LonLat[]): LonLat => [
  points.reduce((sum, [lon]) => sum + lon, 0) / points.length,
  points.reduce((sum, [, lat]) => sum + lat, 0) / points.length,
];

/** Departments without a place stand on a ring of this share of the county's height round its middle. */
const RING_SHARE = 0.07;

function ringPlace(index: number, count: number, [west, south, east, north]: Bbox): LonLat {
  const radius = (north - south) * RING_SHARE;
  const lat = (south + north) / 2;
  const angle = (2 * Math.PI * index) / Math.max(1, count);
  return [
    (west + east) / 2 + (radius * Math.sin(angle)) / Math.cos((lat * Math.PI) / 180),
    lat + radius * Math.cos(angle),
  ];
}

/**
 * Arcs of open whistles. The records hold no address of a department: it stands in the middle of the areas that it is
 * responsible for, and where it has none, on a ring round the middle of the county, in the order of its id. The legend says so.
 *
 * @param county box of the county, degrees
 */
export function whistleArcs(whistles: WhistleArcsQuery["whistles"], county: Bbox): WhistleArcs {
  const calls = whistles.flatMap(({ area, calls }) => calls.map((call) => ({ call, area })));
  const labels = new Map(
    calls.map(({ call: { organisation } }) => [
      organisation.id,
      (organisation.responsibleFor?.nodes ?? []).flatMap(({ label }): LonLat[] => {
        const [lon, lat] = label;
        return lon === undefined || lat === undefined ? [] : [[lon, lat]];
      }),
    ]),
  );
  const placeless = [...labels].filter(([, points]) => points.length === 0).map(([id]) => id);
  placeless.sort();
  const placeOf = (id: string): LonLat => {
    const points = labels.get(id) ?? [];
    return points.length ? middle(points) : ringPlace(placeless.indexOf(id), placeless.length, county);
  };
  const arcs: WhistleArc[] = [];
  const departments = new Map<string, CalledDepartment>();
  for (const { call, area } of calls) {
    const [lon, lat] = area.label;
    if (lon === undefined || lat === undefined) continue;
    const { id, name } = call.organisation;
    const arrival = arrivalOf(call);
    const to = placeOf(id);
    arcs.push({ id: call.id, from: [lon, lat], to, arrival });
    const known = departments.get(id);
    const worst = known && ARRIVALS.indexOf(known.arrival) < ARRIVALS.indexOf(arrival) ? known.arrival : arrival;
    departments.set(id, { name, at: to, placed: !placeless.includes(id), arrival: worst });
  }
  return { arcs, departments: [...departments.values()] };
}
