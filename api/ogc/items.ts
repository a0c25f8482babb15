import { featureOf } from "../../data/exporters/geojson-file.ts";
import { notFound } from "../../data/model/errors.ts";
import { type FeatureCrs, inCrs } from "../../data/ogc/crs.ts";
import { countFeatures, listFeatures } from "../../db/features/read-features.ts";
import { inCounty, nowIso, type RequestContext } from "../context.ts";
import type { FeatureCollectionOf } from "./collections.ts";
import { cursorText, parseItemQuery, type TextQuery } from "./item-query.ts";
import { address, GEOJSON_TYPE, HTML_TYPE, type Link, selfLinks } from "./links.ts";

export type Feature = ReturnType<typeof featureOf> & { readonly links?: readonly Link[] };

/** A page of a collection. */
export interface ItemsDocument {
  readonly type: "FeatureCollection";
  readonly numberMatched: number;
  readonly numberReturned: number;
  readonly timeStamp: string;
  readonly links: readonly Link[];
  readonly features: readonly Feature[];
}

const placed = (feature: Feature, crs: FeatureCrs): Feature => ({
  ...feature,
  geometry: feature.geometry && inCrs(feature.geometry, crs),
});

/** Items of a collection, as the parameters ask. @param base address of the collection */
export async function itemsDocument(
  context: RequestContext,
  of: FeatureCollectionOf,
  given: TextQuery,
  form: "json" | "html",
  base: string,
): Promise<{ readonly document: ItemsDocument; readonly crs: FeatureCrs }> {
  const now = nowIso(context);
  const { query, crs, limit, after } = parseItemQuery(of, given, now);
  const names = of.columns.map(({ name }) => name);
  const [matched, rows] = await inCounty(context, of.county.county, async (tx) => [
    await countFeatures(tx, of.kind, query),
    // One more than asked for says whether there is a next page.
    await listFeatures(tx, of.kind, query, names, after, limit + 1),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const path = `${base}/items`;
  const next: Link[] =
    rows.length > limit && last
      ? [
          {
            href: address(path, { ...given, f: form, cursor: cursorText(last.key, query.now) }),
            rel: "next",
            type: form === "html" ? HTML_TYPE : GEOJSON_TYPE,
            title: "下一页 next page",
          },
        ]
      : [];
  const document: ItemsDocument = {
    type: "FeatureCollection",
    numberMatched: matched,
    numberReturned: page.length,
    timeStamp: now,
    links: [...selfLinks(path, given, form, GEOJSON_TYPE), ...next, { href: base, rel: "collection", title: of.id }],
    features: page.map((row) => placed(featureOf(row, of.columns, of.county.timezone), crs)),
  };
  return { document, crs };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One feature. @throws NOT_FOUND for what is not there or the viewer may not see */
export async function itemDocument(
  context: RequestContext,
  of: FeatureCollectionOf,
  id: string,
  given: TextQuery,
  crs: FeatureCrs,
  form: "json" | "html",
  base: string,
): Promise<Feature> {
  const { county, timezone } = of.county;
  const query = { county, inside: county, now: nowIso(context), id };
  const names = of.columns.map(({ name }) => name);
  const [row] = UUID.test(id)
    ? await inCounty(context, county, (tx) => listFeatures(tx, of.kind, query, names, undefined, 1))
    : [];
  if (!row) throw notFound(`there is no feature "${id.slice(0, 60)}" in ${of.id}`, { at: "featureId" });
  return {
    ...placed(featureOf(row, of.columns, timezone), crs),
    links: [
      ...selfLinks(`${base}/items/${id}`, given, form, GEOJSON_TYPE),
      { href: base, rel: "collection", title: of.id },
    ],
  };
}
