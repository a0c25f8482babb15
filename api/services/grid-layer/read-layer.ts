import { type LayerConflict, layerConflicts } from "../../../data/grid-layers/layer-conflicts.ts";
import { notFound } from "../../../data/model/errors.ts";
import { isSmallCount } from "../../../data/policy/small-households.ts";
import { mayReadIn } from "../../../data/policy/viewer.ts";
import { baseGridSizes } from "../../../db/grid-layers/remap-layers.ts";
import {
  type GridLayerRow,
  gridLayers,
  type LayerAreaRow,
  type LayerPairRow,
} from "../../../db/repositories/grid-layer-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { areasOfLayer, householdsOfPair, pairsOfLayerArea } from "../loaders-layers.ts";
import { decodeTextCursor, makePage, type Page, pageSize } from "../page.ts";
import { requireCounty, requireCountyOf, requireGlobalId } from "../require.ts";

/** A conflict and whose layer it is of. */
export type LayerConflictModel = LayerConflict & { readonly county: string };

export type LayerAreaPage = Page<LayerAreaRow>;
export type LayerConflictPage = Page<LayerConflictModel>;

/** A page of a list that is worked out whole. @param key names a row within its list */
export function pageOf<Row>(
  list: string,
  rows: readonly Row[],
  key: (row: Row) => string,
  first: number | null | undefined,
  after: string | null | undefined,
): Page<Row> {
  const size = pageSize(first);
  const [last] = decodeTextCursor(list, after, 1) ?? [];
  const from = last === undefined ? 0 : rows.findIndex((row) => key(row) === last) + 1;
  return makePage(
    list,
    rows.slice(from, from + size + 1),
    size,
    (row) => [key(row)],
    async () => rows.length,
  );
}

/** What names a conflict in its list. */
export const conflictKey = ({ kind, gridId, areaIds }: LayerConflict): string =>
  `${kind} ${gridId ?? areaIds[0] ?? ""}`;

/** Layers of a county. */
export async function layersOfCounty(context: RequestContext, code: string): Promise<GridLayerRow[]> {
  const { county } = await requireCounty(context, code);
  return inCounty(context, county, (tx) => gridLayers(tx, county));
}

/** A layer by its global id. @throws NOT_FOUND */
export async function requireGridLayer(context: RequestContext, text: string, at = "id"): Promise<GridLayerRow> {
  const { county, id } = requireGlobalId(text, "GridLayer", at);
  await requireCountyOf(context, county, "such layer of grids", at);
  const [layer] = await inCounty(context, county, (tx) => gridLayers(tx, county, id));
  if (layer) return layer;
  throw notFound("there is no such layer of grids", { at, hint: "Query.gridLayers lists those that there are." });
}

/** Where a layer and the base grids of now do not meet one to one. */
export async function conflictsOfLayer(
  context: RequestContext,
  { county, id }: GridLayerRow,
): Promise<LayerConflictModel[]> {
  const areas = ((await areasOfLayer(context, county).load(id)) ?? []).filter(({ mergedAt }) => mergedAt === null);
  // Nothing of its own is left: base grids stand for all of it.
  if (areas.length === 0) return [];
  const [grids, ...pairs] = await Promise.all([
    inCounty(context, county, (tx) => baseGridSizes(tx, county, nowIso(context))),
    ...areas.map((area) => pairsOfLayerArea(context, county).load(area.id)),
  ]);
  const known = new Set(grids.map((grid) => grid.id));
  const merged = new Set(await mergedGrids(context, county, id));
  const rows = pairs.flatMap((list) => list ?? []).filter(({ gridId }) => known.has(gridId));
  return layerConflicts(
    grids.filter((grid) => !merged.has(grid.id)),
    areas,
    rows.map((row) => ({ ...row, households: undefined })),
  ).map((conflict) => ({ ...conflict, county }));
}

/** Base grids that stand for merged grids of a layer: the layer owes them nothing any more. */
async function mergedGrids(context: RequestContext, county: string, layerId: string): Promise<string[]> {
  const areas = ((await areasOfLayer(context, county).load(layerId)) ?? []).filter(({ mergedAt }) => mergedAt !== null);
  const pairs = await Promise.all(areas.map((area) => pairsOfLayerArea(context, county).load(area.id)));
  return pairs.flatMap((list) => (list ?? []).map(({ gridId }) => gridId));
}

/** Households of a pair as the viewer is told them; null where not told. */
export async function toldHouseholds(
  context: RequestContext,
  pair: LayerPairRow,
): Promise<{ readonly households: number | null; readonly exact: boolean | null }> {
  const none = { households: null, exact: null };
  const found = await householdsOfPair(context, pair.county).load(`${pair.areaId} ${pair.gridId} ${pair.since}`);
  if (!found || !mayReadIn(context.viewer, "household", found.scopeCode)) return none;
  const role = context.viewer?.role;
  const told = role === "planner" || role === "admin" || !isSmallCount(found.households);
  return told ? { households: found.households, exact: found.exact } : none;
}
