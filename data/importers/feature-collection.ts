import { dataError } from "../model/errors.ts";
import type { RawFeature } from "./raw-layer.ts";
import { decodeUtf8, hasByteOrderMark } from "./text-encoding.ts";

export interface RawCollection {
  readonly file: string;
  readonly features: readonly RawFeature[];
  /** Name in the (pre-RFC 7946) `crs` member, e.g. `urn:ogc:def:crs:OGC:1.3:CRS84`; undefined without one. */
  readonly crsName: string | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads a GeoJSON FeatureCollection, a single Feature or a bare geometry (RFC 7946) from bytes.
 *
 * @throws DATA error with file and line when the text is not UTF-8, not JSON, or not GeoJSON
 */
export function readFeatureCollection(bytes: Uint8Array, file: string): RawCollection {
  const text = decodeUtf8(hasByteOrderMark(bytes) ? bytes.subarray(3) : bytes, file);
  const root = parseJson(text, file);
  if (!isObject(root)) throw notGeoJson(file);
  const crs =
    isObject(root["crs"]) && isObject(root["crs"]["properties"]) ? root["crs"]["properties"]["name"] : undefined;
  const crsName = typeof crs === "string" ? crs : undefined;
  const items = itemsOf(root, file);
  return { file, crsName, features: items.map((item, index) => readFeature(item, index + 1, file)) };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    const line = position ? text.slice(0, Number(position)).split("\n").length : text.split("\n").length;
    throw dataError(`${file} is not JSON: ${message.replace(/ in JSON at position.*$/, "")}`, {
      at: `${file}:${line}`,
      hint: "The file may be cut off, or be another format (a shapefile, a CSV); areas are read from GeoJSON.",
    });
  }
}

function itemsOf(root: Record<string, unknown>, file: string): readonly unknown[] {
  if (root["type"] === "FeatureCollection" && Array.isArray(root["features"])) return root["features"];
  if (root["type"] === "Feature") return [root];
  if (typeof root["type"] === "string" && "coordinates" in root)
    return [{ type: "Feature", properties: {}, geometry: root }];
  if (root["type"] === "Topology") {
    throw dataError(`${file} is TopoJSON`, { at: file, hint: "Export it as GeoJSON." });
  }
  throw notGeoJson(file);
}

const notGeoJson = (file: string): Error =>
  dataError(`${file} is JSON but not a GeoJSON FeatureCollection`, {
    at: file,
    hint: 'Expected {"type": "FeatureCollection", "features": […]} (RFC 7946).',
  });

function readFeature(item: unknown, number: number, file: string): RawFeature {
  if (!isObject(item) || item["type"] !== "Feature") {
    throw dataError(`feature ${number} of ${file} is not a GeoJSON Feature`, { at: `${file}#${number}` });
  }
  const { id, properties, geometry } = item;
  return {
    at: `${file}#${number}`,
    number,
    id: typeof id === "string" || typeof id === "number" ? String(id) : undefined,
    properties: isObject(properties) ? properties : {},
    geometry:
      isObject(geometry) && typeof geometry["type"] === "string"
        ? { type: geometry["type"], coordinates: geometry["coordinates"] }
        : null,
  };
}

/** Text of a property as a person would type it; undefined for an absent, empty or nested value. */
export function propertyText(
  properties: Readonly<Record<string, unknown>>,
  key: string | undefined,
): string | undefined {
  if (key === undefined) return undefined;
  const value = properties[key];
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value !== "string") return undefined;
  return value.trim() === "" ? undefined : value.trim();
}
