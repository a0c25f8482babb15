import { cellPolygons } from "../../../../data/coverage/plan-graph/cell-polygons.ts";
import { fromLatticePolygons, type LatticePolygons } from "../../../../data/coverage/plan-graph/lattice-polygons.ts";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { labelPoint } from "../../../../data/geo/label-point.ts";
import { fromLattice, type LonLat, type MultiPolygonRings } from "../../../../data/model/geometry.ts";
import { changedIds } from "./changed.ts";

const paths = new WeakMap<Int32Array, Float64Array>();

/** A line in degrees, x0, y0, x1, y1 …; worked out once, since lines of a graph are never written to. */
export function pathOf(line: Int32Array): Float64Array {
  let path = paths.get(line);
  if (!path) {
    path = Float64Array.from(line, fromLattice);
    paths.set(line, path);
  }
  return path;
}

/** A polygon as deck.gl takes it without a look at it: closed rings behind each other, degrees, x0, y0, x1, y1 … */
export interface FlatPolygon {
  readonly positions: Float64Array;
  /** Where each hole begins in `positions`. */
  readonly holeIndices: number[];
}

function flatten(rings: LatticePolygons[number]): FlatPolygon {
  const holeIndices: number[] = [];
  const positions = new Float64Array(2 * rings.reduce((sum, ring) => sum + ring.length, 0));
  let at = 0;
  for (const ring of rings) {
    if (at > 0) holeIndices.push(at);
    for (const [x, y] of ring) {
      positions[at++] = fromLattice(x);
      positions[at++] = fromLattice(y);
    }
  }
  return { positions, holeIndices };
}

/** Ground of a cell as it is drawn. */
class CellShape {
  readonly #ground: LatticePolygons;
  readonly flat: readonly FlatPolygon[];
  #polygons: MultiPolygonRings | undefined;

  constructor(ground: LatticePolygons) {
    this.#ground = ground;
    this.flat = ground.map(flatten);
  }

  /** As nested rings; worked out when it is asked for, which is never while a hand moves. */
  get polygons(): MultiPolygonRings {
    this.#polygons ??= fromLatticePolygons(this.#ground);
    return this.#polygons;
  }
}

/** Keeps the ground of each cell of the graph on screen; with the next graph only what changed is worked out again. */
export class CellShapes {
  #graph: PlanGraph | undefined;
  #shapes = new Map<CellId, CellShape>();
  #labels = new Map<CellShape, LonLat>();

  /** Goes to another graph. @returns cells whose ground or being is another */
  show(graph: PlanGraph): ReadonlySet<CellId> {
    const changed = changedIds(this.#graph, graph);
    this.#graph = graph;
    for (const id of changed) {
      const known = this.#shapes.get(id);
      if (known) this.#labels.delete(known);
      if (graph.cells.get(id)) this.#shapes.set(id, new CellShape(cellPolygons(graph, id)));
      else this.#shapes.delete(id);
    }
    return changed;
  }

  get(id: CellId): CellShape | undefined {
    return this.#shapes.get(id);
  }

  /** A point inside a cell for its name; undefined for one without ground. */
  label(id: CellId): LonLat | undefined {
    const shape = this.#shapes.get(id);
    if (!shape || shape.flat.length === 0) return undefined;
    let point = this.#labels.get(shape);
    if (!point) {
      point = labelPoint(shape.polygons);
      this.#labels.set(shape, point);
    }
    return point;
  }
}
