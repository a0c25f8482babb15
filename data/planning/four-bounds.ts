import { lengthM, metresPerDegree } from "../geo/measure.ts";
import type { LonLat, MultiPolygonRings, Ring } from "../model/geometry.ts";

/** Sides in the order in which the four bounds (四至) are told: 东 · 南 · 西 · 北. */
export const BOUND_SIDES = ["east", "south", "west", "north"] as const;
export type BoundSide = (typeof BOUND_SIDES)[number];

/** Something with a name that a side may run along: a road, a river, a railway (by its line), or a neighbouring area (by its ring). */
export interface NamedLine {
  readonly kind: "road" | "water" | "rail" | "area";
  readonly name: string;
  readonly lines: readonly (readonly LonLat[])[];
}

/** What a side runs along, in order: north to south on east and west, west to east on north and south. */
export interface Bound {
  readonly side: BoundSide;
  readonly touching: readonly Pick<NamedLine, "kind" | "name">[];
  /** The sentence: 东至建设路、沿河街; of neighbours where no named line touches: 东至第二网格. Empty where nothing touches. */
  readonly text: string;
}

/**
 * A side touches a line that it runs beside no farther than this, metres: borders are drawn along the middle of a road or along its
 * edge, and a broad street is 40 m from edge to edge.
 */
export const TOUCHING_M = 20;
/** Within this angle two lines run along each other: others cross. */
const ALONG_COS = Math.cos((35 * Math.PI) / 180);
/** A side runs along what it touches for this long, metres, or for a third of its length where that is shorter. */
const SHORTEST_M = 25;
const STEP_M = 5;

interface Sample {
  readonly x: number;
  readonly y: number;
  /** Direction of the border there, a unit vector. */
  readonly dx: number;
  readonly dy: number;
  /** Metres of border that it stands for. */
  readonly weight: number;
}

const WORDS: Readonly<Record<BoundSide, string>> = { east: "东至", south: "南至", west: "西至", north: "北至" };

/**
 * The four bounds of an area in words. Each part of its outer border faces the side that its outward normal points to; a side
 * is told by the named roads, waters and railways that it runs along, else by the neighbours that it shares a border with.
 *
 * @param lines whatever has a name around; other areas as kind `area`, never the area itself
 */
export function fourBounds(geometry: MultiPolygonRings, lines: readonly NamedLine[]): Bound[] {
  const origin = geometry[0]?.[0]?.[0];
  if (!origin) return [];
  const toMetres = planeAt(origin);
  const samples = samplesOf(geometry, toMetres);
  const placed = lines.map((line) => ({
    ...line,
    segments: line.lines.flatMap((one) => segmentsOf(one.map(toMetres))),
  }));
  return BOUND_SIDES.map((side): Bound => {
    const own = samples.get(side) ?? [];
    const whole = own.reduce((sum, { weight }) => sum + weight, 0);
    const along = new Map<string, { kind: NamedLine["kind"]; name: string; metres: number; place: number }>();
    for (const { kind, name, segments } of placed) {
      for (const sample of own) {
        if (!runsAlong(sample, segments, kind === "area" ? 1 : TOUCHING_M)) continue;
        const key = `${kind} ${name}`;
        const sum = along.get(key) ?? { kind, name, metres: 0, place: 0 };
        sum.metres += sample.weight;
        sum.place += sample.weight * (side === "east" || side === "west" ? -sample.y : sample.x);
        along.set(key, sum);
      }
    }
    const enough = [...along.values()].filter(({ metres }) => metres >= Math.min(SHORTEST_M, whole / 3));
    const drawn = enough.filter(({ kind }) => kind !== "area");
    const told = (drawn.length > 0 ? drawn : enough).sort((a, b) => a.place / a.metres - b.place / b.metres);
    const touching = told.map(({ kind, name }) => ({ kind, name }));
    const names = [...new Set(touching.map(({ name }) => name))];
    return { side, touching, text: names.length > 0 ? `${WORDS[side]}${names.join("、")}` : "" };
  });
}

/**
 * Names of known lines that a sentence about a side tells and that do not touch that side: it may not be printed so.
 * A name within a longer one that does touch (建设路 in 建设路二巷) is not one.
 *
 * @returns those names, in order of `lines`
 */
