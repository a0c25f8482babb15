import { MAX_ZOOM } from "../../data/tiles/tile-math.ts";
import type { CountyQuery, TileLayer } from "../tiles/tile-layer.ts";
import type { FeatureCollectionOf } from "./collections.ts";
import type { DocumentRequest } from "./documents.ts";
import { HTML_TYPE, JSON_TYPE, MVT_TYPE, selfLinks } from "./links.ts";

export const MATRIX_SET = "WebMercatorQuad";
const MATRIX_SET_URI = `http://www.opengis.net/def/tilematrixset/OGC/1.0/${MATRIX_SET}`;
const WEB_MERCATOR_URI = "http://www.opengis.net/def/crs/EPSG/0/3857";
/** Half the width of the world of Web Mercator, metres. */
const EDGE = 20_037_508.342789244;
/** Pixels of a tile's side, and metres of a pixel that scale denominators are told for (OGC 17-083r4, 6.1.1). */
const PIXELS = 256;
const PIXEL_M = 0.00028;

/** The tile matrix set that every tile here is cut by (OGC 17-083r4, annex D.1). */
export const matrixSetDocument = () => ({
  id: MATRIX_SET,
  title: "Google Maps Compatible for the World",
  uri: MATRIX_SET_URI,
  crs: WEB_MERCATOR_URI,
  orderedAxes: ["X", "Y"],
  wellKnownScaleSet: "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
  tileMatrices: Array.from({ length: MAX_ZOOM + 1 }, (_, z) => {
    const cellSize = (2 * EDGE) / PIXELS / 2 ** z;
    return {
      id: String(z),
      scaleDenominator: cellSize / PIXEL_M,
      cellSize,
      pointOfOrigin: [-EDGE, EDGE],
      tileWidth: PIXELS,
      tileHeight: PIXELS,
      matrixWidth: 2 ** z,
      matrixHeight: 2 ** z,
    };
  }),
});

export const matrixSetsDocument = ({ base, form, given }: DocumentRequest) => ({
  title: "切片方案 Tile matrix sets",
  links: selfLinks(`${base}/tileMatrixSets`, given, form),
  tileMatrixSets: [
    {
      id: MATRIX_SET,
      title: "Google Maps Compatible for the World",
      uri: MATRIX_SET_URI,
      crs: WEB_MERCATOR_URI,
      links: [
        {
          href: `${base}/tileMatrixSets/${MATRIX_SET}`,
          rel: "self",
          type: JSON_TYPE,
          title: MATRIX_SET,
        },
      ],
    },
  ],
});

const heading = (of: FeatureCollectionOf) => ({
  title: of.id,
  dataType: "vector",
  crs: WEB_MERCATOR_URI,
  tileMatrixSetURI: MATRIX_SET_URI,
});

/** Tilesets of a collection: one. */
export function tilesetsDocument(of: FeatureCollectionOf, { base, form, given }: DocumentRequest) {
  const path = `${base}/collections/${of.id}/tiles`;
  return {
    title: `${of.id} tiles`,
    links: selfLinks(path, given, form),
    tilesets: [
      { ...heading(of), links: [{ href: `${path}/${MATRIX_SET}`, rel: "self", type: JSON_TYPE, title: MATRIX_SET }] },
    ],
  };
}

/**
 * The tileset of a collection (OGC 20-057, 8.3).
 *
 * @param origin address of the server, for TileJSON
 */
export function tilesetDocument(
  of: FeatureCollectionOf,
  layer: TileLayer<CountyQuery>,
  { base, form, given }: DocumentRequest,
  origin: string,
) {
  const path = `${base}/collections/${of.id}/tiles/${MATRIX_SET}`;
  const { west, south, east, north, county } = of.county;
  return {
    ...heading(of),
    description: layer.description,
    tileMatrixSetId: MATRIX_SET,
    ...(west === null || south === null || east === null || north === null
      ? {}
      : {
          boundingBox: {
            lowerLeft: [west, south],
            upperRight: [east, north],
            crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
          },
        }),
    layers: layer.vectorLayers({ county }).map(({ id, description, minzoom, maxzoom }) => ({
      id,
      description,
      dataType: "vector",
      minTileMatrix: String(minzoom),
      maxTileMatrix: String(maxzoom),
    })),
    links: [
      ...selfLinks(path, given, form),
      {
        href: `${path}/{tileMatrix}/{tileRow}/{tileCol}`,
        rel: "item",
        type: MVT_TYPE,
        title: "矢量切片 vector tile",
        templated: true,
      },
      {
        href: `${base}/tileMatrixSets/${MATRIX_SET}`,
        rel: "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
        type: JSON_TYPE,
        title: MATRIX_SET,
      },
      {
        href: `${origin}/tiles/${of.kind}.json?county=${county}`,
        rel: "alternate",
        type: JSON_TYPE,
        title: "TileJSON 3.0",
      },
      { href: `${base}/collections/${of.id}?f=html`, rel: "collection", type: HTML_TYPE, title: of.id },
    ],
  };
}
