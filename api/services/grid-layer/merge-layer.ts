import { SMALLEST_SHARE } from "../../../data/grid-layers/layer.ts";
import { AppError, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import type { Transaction } from "../../../db/driver.ts";
import { tellOfBulk } from "../../../db/import/import-transaction.ts";
import { areasById } from "../../../db/repositories/area-repository.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import {
  type GridLayerRow,
  type LayerAreaRow,
  type LayerMergeRow,
  type LayerPairRow,
  lockLayerAreas,
  pairsOfLayerAreas,
  writeMerge,
} from "../../../db/repositories/grid-layer-repository.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { MergeLayerAreasInput } from "../../generated/resolvers-types.ts";
import { once } from "../flow/once.ts";
import { requireLine } from "../flow/step-input.ts";
import { newId } from "../new-id.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { changingCases } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireGlobalId } from "../require.ts";
import { required } from "../required.ts";
import { requireGridLayer } from "./read-layer.ts";

/**
 * Merges grids of a layer into base grids, once per client's key: from now on these stand for them. Their shapes stay readable;
 * the record of old and new is written once.
 *
 * @throws FORBIDDEN where a base grid lies outside the planner's area, CONFLICT for a grid that is merged already,
 *   BAD_USER_INPUT for one that has no ground in common with the base grid that it is to become
 */
export async function mergeLayerAreas(context: RequestContext, input: MergeLayerAreasInput): Promise<GridLayerRow> {
  const viewer = requireViewer(context, "Mutation.mergeLayerAreas");
  const key = checkKey(input.key);
  const reason = requireLine(input.reason, "input.reason", "Say why, and by which decision.");
  const layer = await requireGridLayer(context, input.layer, "input.layer");
  const { county } = layer;
  const ids = input.layerAreas?.map((text) => requireGlobalId(text, "LayerArea", "input.layerAreas").id) ?? null;
  const { key: _, ...asked } = input;
  const now = nowIso(context);
  await changingCases(context, county, (tx) =>
    once(tx, context, { county, actor: viewer.actor, key, content: ["mergeLayerAreas", asked] }, {}, async () => {
      const areas = await lockLayerAreas(tx, county, layer.id, ids);
      if (areas.length < (ids?.length ?? 1))
        throw new AppError(
          "USER",
          ids ? "a grid of these is merged already" : "no grid of this layer is left to merge",
          {
            code: "CONFLICT",
            at: "input.layerAreas",
            hint: "Read the layer again.",
          },
        );
      const rows = await mergeRows(tx, context, viewer, areas, input.into ?? null, reason);
      await writeMerge(
        tx,
        county,
        areas.map(({ id }) => id),
        rows,
        now,
      );
      await appendAudit(tx, county, {
        ...auditViewer(context, viewer),
        action: "layer.merge",
        entity: {
          layer: toGlobalId("GridLayer", county, layer.id),
          from: areas.map(({ code }) => code),
          to: [...new Set(rows.map(({ toCode }) => toCode))],
        },
        reason,
        at: now,
      });
      await tellOfBulk(tx, county, context.nowMs, "area", { layer: layer.id, merged: areas.length });
    }),
  );
  context.feed.wake(county);
  return requireGridLayer(context, input.layer, "input.layer");
}

/** What each grid becomes. */
async function mergeRows(
  tx: Transaction,
  context: RequestContext,
  viewer: Viewer,
  areas: readonly LayerAreaRow[],
  into: string | null,
  reason: string,
): Promise<Omit<LayerMergeRow, "county">[]> {
  const [{ county }] = areas as readonly [LayerAreaRow];
  const now = nowIso(context);
  const pairs = await pairsOfLayerAreas(
    tx,
    county,
    areas.map(({ id }) => id),
  );
  const grids = await areasById(tx, county, [...new Set([...pairs.values()].flat().map(({ gridId }) => gridId))], now);
  const codeOf = (pair: LayerPairRow): string => required(grids.get(pair.gridId), `grid ${pair.gridId}`).code;
  return areas.flatMap((area) => {
    const all = pairs.get(area.id) ?? [];
    const real = all.filter(({ m2 }) => m2 >= SMALLEST_SHARE * area.m2);
    const chosen =
      into === null ? (real.length > 0 ? real : all.slice(0, 1)) : all.filter((pair) => codeOf(pair) === into);
    if (chosen.length === 0)
      throw userError(`${area.name} (${area.code}) has no ground in ${into === null ? "any base grid" : into}`, {
        at: into === null ? "input.layerAreas" : "input.into",
        hint: "LayerArea.parts names the base grids that it lies in.",
      });
    for (const pair of chosen)
      if (!mayAct(viewer, "plan", codeOf(pair)))
        throw new AppError("USER", `the base grid ${codeOf(pair)} lies outside the area of your grant`, {
          code: "FORBIDDEN",
          at: "input.layerAreas",
          hint: "Planners merge in their own area.",
        });
    return chosen.map((pair) => ({
      id: newId(context.nowMs),
      layerId: area.layerId,
      layerAreaId: area.id,
      fromCode: area.code,
      fromName: area.name,
      toArea: pair.gridId,
      toCode: codeOf(pair),
      share: Math.min(1, pair.m2 / area.m2),
      at: now,
      author: viewer.name,
      role: viewer.role,
      reason,
    }));
  });
}
