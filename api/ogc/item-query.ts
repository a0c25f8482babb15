import { exportOf } from "../../data/exporters/registry.ts";
import { userError } from "../../data/model/errors.ts";
import { parseBbox } from "../../data/ogc/bbox.ts";
import { CRS84, crsOfUri, FEATURE_CRS, type FeatureCrs } from "../../data/ogc/crs.ts";
import { parseDatetime } from "../../data/ogc/datetime.ts";
import { propertyValue } from "../../data/ogc/property-value.ts";
import type { FeatureEquality, FeatureQuery } from "../../db/features/feature-query.ts";
import { FEATURE_SOURCES } from "../../db/features/registry.ts";
import type { FeatureCollectionOf } from "./collections.ts";

export const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 10_000;

/** Parameters of a request, one text each. */
export type TextQuery = Readonly<Record<string, string>>;

/** What a request for items means. */
export interface ItemQuery {
  readonly query: FeatureQuery;
  readonly crs: FeatureCrs;
  readonly limit: number;
  readonly after: string | undefined;
}

/** Where the next page begins: the last key, and the instant that the first page was asked at. */
interface Cursor {
  readonly after: string;
  readonly now: string;
}

export const cursorText = (after: string, now: string): string =>
  Buffer.from(JSON.stringify([after, now])).toString("base64url");

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

function parseCursor(text: string, type: "text" | "uuid", now: string): Cursor {
  const wrong = userError("this is no cursor of ours", {
    at: "cursor",
    hint: "Follow the link with rel=next, or begin without a cursor.",
  });
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    throw wrong;
  }
  if (!Array.isArray(parts) || parts.length !== 2) throw wrong;
  const [after, at] = parts as unknown[];
  if (typeof after !== "string" || typeof at !== "string") throw wrong;
  if (after.includes("\0") || (type === "uuid" && !UUID.test(after))) throw wrong;
  if (!ISO.test(at) || Number.isNaN(Date.parse(at)) || at > now) throw wrong;
  return { after, now: at };
}

/**
 * One text per parameter.
 *
 * @throws BAD_USER_INPUT for one that is given twice, or is not among those allowed
 */
export function requireKnown(given: unknown, allowed: readonly string[]): TextQuery {
  const known: Record<string, string> = {};
  for (const [name, value] of Object.entries((given ?? {}) as Record<string, unknown>)) {
    if (!allowed.includes(name))
      throw userError(`unknown parameter ${name.slice(0, 60)}`, {
        at: name.slice(0, 60),
        hint: `Known here: ${allowed.join(", ")}.`,
      });
    if (typeof value !== "string") throw userError(`${name} is given more than once`, { at: name });
    known[name] = value;
  }
  return known;
}

/** The reference system of a parameter. @throws BAD_USER_INPUT for one that is not offered */
export function requireCrs(query: TextQuery, name: "crs" | "bbox-crs"): FeatureCrs {
  const uri = query[name];
  if (uri === undefined) return CRS84;
  const crs = crsOfUri(uri);
  if (crs) return crs;
  throw userError(`${name} "${uri.slice(0, 100)}" is not offered`, {
    at: name,
    hint: `One of ${FEATURE_CRS.map((one) => one.uri).join(" ")}.`,
  });
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw userError(`limit "${text.slice(0, 40)}" is not 1 … ${MAX_LIMIT}`, { at: "limit" });
  return Math.min(limit, MAX_LIMIT);
}

const ITEM_PARAMETERS = ["f", "bbox", "bbox-crs", "datetime", "limit", "crs", "cursor"] as const;

/** Names that a request for items may have. */
export const itemParameters = ({ columns }: FeatureCollectionOf): string[] => [
  ...ITEM_PARAMETERS,
  ...columns.map(({ name }) => name),
];

/**
 * Reads the parameters of a request for items.
 *
 * @param now the instant of the request, ISO 8601
 * @throws BAD_USER_INPUT that names the parameter at fault
 */
export function parseItemQuery(of: FeatureCollectionOf, given: TextQuery, now: string): ItemQuery {
  const cursor =
    given["cursor"] === undefined ? undefined : parseCursor(given["cursor"], FEATURE_SOURCES[of.kind].key.type, now);
  if (given["bbox-crs"] !== undefined && given["bbox"] === undefined)
    throw userError("bbox-crs without a bbox", { at: "bbox-crs", hint: "Give the box it is about." });
  const bboxCrs = requireCrs(given, "bbox-crs");
  const asked = cursor?.now ?? now;
  const equals: FeatureEquality[] = of.columns.flatMap((column) => {
    const text = given[column.name];
    return text === undefined ? [] : [{ column: column.name, type: column.type, value: propertyValue(column, text) }];
  });
  const span = given["datetime"] === undefined ? undefined : parseDatetime(given["datetime"]);
  return {
    crs: requireCrs(given, "crs"),
    limit: limitOf(given["limit"]),
    after: cursor?.after,
    query: {
      county: of.county.county,
      inside: of.county.county,
      now: asked,
      equals,
      ...(given["bbox"] === undefined ? {} : { boxes: parseBbox(given["bbox"], bboxCrs) }),
      ...(span
        ? { span: { ...span, closed: true } }
        : // Without a time: boundaries as they are now, and stay for the pages that follow.
          exportOf(of.kind).time === "valid"
          ? { span: { from: asked, to: asked, closed: true } }
          : {}),
    },
  };
}
