import type { Layer } from "@deck.gl/core";
import { ScatterplotLayer } from "@deck.gl/layers";
import type { PlanGraph } from "../../../../data/coverage/plan-graph/plan-graph.ts";
import { type Bbox, fromLattice, type LonLat, toLattice } from "../../../../data/model/geometry.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { changedArcs } from "./changed.ts";
import { type Colour, UNSEEN } from "./colour.ts";
import { TieredLayers } from "./tiered-layers.ts";

export interface Corner {
  readonly arc: number;
  readonly at: LonLat;
  /** Whether borders meet there. */
  readonly isNode: boolean;
}

/** More corners than this in view are no help to a hand. */
const MOST_CORNERS = 6000;

interface Dots {
  readonly id: string;
  readonly palette: MapPalette;
  readonly scale: number;
  readonly data: readonly Corner[];
  readonly isHidden?: (arc: number) => boolean;
  readonly look?: number;
}

/** Corners as dots that stand out from any ground; those where borders meet are larger and filled. */
export function dots({ id, palette, scale, data, isHidden = () => false, look = 0 }: Dots): Layer {
  const [accent, halo, text] = [rgba(palette.accent, 255), rgba(palette.halo, 255), rgba(palette.text, 255)];
  const seen = (arc: number, colour: Colour): Colour => (isHidden(arc) ? UNSEEN : colour);
  return new ScatterplotLayer<Corner>({
    id,
    data,
    positionFormat: "XY",
    getPosition: ({ at }) => at as [number, number],
    getRadius: ({ isNode }) => (isNode ? 4.5 : 3) * scale,
    radiusUnits: "pixels",
    stroked: true,
    getFillColor: ({ arc, isNode }) => seen(arc, isNode ? accent : halo),
    getLineColor: ({ arc, isNode }) => seen(arc, isNode ? halo : text),
    updateTriggers: { getFillColor: look, getLineColor: look },
    getLineWidth: 1.4 * scale,
    lineWidthUnits: "pixels",
    parameters: FLAT,
  });
}

/** A box in lattice units. */
interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Corners of an arc in a box. */
function cornersOf(graph: PlanGraph, arc: number, { west, south, east, north }: Box): Corner[] {
  const line = graph.arcs.get(arc)?.line;
  const found: Corner[] = [];
  for (let i = 0; line && i < line.length; i += 2) {
    const [x, y] = [line[i] as number, line[i + 1] as number];
    if (x < west || x > east || y < south || y > north) continue;
    found.push({ arc, at: [fromLattice(x), fromLattice(y)], isNode: i === 0 || i === line.length - 2 });
  }
  return found;
}

/** Corners of the borders in view: what a hand can take. None where there are too many. */
export class CornerLayers {
  #graph: PlanGraph | undefined;
  #key: readonly unknown[] = [];
  #tiers: TieredLayers<number, Corner> | undefined;

  layers(graph: PlanGraph, bounds: Bbox, palette: MapPalette, scale: number, isMoving: boolean): Layer[] {
    const key = [bounds, palette, scale];
    const isSame = key.every((value, n) => value === this.#key[n]);
    const changed = isSame ? changedArcs(this.#graph, graph) : this.#begin(graph, bounds, palette, scale);
    [this.#graph, this.#key] = [graph, key];
    return this.#tiers?.layers(changed, [], isMoving) ?? [];
  }

  /** Another part of the map, or another look. @returns the arcs there */
  #begin(graph: PlanGraph, bounds: Bbox, palette: MapPalette, scale: number): readonly number[] {
    const [west, south, east, north] = bounds.map(toLattice) as [number, number, number, number];
    const box = { west, south, east, north };
    const arcs = [...graph.index.near(west, south, east, north)];
    let count = 0;
    for (const arc of arcs) count += cornersOf(graph, arc, box).length;
    this.#tiers = undefined;
    if (count > MOST_CORNERS) return [];
    this.#tiers = new TieredLayers({
      id: "plan-corners",
      itemsOf: (arc) => (this.#graph ? cornersOf(this.#graph, arc, box) : []),
      cornersOf: () => 1,
      make: (tier) => dots({ ...tier, palette, scale }),
    });
    return arcs;
  }
}
