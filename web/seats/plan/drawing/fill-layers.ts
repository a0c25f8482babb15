import type { Layer } from "@deck.gl/core";
import { SolidPolygonLayer } from "@deck.gl/layers";
import type { CellId } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import { type Colour, UNSEEN } from "./colour.ts";
import type { CellShapes, FlatPolygon } from "./shapes.ts";
import { TieredLayers } from "./tiered-layers.ts";

interface Piece {
  readonly id: CellId;
  readonly polygon: FlatPolygon;
}

/** Ground of the grids in the colours that a function gives them. */
export class FillLayers {
  #colourOf: (id: CellId) => Colour = () => UNSEEN;
  readonly #tiers: TieredLayers<CellId, Piece>;

  constructor(shapes: CellShapes) {
    this.#tiers = new TieredLayers({
      id: "plan-fill",
      itemsOf: (id) => (shapes.get(id)?.flat ?? []).map((polygon) => ({ id, polygon })),
      cornersOf: ({ polygon }) => polygon.positions.length / 2,
      make: ({ id, data, isHidden, look }) =>
        new SolidPolygonLayer<Piece>({
          id,
          data,
          positionFormat: "XY",
          _normalize: false,
          getPolygon: ({ polygon }) => polygon,
          getFillColor: ({ id: cell }) => (isHidden(cell) ? UNSEEN : this.#colourOf(cell)),
          updateTriggers: { getFillColor: look },
          parameters: FLAT,
        }),
    });
  }

  /**
   * @param changed cells whose ground is other than at the last call
   * @param restyled cells that have another colour than at the last call; `all` for any number of them
   */
  layers(
    colourOf: (id: CellId) => Colour,
    changed: Iterable<CellId>,
    restyled: Iterable<CellId> | "all",
    isMoving: boolean,
  ): Layer[] {
    this.#colourOf = colourOf;
    return this.#tiers.layers(changed, restyled, isMoving);
  }
}
