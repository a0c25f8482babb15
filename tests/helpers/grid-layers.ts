import { readGridLayerDrafts } from "../../data/importers/grid-layer-features.ts";
import type { RawFeature } from "../../data/importers/raw-layer.ts";
import { ImportLog } from "../../data/importers/report.ts";
import type { Database } from "../../db/driver.ts";
import { importGridLayers } from "../../db/import/grid-layer-import.ts";
import { POLICY_COUNTY, POLICY_NOW } from "../fixtures/policy-county.ts";
import { ground } from "./plans.ts";

type Corner = readonly [x: number, y: number];

/** A grid of a layer in cells of the county of `tests/fixtures/policy-county.ts`. */
export interface DrawnLayerArea {
  readonly code: string;
  readonly corners: readonly Corner[];
}

/** A rectangle. */
const block = (code: string, west: number, south: number, east: number, north: number): DrawnLayerArea => ({
  code,
  corners: [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ],
});

/** Grids that cut, overlap and leave ground of the first community (grids 1–3 below, 4–6 above), by hand. */
export const POLICY_LAYER: readonly DrawnLayerArea[] = [
  // Grid 1 and half of grid 2, twice a tenth of which is also B's.
  block("A", 0, 0, 1.5, 1),
  block("B", 1.4, 0, 3, 1),
  // Grid 4 whole; 5 and 6 are left to nobody.
  block("C", 0, 1, 1, 2),
];

/** Imports grids of a layer as `jingwei import layers` does. */
export async function importLayer(
  database: Database,
  areas: readonly DrawnLayerArea[],
  layer = "综治网格",
  nowMs: number = Date.parse(POLICY_NOW),
): Promise<void> {
  const log = new ImportLog();
  const features = async function* (): AsyncGenerator<RawFeature> {
    for (const [n, { code, corners }] of areas.entries())
      yield {
        at: `layer.geojson#${n + 1}`,
        number: n + 1,
        id: undefined,
        properties: { 网格编码: code, 网格名称: `${layer}${code}`, 责任单位: "综治中心", 划定日期: "2025-06-01" },
        geometry: ground(...corners),
      };
  };
  const fields = { id: "网格编码", name: "网格名称", unit: "责任单位", date: "划定日期" };
  const drafts = await readGridLayerDrafts(features(), fields, layer, log, new Map());
  await importGridLayers(
    database,
    {
      county: POLICY_COUNTY,
      files: ["layer.geojson"],
      dryRun: false,
      nowMs,
      actor: "test",
      onProgress: () => undefined,
    },
    { drafts, read: areas.length, source: "layer.geojson", crs: "EPSG:4326", log },
  );
}
