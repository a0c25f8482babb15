import { groundOf } from "../coverage/layer-faults.ts";
import { type Arrangement, OUTSIDE, traceFaces } from "../coverage/noding/arrangement.ts";
import { dissolve, NOBODY } from "../coverage/noding/dissolve.ts";
import { LatticeGrid } from "../coverage/noding/lattice-grid.ts";
import { nodeSegments } from "../coverage/noding/node-segments.ts";
import { PointTable } from "../coverage/noding/point-table.ts";
import { type LonLat, type MultiPolygonRings, toLattice } from "../model/geometry.ts";
import { edgeLengths, scales } from "./edge-lengths.ts";

export interface StreetBlockOptions {
  /** What blocks lie in; where absent, the outermost streets are the outline. */
  readonly outline?: MultiPolygonRings | undefined;
  /** Area that a place lies in, where blocks do not reach from one into another; undefined where no block is to be. */
  readonly areaAt?: (at: LonLat) => string | undefined;
  /** Blocks smaller than this (m²) or narrower than `sliverM` go to the neighbour with the longest common border. */
  readonly smallestM2?: number;
  readonly sliverM?: number;
  /** Street ends that stop this near to another street (metres) are taken as meeting it. */
  readonly reachM?: number;
}

/** Islands in junctions, strips between two lanes: a courtyard of a few houses is larger (judgement, not a standard). */
const SMALLEST_M2 = 400;
/** Twice the area over the outline: the strip between two lanes of an avenue is narrower. */
const SLIVER_M = 12;
const REACH_M = 15;

/**
 * Blocks between streets, rivers and railways: lines and the outline are noded exactly, ends that stop short of the next
 * street reach it, dead ends bound nothing, and slivers (islands in junctions, strips between lanes) join a neighbour.
 *
 * @param lines WGS 84 lon/lat
 * @returns polygons, one block each, that fit exactly; from west to east by their first corner
 */
export function streetBlocks(
  lines: readonly (readonly LonLat[])[],
  { outline, areaAt, smallestM2 = SMALLEST_M2, sliverM = SLIVER_M, reachM = REACH_M }: StreetBlockOptions = {},
): MultiPolygonRings[] {
  const points = new PointTable();
  const [starts, ends]: [number[], number[]] = [[], []];
  const known = new Set<number>();
  const add = (a: number, b: number): void => {
    const [low, high] = a < b ? [a, b] : [b, a];
    if (a === b || known.has(low * 2 ** 26 + high)) return;
    known.add(low * 2 ** 26 + high);
    starts.push(low);
    ends.push(high);
  };
  const addLine = (line: readonly LonLat[]): void => {
    const at = line.map(([lon, lat]) => points.add(toLattice(lon), toLattice(lat)));
    for (let i = 1; i < at.length; i++) add(at[i - 1] as number, at[i] as number);
  };
  for (const line of lines) addLine(line);
  for (const ring of outline?.flat() ?? []) addLine(ring);
  for (const [a, b] of reachOut(points, starts, ends, reachM)) add(a, b);
  const edges = withoutDeadEnds(points, nodedEdges(points, starts, ends));
  const traced = traceFaces({ points, ...edges });
  const none = new Int32Array(0);
  const arrangement: Arrangement = {
    points,
    corners: points.count,
    ...edges,
    ...traced,
    // Lines bound ground on both sides and own none.
    starts: none,
    owner: none,
    change: none,
    owners: traced.borders.map(() => []),
  };
  const inside = outline && insideOf(outline);
  const area = areaAt ?? ((at: LonLat) => ((inside?.(at) ?? true) ? "" : undefined));
  return joined(arrangement, area, smallestM2, sliverM);
}

/** Dead ends and what lies within reach of them, as pairs of points to join. */
function reachOut(
  points: PointTable,
  starts: readonly number[],
  ends: readonly number[],
  reachM: number,
): (readonly [number, number])[] {
  const degree = new Int32Array(points.count);
  for (const list of [starts, ends]) for (const p of list) degree[p] = (degree[p] as number) + 1;
  const scaleAt = scales();
  const grid = new LatticeGrid(starts.length, (segment, box) => {
    const [a, b] = [starts[segment] as number, ends[segment] as number];
    const scale = scaleAt(points.y(a));
    box[0] = Math.min(points.x(a), points.x(b)) - reachM / scale.lon;
    box[1] = Math.min(points.y(a), points.y(b)) - reachM / scale.lat;
    box[2] = Math.max(points.x(a), points.x(b)) + reachM / scale.lon;
    box[3] = Math.max(points.y(a), points.y(b)) + reachM / scale.lat;
  });
  const found: { readonly end: number; readonly x: number; readonly y: number }[] = [];
  for (const [end, uses] of degree.entries()) {
    if (uses !== 1) continue;
    const [x, y] = [points.x(end), points.y(end)];
    const scale = scaleAt(y);
    let best: { readonly end: number; readonly x: number; readonly y: number } | undefined;
    let least = reachM * reachM;
    for (const segment of grid.cell(grid.column(x), grid.row(y))) {
      const [a, b] = [starts[segment] as number, ends[segment] as number];
      if (a === end || b === end) continue;
      const [ax, ay] = [(points.x(a) - x) * scale.lon, (points.y(a) - y) * scale.lat];
      const [ux, uy] = [(points.x(b) - points.x(a)) * scale.lon, (points.y(b) - points.y(a)) * scale.lat];
      const share = Math.min(1, Math.max(0, -(ax * ux + ay * uy) / (ux * ux + uy * uy)));
      const [nx, ny] = [ax + share * ux, ay + share * uy];
      const square = nx * nx + ny * ny;
      if (square > least) continue;
      least = square;
      best = { end, x: Math.round(x + nx / scale.lon), y: Math.round(y + ny / scale.lat) };
    }
    if (best) found.push(best);
  }
  return found.map(({ end, x, y }) => [end, points.add(x, y)] as const);
}

