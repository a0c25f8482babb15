import type { Layer } from "@deck.gl/core";
import { SolidPolygonLayer } from "@deck.gl/layers";
import type { CellId, PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import type { PolygonRings } from "../../../../data/model/geometry.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import type { CellShapes } from "./shapes.ts";

type Colour = [number, number, number, number];

interface Piece {
  readonly id: CellId;
  readonly rings: PolygonRings;
}

interface Bucket {
  readonly data: readonly Piece[];
  readonly look: string;
  readonly layer: Layer;
}

/** Ground of the grids, one layer for each area above: a moved border makes only its own anew. */
export class FillLayers {
  #graph: PlanGraph | undefined;
  #buckets = new Map<string, Bucket>();

  /**
   * @param changed cells whose ground is other than at the last call
   * @param look colour of a cell; `lookKey` tells when it answers otherwise
   */
  layers(
    graph: PlanGraph,
    shapes: CellShapes,
    changed: ReadonlySet<CellId>,
    look: (id: CellId) => Colour,
    lookKey: (id: CellId) => string,
  ): Layer[] {
    const groups = new Map<string, CellId[]>();
    for (const cell of graph.cells.values()) {
      const key = cell.parent ?? "";
      const group = groups.get(key);
      if (group) group.push(cell.id);
      else groups.set(key, [cell.id]);
    }
    const buckets = new Map<string, Bucket>();
    for (const [key, ids] of groups) {
      ids.sort();
      const before = this.#buckets.get(key);
      const looks = ids.map((id) => `${id} ${lookKey(id)}`).join("|");
      const stale = !before || this.#graph === undefined || ids.some((id) => changed.has(id));
      if (before && !stale && before.look === looks) {
        buckets.set(key, before);
        continue;
      }
      const data = before && !stale && sameIds(before.data, ids) ? before.data : pieces(ids, shapes);
      buckets.set(key, { data, look: looks, layer: fill(key, data, look, looks) });
    }
    this.#buckets = buckets;
    this.#graph = graph;
    return [...buckets.values()].map(({ layer }) => layer);
  }
}

const sameIds = (data: readonly Piece[], ids: readonly CellId[]): boolean =>
  [...new Set(data.map(({ id }) => id))].join() === ids.join();

const pieces = (ids: readonly CellId[], shapes: CellShapes): Piece[] =>
  ids.flatMap((id) => (shapes.get(id)?.polygons ?? []).map((rings) => ({ id, rings })));

const fill = (key: string, data: readonly Piece[], look: (id: CellId) => Colour, looks: string): Layer =>
  new SolidPolygonLayer<Piece>({
    id: `plan-fill-${key}`,
    data,
    getPolygon: ({ rings }) => rings as [number, number][][],
    getFillColor: ({ id }) => look(id),
    updateTriggers: { getFillColor: looks },
    parameters: FLAT,
  });
