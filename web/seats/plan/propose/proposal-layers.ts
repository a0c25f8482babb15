import type { Layer } from "@deck.gl/core";
import { PathLayer, SolidPolygonLayer } from "@deck.gl/layers";
import type { LonLat, PolygonRings } from "../../../../data/model/geometry.ts";
import { FLAT } from "../../../layers/deck-parameters.ts";
import type { MapGuest } from "../../../map/map-tool.ts";
import { type MapPalette, rgba } from "../../../map/palette.ts";
import { colourOfGrid } from "./grid-colours.ts";
import { type ProposalState, shownPart, useProposal } from "./proposal-store.ts";

interface Piece {
  readonly unit: number;
  readonly rings: PolygonRings;
}

const pieces = new WeakMap<object, readonly Piece[]>();

function piecesOf(units: NonNullable<ProposalState["units"]>): readonly Piece[] {
  let list = pieces.get(units);
  if (!list) {
    list = units.grounds.flatMap((ground, unit) => ground.map((rings) => ({ unit, rings })));
    pieces.set(units, list);
  }
  return list;
}

/** The plan's drawing with what is proposed above it: units in the colours of their grids, those that move outlined. */
export function withProposal(guest: MapGuest | undefined, palette: MapPalette): MapGuest | undefined {
  const proposal = useProposal.getState();
  const { units } = proposal;
  const part = shownPart(proposal);
  if (!guest || !units || !part) return guest;
  return { ...guest, deck: [...layersOf(units, part, palette), ...guest.deck] };
}

let last: { readonly key: readonly unknown[]; readonly layers: readonly Layer[] } | undefined;

function layersOf(units: NonNullable<ProposalState["units"]>, part: Int32Array, palette: MapPalette): readonly Layer[] {
  const key = [units, part, palette];
  if (last?.key.every((one, n) => one === key[n])) return last.layers;
  const colour = colourOfGrid(units, palette.units.length);
  const data = piecesOf(units);
  const moved = data.filter(({ unit }) => part[unit] !== units.graph.current?.[unit]);
  const layers = [
    new SolidPolygonLayer<Piece>({
      id: "plan-proposal",
      data: [...data],
      getPolygon: ({ rings }) => rings as [number, number][][],
      getFillColor: ({ unit }) => rgba(palette.units[colour(part[unit] as number)] ?? palette.accent, 150),
      updateTriggers: { getFillColor: [part, palette] },
      parameters: FLAT,
    }),
    new PathLayer<readonly LonLat[]>({
      id: "plan-proposal-moved",
      data: moved.flatMap(({ rings }) => rings),
      getPath: (ring) => ring as unknown as [number, number][],
      getColor: rgba(palette.text, 170),
      getWidth: 1.5,
      widthUnits: "pixels",
      parameters: FLAT,
    }),
  ];
  last = { key, layers };
  return layers;
}
