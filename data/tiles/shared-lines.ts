import { type LonLat, type MultiPolygonRings, type Ring, toLattice } from "../model/geometry.ts";
import { worldX, worldY } from "./tile-math.ts";

/** A line made ready for every zoom. */
export interface WeighedLine {
  /** Web Mercator positions 0 … 1, x and y alternate. */
  readonly world: Float64Array;
  /**
   * Weight of each vertex: how far the line would move without it, in units of `world`; infinite where borders meet. A
   * zoom keeps the vertices that weigh at least its tolerance.
   */
  readonly weight: Float64Array;
}

/** A ring made ready for every zoom; open: its first position is not repeated. */
export type WeighedRing = WeighedLine;

/** Polygons of an area: exterior ring first, then holes. */
export type WeighedPolygons = readonly (readonly WeighedRing[])[];

/** Vertices of a coverage by number, with how many different vertices each is joined to. */
class Vertices {
  readonly #numbers = new Map<string, number>();
  readonly #neighbours: number[][] = [];

  numberOf(lon: number, lat: number): number {
    const key = `${lon},${lat}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#neighbours.length);
    return this.#neighbours.push([]) - 1;
  }

  join(a: number, b: number): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const neighbours = this.#neighbours[from] ?? [];
      if (!neighbours.includes(to)) neighbours.push(to);
    }
  }

  /** Do borders meet or end here? Between two such vertices a border is one line. */
  isJunction(vertex: number): boolean {
    return this.#neighbours[vertex]?.length !== 2;
  }
}

interface OpenRing {
  readonly vertices: readonly number[];
  readonly world: Float64Array;
  readonly weight: Float64Array;
}

function openRing(ring: Ring, vertices: Vertices): OpenRing {
  const numbers: number[] = [];
  const world: number[] = [];
  for (const [lon, lat] of ring.slice(0, -1)) {
    const [x, y] = [toLattice(lon), toLattice(lat)];
    const number = vertices.numberOf(x, y);
    if (number === numbers.at(-1)) continue;
    numbers.push(number);
    world.push(worldX(x), worldY(y));
  }
  numbers.forEach((number, i) => {
    vertices.join(number, numbers[(i + 1) % numbers.length] as number);
  });
  return { vertices: numbers, world: Float64Array.from(world), weight: new Float64Array(numbers.length) };
}

/** Square of the distance of a point from a piece of a line. */
function squareDistance(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
  return (px - ax - share * dx) ** 2 + (py - ay - share * dy) ** 2;
}

/**
 * Weighs the vertices between two of a ring by the rule of Douglas and Peucker: a vertex weighs the distance at which it
 * is taken, never more than the one by which its piece came about.
 *
 * @param order places in the ring, in the direction that both areas of a border agree on
 */
function weighPiece({ world, weight }: WeighedLine, order: readonly number[]): void {
  const stack: [number, number, number][] = [[0, order.length - 1, Number.POSITIVE_INFINITY]];
  for (let piece = stack.pop(); piece; piece = stack.pop()) {
    const [first, last, limit] = piece;
    const [a, b] = [order[first] as number, order[last] as number];
    let farthest = -1;
    let most = -1;
    for (let i = first + 1; i < last; i++) {
      const at = order[i] as number;
      const distance = squareDistance(
        world[at * 2] as number,
        world[at * 2 + 1] as number,
        world[a * 2] as number,
        world[a * 2 + 1] as number,
        world[b * 2] as number,
        world[b * 2 + 1] as number,
      );
      if (distance > most) [farthest, most] = [i, distance];
    }
    if (farthest < 0) continue;
    const taken = Math.min(limit, Math.sqrt(most));
    weight[order[farthest] as number] = taken;
    stack.push([first, farthest, taken], [farthest, last, taken]);
  }
}

/** Weighs a ring piece by piece between the vertices where borders meet. */
function weigh(ring: OpenRing, vertices: Vertices): WeighedRing {
  const { vertices: numbers, weight } = ring;
  const size = numbers.length;
  const fixed = numbers.flatMap((number, i) => (vertices.isJunction(number) ? [i] : []));
  // A ring that meets nothing is cut at its first vertex and at the one farthest from it: the same for a hole and the
  // island in it.
  if (fixed.length === 0) fixed.push(first(ring));
  if (fixed.length === 1) fixed.push(opposite(ring, fixed[0] as number));
  fixed.sort((a, b) => a - b);
  fixed.forEach((from, n) => {
    weight[from] = Number.POSITIVE_INFINITY;
    const to = fixed[(n + 1) % fixed.length] as number;
    const steps = (to - from + size) % size || size;
    const order = Array.from({ length: steps + 1 }, (_, i) => (from + i) % size);
    // Both areas of a border walk along it in opposite directions: the first end goes first, and the first of the next
    // vertices where a line ends where it began.
    const backwards =
      numbers[from] === numbers[to] ? isBefore(ring, order.at(-2) ?? 0, order[1] ?? 0) : isBefore(ring, to, from);
    weighPiece(ring, backwards ? order.reverse() : order);
  });
  return ring;
}

/** An order of positions that does not depend on which areas there are: west to east, then north to south. */
function isBefore({ world }: OpenRing, a: number, b: number): boolean {
  const [ax, bx] = [world[a * 2] as number, world[b * 2] as number];
  return ax === bx ? (world[a * 2 + 1] as number) < (world[b * 2 + 1] as number) : ax < bx;
}

function first(ring: OpenRing): number {
  let best = 0;
  for (let i = 1; i < ring.vertices.length; i++) if (isBefore(ring, i, best)) best = i;
  return best;
}

function opposite(ring: OpenRing, from: number): number {
  const { world, vertices } = ring;
  let best = from;
  let most = -1;
  for (let i = 0; i < vertices.length; i++) {
    const distance =
      ((world[i * 2] as number) - (world[from * 2] as number)) ** 2 +
      ((world[i * 2 + 1] as number) - (world[from * 2 + 1] as number)) ** 2;
    if (distance > most || (distance === most && isBefore(ring, i, best))) [best, most] = [i, distance];
  }
  return best;
}

/**
 * Makes polygons ready for tiles. Those given together are one coverage: what they share of their borders weighs the
 * same in each, so that no zoom opens a gap between neighbours.
 *
 * @param areas WGS 84, longitude first; borders that are shared have the same vertices in both
 */
export function weighCoverage(areas: readonly MultiPolygonRings[]): WeighedPolygons[] {
  const vertices = new Vertices();
  const opened = areas.map((polygons) => polygons.map((rings) => rings.map((ring) => openRing(ring, vertices))));
  return opened.map((polygons) => polygons.map((rings) => rings.map((ring) => weigh(ring, vertices))));
}

/** Makes a line ready for tiles; its ends stay at every zoom. @param line WGS 84, longitude first */
export function weighLine(line: readonly LonLat[]): WeighedLine {
  const world = Float64Array.from(line.flatMap(([lon, lat]) => [worldX(toLattice(lon)), worldY(toLattice(lat))]));
  const weight = new Float64Array(line.length);
  if (line.length > 0) weight[0] = weight[line.length - 1] = Number.POSITIVE_INFINITY;
  const weighed = { world, weight };
  weighPiece(
    weighed,
    line.map((_, i) => i),
  );
  return weighed;
}
