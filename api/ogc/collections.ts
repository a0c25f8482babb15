import type { ExportColumn } from "../../data/exporters/column.ts";
import { columnsFor, type ExportKind, exportOf } from "../../data/exporters/registry.ts";
import { AppError, notFound } from "../../data/model/errors.ts";
import { mayRead, reachesCounty } from "../../data/policy/viewer.ts";
import { listCounties } from "../../db/repositories/county-repository.ts";
import { unauthenticated } from "../channels.ts";
import type { RequestContext } from "../context.ts";
import type { CountyModel } from "../mappers.ts";
import { asOfCounty } from "../services/as-of.ts";
import { requireCounty } from "../services/require.ts";
import { tileLayer } from "../tiles/registry.ts";

/** Kinds that are collections: what has a place on the map. */
export const OGC_KINDS = [
  "areas",
  "grids",
  "compounds",
  "incidents",
  "cameras",
  "stations",
] as const satisfies readonly ExportKind[];
export type OgcKind = (typeof OGC_KINDS)[number];

/** One kind of one county, as far as the viewer may read it. */
export interface FeatureCollectionOf {
  /** `<county>.<kind>`. */
  readonly id: string;
  readonly kind: OgcKind;
  readonly county: CountyModel;
  readonly columns: readonly ExportColumn[];
  /** Whether there are vector tiles of it too. */
  readonly tiled: boolean;
}

const isOgcKind = (kind: string): kind is OgcKind => (OGC_KINDS as readonly string[]).includes(kind);

const collection = (context: RequestContext, county: CountyModel, kind: OgcKind): FeatureCollectionOf => ({
  id: `${county.county}.${kind}`,
  kind,
  county,
  columns: columnsFor(kind, context.viewer),
  tiled: tileLayer(kind) !== undefined,
});

const readable = ({ viewer }: RequestContext): OgcKind[] =>
  OGC_KINDS.filter((kind) => mayRead(viewer, exportOf(kind).resource));

/**
 * Refuses who may not ask here at all: a wall shows its map, it hands nothing on; a kiosk's older points are nobody's.
 *
 * @throws UNAUTHENTICATED for nobody, FORBIDDEN for kiosks
 */
export function requireReader({ viewer }: RequestContext): void {
  if (!viewer) throw unauthenticated("/ogc");
  if (viewer.kind === "kiosk")
    throw new AppError("USER", "a wall hands no data on", {
      code: "FORBIDDEN",
      at: "/ogc",
      hint: "Programs ask with an API token: jingwei token add.",
    });
}

/** Every collection that the viewer may read, by county and kind. */
export async function listCollections(context: RequestContext): Promise<FeatureCollectionOf[]> {
  requireReader(context);
  const rows = await context.database.transaction({ kind: "reviewed", name: "county-list" }, listCounties);
  return rows
    .filter(({ county }) => reachesCounty(context.viewer, county))
    .map((row) => asOfCounty(row, context.nowMs))
    .flatMap((county) => readable(context).map((kind) => collection(context, county, kind)));
}

/**
 * The collection of an id.
 *
 * @throws NOT_FOUND for one that is not there, or in no county of the viewer's; FORBIDDEN for what the role may not read
 */
export async function requireCollection(context: RequestContext, id: string): Promise<FeatureCollectionOf> {
  requireReader(context);
  const [, code = "", kind = ""] = /^(\d{6})\.([a-z]+)$/.exec(id) ?? [];
  const missing = notFound(`there is no collection "${id.slice(0, 60)}"`, {
    at: "collectionId",
    hint: "GET /ogc/collections lists those that there are.",
  });
  if (!isOgcKind(kind) || !reachesCounty(context.viewer, code)) throw missing;
  if (!readable(context).includes(kind))
    throw new AppError("USER", `your role may not read ${kind}`, { code: "FORBIDDEN", at: "collectionId" });
  try {
    return collection(context, await requireCounty(context, code, "collectionId"), kind);
  } catch (error) {
    if (error instanceof AppError && error.code === "NOT_FOUND") throw missing;
    throw error;
  }
}
