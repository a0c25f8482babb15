import type { LatticePoint } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { nearestBorder, nearestVertex } from "../../../../data/coverage/plan-graph/vertices.ts";
import { LATTICE_PER_DEGREE } from "../../../../data/model/geometry.ts";
import type { ReferenceLine } from "./ground.ts";

/** What a place was drawn to. */
export type SnapKind = "node" | "corner" | "border" | "road" | "block";

export interface Snap {
  readonly at: LatticePoint;
  readonly kind: SnapKind;
  /** Name of the road or block, where it has one. */
  readonly name: string | null;
  /** The stretch that it lies on, drawn as a guide; one point for a corner. */
  readonly guide: readonly LatticePoint[];
}

/** Metres of a degree of a meridian, rounded: for what is near on a screen, not for measures. */
const METRES_PER_DEGREE = 111_195;

/** Metres as lattice units of latitude, for what is near on a screen. */
export const unitsOf = (metres: number): number => (metres / METRES_PER_DEGREE) * LATTICE_PER_DEGREE;

/** Ratio of a degree of longitude to one of latitude at a latitude in lattice units. */
export const narrowing = (y: number): number => Math.max(0.1, Math.cos((y * Math.PI) / (180 * LATTICE_PER_DEGREE)));

/** The lattice point of a segment that lies nearest to a place on the ground. */
export function nearestOnSegment([ax, ay]: LatticePoint, [bx, by]: LatticePoint, [x, y]: LatticePoint): LatticePoint {
  const scale = narrowing(y);
  const [ux, uy] = [(bx - ax) * scale, by - ay];
  const length = ux * ux + uy * uy;
  if (length === 0) return [ax, ay];
  const share = Math.min(1, Math.max(0, ((x - ax) * scale * ux + (y - ay) * uy) / length));
  return [Math.round(ax + (bx - ax) * share), Math.round(ay + (by - ay) * share)];
}

/** Squares of the reference index, lattice units: about 220 m. */
const SQUARE = 20_000;

interface NearReference {
  readonly snap: Snap;
  readonly line: ReferenceLine;
  /** Lattice units of latitude. */
  readonly far: number;
}

interface Segment {
  readonly line: ReferenceLine;
  readonly at: number;
}

const keyOf = (column: number, row: number): number => column * 4_000_000 + row;

/** Roads, water and rims of blocks by the squares that they cross. */
export class ReferenceIndex {
  readonly #squares = new Map<number, Segment[]>();

  constructor(lines: readonly ReferenceLine[]) {
    for (const line of lines)
      for (let at = 0; at + 1 < line.line.length; at++) {
        const [ax, ay] = line.line[at] as LatticePoint;
        const [bx, by] = line.line[at + 1] as LatticePoint;
        for (
          let column = Math.floor(Math.min(ax, bx) / SQUARE);
          column <= Math.floor(Math.max(ax, bx) / SQUARE);
          column++
        )
          for (let row = Math.floor(Math.min(ay, by) / SQUARE); row <= Math.floor(Math.max(ay, by) / SQUARE); row++) {
            const key = keyOf(column, row);
            const square = this.#squares.get(key);
            if (square) square.push({ line, at });
            else this.#squares.set(key, [{ line, at }]);
          }
      }
  }

  /** The nearest place on a reference line; undefined beyond the reach (lattice units of latitude). */
  near(place: LatticePoint, reach: number): NearReference | undefined {
    const [x, y] = place;
    const scale = narrowing(y);
    const across = reach / scale;
    let best: NearReference | undefined;
    for (let column = Math.floor((x - across) / SQUARE); column <= Math.floor((x + across) / SQUARE); column++)
      for (let row = Math.floor((y - reach) / SQUARE); row <= Math.floor((y + reach) / SQUARE); row++)
        for (const { line, at } of this.#squares.get(keyOf(column, row)) ?? []) {
          const [from, to] = [line.line[at] as LatticePoint, line.line[at + 1] as LatticePoint];
          const on = nearestOnSegment(from, to, place);
          const far = Math.hypot((on[0] - x) * scale, on[1] - y);
          if (far > reach || (best && far >= best.far)) continue;
          const kind = line.kind === "block" ? "block" : "road";
          best = { snap: { at: on, kind, name: line.name, guide: [from, to] }, line, far };
        }
    return best;
  }
}

/**
 * What a place on the map is drawn to: a corner before a border, a border before a road or block that is not clearly
 * nearer. Undefined = nothing within the reach.
 *
 * @param reach lattice units of latitude
 * @param except the corner that is being moved: neither it nor its borders are offered
 */
export function snapTo(
  graph: PlanGraph,
  reference: ReferenceIndex,
  place: LatticePoint,
  reach: number,
  except?: LatticePoint,
): Snap | undefined {
  const corner = except ? undefined : nearestVertex(graph, place, reach);
  if (corner) {
    const last = (graph.arcs.get(corner.arc)?.line.length ?? 0) / 2 - 1;
    const isNode = corner.vertex === 0 || corner.vertex === last;
    return { at: corner.at, kind: isNode ? "node" : "corner", name: null, guide: [corner.at] };
  }
  const road = reference.near(place, reach);
  const border = except ? undefined : nearestBorder(graph, place, reach);
  if (road && (!border || road.far < border.distance)) return road.snap;
  if (!border) return undefined;
  const line = graph.arcs.get(border.arc)?.line;
  const at: LatticePoint = [Math.round(border.x), Math.round(border.y)];
  const guide = line
    ? [0, 2].map(
        (more): LatticePoint => [
          line[border.segment * 2 + more] as number,
          line[border.segment * 2 + more + 1] as number,
        ],
      )
    : [at];
  return { at, kind: "border", name: null, guide };
}
