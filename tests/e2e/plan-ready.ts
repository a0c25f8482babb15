import { cutCell } from "../../data/coverage/plan-graph/actions/cut-cell.ts";
import type { PlanGraph } from "../../data/coverage/plan-graph/plan-graph.ts";
import { areaM2, bboxOf } from "../../data/geo/measure.ts";
import type { GridLayerDraft } from "../../data/importers/grid-layer-features.ts";
import { ImportLog } from "../../data/importers/report.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { fromLattice, type MultiPolygonRings, toLattice } from "../../data/model/geometry.ts";
import type { PlanChange } from "../../data/planning/plan.ts";
import { unpackPolygons } from "../../data/planning/plan-base.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { Database } from "../../db/driver.ts";
import { importGridLayers } from "../../db/import/grid-layer-import.ts";
import { baseGraph, ChangeKeeper } from "../../web/seats/plan/state/changes.ts";
import { withMicroCodes } from "../../web/seats/plan/state/micro-codes.ts";
import { testApiOver } from "../helpers/api.ts";
import { planDone, readBase } from "../helpers/plans.ts";
import { viewerAs } from "../helpers/viewers.ts";

/** What stands ready for tests of plans on paper and of layers of grids: made without a browser, since none of it is their subject. */

/** An approved plan that cuts one cell in two. */
export interface ReadyPlan {
  readonly id: string;
  /** Code of the cell that was cut, and of the new one. */
  readonly codes: readonly [old: string, fresh: string];
}

/** One cell cut across the middle of its box, and what the plan then changes; undefined where that is refused. */
function cutAcross(graph: PlanGraph, id: string, polygons: MultiPolygonRings): PlanChange[] | undefined {
  const box = bboxOf(polygons);
  if (!box) return undefined;
  const [west, south, east, north] = box.map(toLattice) as [number, number, number, number];
  const y = Math.round((south + north) / 2);
  const line = [[west - 1000, y] as const, [east + 1000, y] as const];
  const result = cutCell(graph, { line, cells: [id] });
  if (!result.ok) return undefined;
  const keeper = new ChangeKeeper(graph);
  const changes = keeper.of(withMicroCodes(graph, graph, result.graph));
  return changes.filter(({ areaId }) => areaId === null).length === 1 ? [...changes] : undefined;
}

/** Makes a plan of a community, hands it in and has it approved. */
export async function approvedPlan(database: Database, community: string, now: string): Promise<ReadyPlan> {
  const county = community.slice(0, 6);
  const account = (n: number, role: Viewer["role"], name: string): Viewer => {
    const accountId = `00000000-0000-7000-8000-00000000020${n}`;
    return viewerAs(role, county, { accountId, actor: `Account:${county}:${accountId}`, name });
  };
  const [planner, leader] = [account(1, "planner", "甲规划员"), account(2, "leader", "乙书记")];
  const api = await testApiOver(database, { datasets: [], classes: [], now });
  try {
    const base = await readBase(api, community, planner);
    const cells = base.cells.map((cell) => ({ ...cell, geometry: unpackPolygons(cell.polygons) }));
    const graph = baseGraph({ cells, retired: base.retired });
    for (const { id, code, geometry } of cells) {
      const changes = cutAcross(graph, id, geometry);
      const fresh = changes?.find(({ areaId }) => areaId === null);
      if (!changes || !fresh) continue;
      const plan = await planDone(api, "createPlan", { scope: community, name: "图册测试" }, planner);
      const wire = changes.map(({ cell, code: own, kind, name, geometry: ground }) => ({
        ...{ cell, code: own, kind: kind.toUpperCase(), name },
        geometry: ground && { type: "MultiPolygon", coordinates: ground },
      }));
      const saved = await planDone(api, "savePlan", { id: plan.id, revision: plan.revision, changes: wire }, planner);
      await planDone(api, "submitPlan", { id: plan.id, revision: saved.revision }, planner);
      await planDone(api, "approvePlan", { id: plan.id, revision: saved.revision }, leader);
      return { id: plan.id, codes: [code, fresh.code] };
    }
    throw new Error(`no cell of ${community} can be cut in two across its middle`);
  } finally {
    await api.close();
  }
}

/** Grids of two layers over a community: one cuts base grids down the middle, the other has two of them as they are. */
export async function importLayersOver(
  database: Database,
  { areas }: CountyDataset,
  community: string,
  now: string,
): Promise<void> {
  const grids = areas.filter(({ code, level }) => level === "grid" && code.startsWith(community));
  const box = bboxOf(grids.flatMap(({ geometry }) => geometry));
  if (!box) throw new Error(`${community} has no grids`);
  const [west, south, east, north] = box;
  const middle = fromLattice(toLattice((west + east) / 2));
  const block = (from: number, to: number): MultiPolygonRings => [
    [
      [
        [from, south],
        [to, south],
        [to, north],
        [from, north],
        [from, south],
      ],
    ],
  ];
  const draft = (layer: string, code: string, geometry: MultiPolygonRings): GridLayerDraft => ({
    ...{ at: `${layer}#${code}`, layer, code, name: `${layer}${code}`, unit: "综治中心", date: "2025-06-01" },
    ...{ geometry, areaM2: areaM2(geometry) },
  });
  const drafts = [
    draft("综治网格", "W", block(west, middle)),
    draft("综治网格", "E", block(middle, east)),
    ...grids.slice(0, 2).map(({ geometry }, n) => draft("城管网格", `C${n + 1}`, geometry)),
  ];
  const context = { county: community.slice(0, 6), files: ["layers.geojson"], dryRun: false, nowMs: Date.parse(now) };
  await importGridLayers(
    database,
    { ...context, actor: "test", onProgress: () => undefined },
    { drafts, read: drafts.length, source: "layers.geojson", crs: "EPSG:4326", log: new ImportLog() },
  );
}
