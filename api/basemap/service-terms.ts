import type { BaseMapCrs } from "../../data/basemap/base-map.ts";
import { firstMatrixOf, serviceTemplate } from "../../data/basemap/service-address.ts";
import type { ServiceTerms } from "./inspect.ts";

/** What is said of a tile service, by flags or by the environment; what is absent takes its usual value. */
export interface ServiceWords {
  readonly url: string;
  readonly crs?: BaseMapCrs | undefined;
  /** Of a WMTS that has no address for single tiles. */
  readonly layer?: string | undefined;
  readonly matrixSet?: string | undefined;
  readonly style?: string | undefined;
  readonly format?: string | undefined;
  readonly firstMatrix?: number | undefined;
  readonly minZoom?: number | undefined;
  readonly maxZoom?: number | undefined;
}

/**
 * Terms of a service: 天地图 names its matrix sets c (degrees) and w (Web Mercator), so that one of the two tells the other.
 *
 * @throws BAD_USER_INPUT for an address that is none
 */
export function serviceTermsOf(words: ServiceWords): ServiceTerms {
  const { url, layer, minZoom, maxZoom } = words;
  const matrixSet = words.matrixSet ?? (words.crs && words.crs !== "EPSG:3857" ? "c" : "w");
  const crs = words.crs ?? (layer !== undefined && matrixSet === "c" ? "EPSG:4490" : "EPSG:3857");
  const wmts =
    layer === undefined
      ? undefined
      : { layer, matrixSet, style: words.style ?? "default", format: words.format ?? "tiles" };
  const firstMatrix = words.firstMatrix ?? firstMatrixOf(crs);
  return { template: serviceTemplate(url, wmts), crs, firstMatrix, minZoom, maxZoom };
}