interface Ends {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

function nodedEdges(points: PointTable, starts: readonly number[], ends: readonly number[]): Ends {
  const segments = { from: Int32Array.from(starts), to: Int32Array.from(ends) };
  const chains = nodeSegments(points, segments);
  const known = new Set<number>();
  const [from, to]: [number[], number[]] = [[], []];
  segments.from.forEach((start, n) => {
    const chain = chains[n] ?? [start, segments.to[n] as number];
    for (let i = 1; i < chain.length; i++) {
      const [a, b] = [chain[i - 1] as number, chain[i] as number];
      const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
      if (a === b || known.has(key)) continue;
      known.add(key);
      from.push(a);
      to.push(b);
    }
  });
  return { from: Int32Array.from(from), to: Int32Array.from(to) };
}

/** Takes off edges that end nowhere, until none does. */
function withoutDeadEnds(points: PointTable, { from, to }: Ends): Ends {
  const at: number[][] = Array.from({ length: points.count }, () => []);
  from.forEach((a, edge) => {
    (at[a] as number[]).push(edge);
    (at[to[edge] as number] as number[]).push(edge);
  });
  const gone = new Uint8Array(from.length);
  const degree = Int32Array.from(at, (edges) => edges.length);
  const waiting = [...degree.keys()].filter((point) => degree[point] === 1);
  for (let point = waiting.pop(); point !== undefined; point = waiting.pop()) {
    const edge = (at[point] as number[]).find((one) => !gone[one]);
    if (edge === undefined || degree[point] !== 1) continue;
    gone[edge] = 1;
    for (const end of [from[edge] as number, to[edge] as number]) {
      degree[end] = (degree[end] as number) - 1;
      if (degree[end] === 1) waiting.push(end);
    }
  }
  return { from: from.filter((_, edge) => !gone[edge]), to: to.filter((_, edge) => !gone[edge]) };
}

/** Whether a place lies in polygons, even-odd over all rings. */
function insideOf(polygons: MultiPolygonRings): (at: LonLat) => boolean {
  const rings = polygons.flat();
  return ([x, y]) => {
    let odd = false;
    for (const ring of rings)
      for (let i = 1; i < ring.length; i++) {
        const [[ax, ay], [bx, by]] = [ring[i - 1] as LonLat, ring[i] as LonLat];
        if (ay > y !== by > y && ax + ((y - ay) / (by - ay)) * (bx - ax) > x) odd = !odd;
      }
    return odd;
  };
}

/** Faces as polygons, small and thin ones with the neighbour that they share most border with. */
function joined(
  arrangement: Arrangement,
  areaAt: (at: LonLat) => string | undefined,
  smallestM2: number,
  sliverM: number,
): MultiPolygonRings[] {
  const { faceOf, borders, from } = arrangement;
  const lengths = edgeLengths({ ...arrangement, xs: arrangement.points.xs, ys: arrangement.points.ys });
  const grounds = borders.map((_, face) => (face === OUTSIDE ? undefined : groundOf(arrangement, face)));
  const areas = grounds.map((ground) => ground && areaAt(ground.where));
  const halves: number[][] = borders.map(() => []);
  faceOf.forEach((face, half) => {
    (halves[face] as number[]).push(half);
  });
  const up = Int32Array.from(borders, (_, face) => face);
  const root = (face: number): number => {
    let at = face;
    while (up[at] !== at) at = up[at] as number;
    return at;
  };
  const isSmall = (face: number): boolean => {
    const ground = grounds[face];
    return ground !== undefined && (ground.areaM2 < smallestM2 || ground.widthM < sliverM);
  };
  const small = [...borders.keys()].filter((face) => areas[face] !== undefined && isSmall(face));
  small.sort((a, b) => (grounds[a]?.areaM2 ?? 0) - (grounds[b]?.areaM2 ?? 0) || a - b);
  for (const face of small) {
    const own = root(face);
    const shared = new Map<number, number>();
    for (const half of halves[face] as number[]) {
      const beyond = faceOf[half ^ 1] as number;
      if (areas[beyond] !== areas[face] || root(beyond) === own) continue;
      shared.set(root(beyond), (shared.get(root(beyond)) ?? 0) + (lengths[half >> 1] as number));
    }
    let best: number | undefined;
    for (const [other, length] of shared) if (best === undefined || length > (shared.get(best) as number)) best = other;
    if (best !== undefined) up[own] = best;
  }
  const numbers = new Map<number, number>();
  const ownerOf = Int32Array.from(borders, (_, face) => {
    if (areas[face] === undefined) return NOBODY;
    const at = root(face);
    const number = numbers.get(at) ?? numbers.size;
    numbers.set(at, number);
    return number;
  });
  if (from.length === 0) return [];
  return dissolve(arrangement, ownerOf, numbers.size).filter((block) => block.length > 0);
}