export function misnamed(
  text: string,
  side: BoundSide,
  geometry: MultiPolygonRings,
  lines: readonly NamedLine[],
): string[] {
  const named = lines.filter(({ name }) => text.includes(name));
  if (named.length === 0) return [];
  const samples = samplesOf(geometry, planeAt(geometry[0]?.[0]?.[0] ?? [0, 0])).get(side) ?? [];
  const toMetres = planeAt(geometry[0]?.[0]?.[0] ?? [0, 0]);
  const touching = new Set(
    named.flatMap(({ name, lines: parts }) => {
      const segments = parts.flatMap((one) => segmentsOf(one.map(toMetres)));
      return samples.some((sample) => nearest(sample, segments) <= TOUCHING_M) ? [name] : [];
    }),
  );
  let rest = text;
  for (const name of [...touching].sort((a, b) => b.length - a.length)) rest = rest.replaceAll(name, "");
  return [...new Set(named.map(({ name }) => name))].filter((name) => !touching.has(name) && rest.includes(name));
}

type Xy = readonly [x: number, y: number];

/** Metres east and north of a place: a plane is exact to millimetres over a grid. */
function planeAt([lon0, lat0]: LonLat): (at: LonLat) => Xy {
  const { lon, lat } = metresPerDegree(lat0);
  return ([x, y]) => [(x - lon0) * lon, (y - lat0) * lat];
}

interface Segment {
  readonly from: Xy;
  readonly to: Xy;
}

const segmentsOf = (line: readonly Xy[]): Segment[] =>
  line.slice(1).flatMap((to, n) => {
    const from = line[n] as Xy;
    return from[0] === to[0] && from[1] === to[1] ? [] : [{ from, to }];
  });

/** Points along the outer borders, by the side that they face. */
function samplesOf(geometry: MultiPolygonRings, toMetres: (at: LonLat) => Xy): Map<BoundSide, Sample[]> {
  const found = new Map<BoundSide, Sample[]>();
  for (const [outer] of geometry) {
    if (!outer || lengthM(outer) === 0) continue;
    const ring = outer.map(toMetres);
    const turn = Math.sign(twiceArea(ring));
    for (const { from, to } of segmentsOf(ring)) {
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
      // Counter-clockwise the outside is on the right.
      const side = sideOf(dy * turn, -dx * turn);
      const count = Math.ceil(length / STEP_M);
      const list = found.get(side) ?? [];
      found.set(side, list);
      for (let n = 0; n < count; n++) {
        const at = ((n + 0.5) / count) * length;
        list.push({ x: from[0] + dx * at, y: from[1] + dy * at, dx, dy, weight: length / count });
      }
    }
  }
  return found;
}

function twiceArea(ring: readonly Xy[]): number {
  return ring.slice(1).reduce((sum, [x, y], n) => sum + (ring[n] as Xy)[0] * y - x * (ring[n] as Xy)[1], 0);
}

const sideOf = (nx: number, ny: number): BoundSide =>
  Math.abs(nx) >= Math.abs(ny) ? (nx > 0 ? "east" : "west") : ny > 0 ? "north" : "south";

function distance({ x, y }: Sample, { from, to }: Segment): number {
  const [ux, uy] = [to[0] - from[0], to[1] - from[1]];
  const t = Math.max(0, Math.min(1, ((x - from[0]) * ux + (y - from[1]) * uy) / (ux * ux + uy * uy)));
  return Math.hypot(x - from[0] - t * ux, y - from[1] - t * uy);
}

const nearest = (sample: Sample, segments: readonly Segment[]): number =>
  segments.reduce((least, segment) => Math.min(least, distance(sample, segment)), Number.POSITIVE_INFINITY);

const runsAlong = (sample: Sample, segments: readonly Segment[], within: number): boolean =>
  segments.some((segment) => {
    const [ux, uy] = [segment.to[0] - segment.from[0], segment.to[1] - segment.from[1]];
    const cos = Math.abs(ux * sample.dx + uy * sample.dy) / Math.hypot(ux, uy);
    return cos >= ALONG_COS && distance(sample, segment) <= within;
  });

/** Outer rings of areas as lines with their names. */
export const areaLines = (
  areas: readonly { readonly name: string; readonly geometry: MultiPolygonRings }[],
): NamedLine[] =>
  areas.map(({ name, geometry }) => ({
    kind: "area",
    name,
    lines: geometry.flatMap((rings): Ring[] => (rings[0] ? [rings[0]] : [])),
  }));
