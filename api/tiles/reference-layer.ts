import { CONTEXT_KINDS, type ContextKind } from "../../data/model/area.ts";
import { bugError } from "../../data/model/errors.ts";
import {
  KIND_FROM_ZOOM,
  REFERENCE_LAYERS,
  type ReferenceFeature,
  type ReferenceShape,
  referenceShapes,
  referenceTile,
} from "../../data/tiles/reference-tile.ts";
import { referenceFeatures } from "../../db/repositories/geojson-repository.ts";
import { inCounty } from "../context.ts";
import { REFERENCE_PARAMETERS } from "./parameters.ts";
import { type CountyQuery, keptSource, type TileLayer, type TileRequest } from "./tile-layer.ts";

const MAXZOOM = 16;

interface ReferenceQuery extends CountyQuery {
  readonly kinds?: readonly ContextKind[] | undefined;
}

const DESCRIPTIONS: Readonly<Record<ContextKind, string>> = {
  road: "Roads",
  water: "Rivers and lakes",
  rail: "Railways",
  green: "Parks, woods and fields",
  block: "Blocks between streets",
};

/** Bytes in memory of a shape, about: positions, weights, and the objects around them. */
const sizeOf = ({ shape }: ReferenceShape): number =>
  ("lines" in shape ? shape.lines : shape.polygons.flat()).reduce(
    (sum, { weight }) => sum + weight.length * 24 + 200,
    600,
  );

/** Everything of the county, of all kinds: kept once for a content version. */
const shapesOf = (request: TileRequest<unknown>): Promise<readonly ReferenceShape[]> =>
  keptSource(request, "reference", async () => {
    const { county } = request.county;
    const bytes = await inCounty(request.context, county, (tx) => referenceFeatures(tx, county, CONTEXT_KINDS));
    if (!bytes) throw bugError("the database gave no reference layers");
    const { features } = JSON.parse(Buffer.from(bytes).toString("utf8")) as {
      readonly features: readonly {
        readonly properties: Omit<ReferenceFeature, "geometry">;
        readonly geometry: ReferenceFeature["geometry"];
      }[];
    };
    const value = referenceShapes(features.map(({ properties, geometry }) => ({ ...properties, geometry })));
    return { value, size: value.reduce((sum, shape) => sum + sizeOf(shape), 0) };
  });

const kindsOf = ({ kinds }: ReferenceQuery): readonly ContextKind[] =>
  CONTEXT_KINDS.filter((kind) => !kinds || kinds.includes(kind));

/** Roads, water, railways, green and blocks: what the map draws under everything, and what borders are snapped to. */
export const REFERENCE: TileLayer<ReferenceQuery> = {
  name: "reference",
  description: "Roads, water, railways, green and blocks of the county, one layer per kind",
  resource: "map",
  minzoom: 0,
  maxzoom: MAXZOOM,
  parameters: REFERENCE_PARAMETERS,
  vectorLayers: (query) =>
    kindsOf(query).map((kind) => ({
      id: REFERENCE_LAYERS[kind],
      description: DESCRIPTIONS[kind],
      minzoom: KIND_FROM_ZOOM[kind],
      maxzoom: MAXZOOM,
      fields: {
        rank: "String: what it is drawn by: arterial, collector, local; river, lake; rail; park, field; block",
        class: "String: the source's own word for what it is",
        name: "String: name",
      },
    })),
  live: false,
  period: () => "",
  permission: () => "map",
  encode: async (request) => referenceTile(await shapesOf(request), kindsOf(request.query), request.tile),
};
