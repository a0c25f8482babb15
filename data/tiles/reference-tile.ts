import type { ContextKind, ContextRecord } from "../model/area.ts";
import { type TileArea, tileArea } from "./area-tile.ts";
import { shapeLayer, type TileShape, tileLines } from "./line-tile.ts";
import { encodeTile } from "./mvt-writer.ts";
import { weighCoverage, weighLine } from "./shared-lines.ts";
import type { TileId } from "./tile-math.ts";

/** Name of a tile's layer for each kind. */
export const REFERENCE_LAYERS: Readonly<Record<ContextKind, string>> = {
  road: "roads",
  water: "water",
  rail: "railways",
  green: "green",
  block: "blocks",
};

/** Zoom from which each kind is in tiles; what is finer would be hairlines at a county's width. */
export const KIND_FROM_ZOOM: Readonly<Record<ContextKind, number>> = {
  road: 0,
  water: 0,
  rail: 6,
  green: 0,
  block: 11,
};
/** Zoom from which roads of a rank are in tiles; other ranks of other kinds follow their kind. */
const ROAD_FROM_ZOOM: Readonly<Record<string, number>> = { arterial: 0, collector: 9, local: 11 };

/** A road, river, railway, park or block as read from the database or a file. */
export interface ReferenceFeature {
  readonly kind: ContextKind;
  readonly rank: string;
  readonly class?: string | null;
  readonly name: string | null;
  readonly geometry: ContextRecord["geometry"];
}

/** A feature that is ready for every zoom. */
export interface ReferenceShape {
  readonly kind: ContextKind;
  readonly fromZoom: number;
  readonly shape: TileShape;
}

function attributes({ rank, class: cls, name }: ReferenceFeature): TileArea["properties"] {
  return { rank, ...(cls ? { class: cls } : {}), ...(name ? { name } : {}) };
}

/** Makes features ready for tiles, each by itself: a road and the block beside it need not stay together. */
export function referenceShapes(features: readonly ReferenceFeature[]): ReferenceShape[] {
  return features.map((feature) => {
    const { kind, rank, geometry } = feature;
    const properties = attributes(feature);
    return {
      kind,
      fromZoom: kind === "road" ? (ROAD_FROM_ZOOM[rank] ?? 0) : KIND_FROM_ZOOM[kind],
      shape:
        geometry.type === "MultiLineString"
          ? tileLines(geometry.coordinates.map(weighLine), properties)
          : tileArea(weighCoverage([geometry.coordinates]).flat(), properties),
    };
  });
}

/** A tile of reference layers, one MVT layer per kind, in the order given. */
export function referenceTile(
  shapes: readonly ReferenceShape[],
  kinds: readonly ContextKind[],
  tile: TileId,
): Uint8Array<ArrayBuffer> {
  return encodeTile(
    kinds.map((wanted) =>
      shapeLayer(
        REFERENCE_LAYERS[wanted],
        shapes.filter(({ kind, fromZoom }) => kind === wanted && fromZoom <= tile.z).map(({ shape }) => shape),
        tile,
      ),
    ),
  );
}
