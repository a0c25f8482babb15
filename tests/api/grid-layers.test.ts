import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { IMPORT_RUNNERS } from "../../api/services/importing/registry.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { undoImport } from "../../db/import/undo-import.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { importLayer, POLICY_LAYER } from "../helpers/grid-layers.ts";
import {
  ground,
  movedBorder,
  PLAN_COMMUNITY,
  PLAN_LEADER,
  PLANNER,
  planDone,
  readBase,
  TOWN_PLANNER,
} from "../helpers/plans.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs } from "../helpers/viewers.ts";

const grid = (n: number): string => `${PLAN_COMMUNITY}00${n}`;

interface Part {
  readonly grid: { readonly code: string } | null;
  readonly layerArea: { readonly code: string };
  readonly shareOfGrid: number;
  readonly shareOfLayerArea: number;
  readonly main: boolean;
  readonly basis: string;
  readonly households: number | null;
}
interface Layer {
  readonly id: string;
  readonly kind: string;
  readonly areas: {
    readonly nodes: readonly {
      readonly id: string;
      readonly code: string;
      readonly mergedAt: string | null;
      readonly parts: readonly Part[];
    }[];
  };
  readonly conflicts: {
    readonly nodes: readonly {
      readonly kind: string;
      readonly grid: { readonly code: string } | null;
      readonly layerAreas: readonly { readonly code: string }[];
      readonly share: number;
    }[];
  };
  readonly merges?: readonly {
    readonly fromCode: string;
    readonly toCode: string;
    readonly share: number;
    readonly author: string;
    readonly reason: string;
  }[];
}
const PARTS = "{ grid { code } layerArea { code } shareOfGrid shareOfLayerArea main basis households }";
const LAYER = `{ id kind areas { nodes { id code mergedAt parts ${PARTS} } } conflicts { nodes { kind grid { code } layerAreas { code } share } } merges { fromCode toCode share author reason } }`;

describeOnBothDatabases("layers of grids", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
    await importLayer(database, POLICY_LAYER);
  });
  afterAll(() => api.close());

  const ask = async <T>(query: string, viewer: Viewer = PLANNER): Promise<T> => {
    const { data, errors } = await api.graphql<T>(query, {}, viewer);
    if (!data || errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const read = async (viewer: Viewer = PLANNER): Promise<Layer> => {
    const { gridLayers } = await ask<{ gridLayers: Layer[] }>(
      `{ gridLayers(county: "${POLICY_COUNTY}") ${LAYER} }`,
      viewer,
    );
    const [layer] = gridLayers;
    if (!layer) throw new Error("no layer");
    return layer;
  };
  const merge = (input: object, viewer: Viewer = PLANNER) =>
    api.graphql<{ mergeLayerAreas: Layer }>(
      `mutation ($input: MergeLayerAreasInput!) { mergeLayerAreas(input: $input) ${LAYER} }`,
      { input: { key: randomUUID(), reason: "县委编办〔2026〕1号", ...input } },
      viewer,
    );
  const conflict = (layer: Layer, kind: string, code: string) =>
    layer.conflicts.nodes.find((one) => one.kind === kind && (one.grid?.code ?? one.layerAreas[0]?.code) === code);
  const of = (layer: Layer, code: string) => {
    const found = layer.areas.nodes.find((one) => one.code === code);
    if (!found) throw new Error(`no grid ${code}`);
    return found;
  };

  it("says which grid cuts which base grid with what share, what nobody has and what two have", async () => {
    const layer = await read();
    expect(layer.kind).toBe("GOVERNANCE");
    // Every household of grid 2 lives on the ground that A holds: A answers for it, though B holds more of it.
    expect(of(layer, "A").parts.map((part) => [part.grid?.code, part.main, part.basis])).toEqual([
      [grid(1), true, "HOUSEHOLDS"],
      [grid(2), true, "HOUSEHOLDS"],
    ]);
    expect(of(layer, "A").parts[1]?.shareOfGrid).toBeCloseTo(0.5, 3);
    expect(of(layer, "A").parts[1]?.shareOfLayerArea).toBeCloseTo(1 / 3, 3);
    expect(conflict(layer, "CUT", grid(2))?.layerAreas.map(({ code }) => code)).toEqual(["B", "A"]);
    expect(conflict(layer, "CUT", grid(2))?.share).toBeCloseTo(0.5, 3);
    expect(conflict(layer, "DOUBLE", grid(2))?.share).toBeCloseTo(0.1, 3);
    expect(conflict(layer, "UNOWNED", grid(5))?.share).toBe(1);
    expect(conflict(layer, "UNOWNED", grid(1))).toBeUndefined();
    expect(conflict(layer, "SPREAD", "B")?.share).toBeCloseTo(0.6 / 1.6, 2);
    for (const event of api.takeStatements()) expect(lintEvent(event)).toEqual([]);
  });

  it("answers for each base grid, and tells households to whom they are told", async () => {
    const query = `{ grid(code: "${grid(2)}") { layerParts ${PARTS} } }`;
    const parts = async (viewer: Viewer) =>
      (await ask<{ grid: { layerParts: Part[] } }>(query, viewer)).grid.layerParts;
    const planner = await parts(PLANNER);
    expect(planner.map(({ layerArea, main }) => [layerArea.code, main])).toEqual([
      ["A", true],
      ["B", false],
    ]);
    const told = planner.map(({ households }) => households ?? 0);
    expect(Math.max(...told)).toBeGreaterThan(0);
    const small = (n: number | null): number | null => (n !== null && n > 0 && n < 5 ? null : n);
    expect((await parts(PLAN_LEADER)).map(({ households }) => households)).toEqual(told.map(small));
    // The ground is the map's; who lives on it is not for another town.
    const outside = await parts(viewerAs("leader", `${POLICY_COUNTY}002`));
    expect(outside.map(({ households, shareOfGrid }) => [households, shareOfGrid > 0])).toEqual([
      [null, true],
      [null, true],
    ]);
  });

  it("merges with a record of old and new, who, when and why, once", async () => {
    const before = await read();
    const c = of(before, "C");
    const code = (answer: { readonly errors?: readonly { readonly extensions?: unknown }[] | undefined }) =>
      (answer.errors?.[0]?.extensions as { code?: string } | undefined)?.code;
    expect(code(await merge({ layer: before.id, layerAreas: [c.id], into: grid(2) }))).toBe("BAD_USER_INPUT");
    expect(code(await merge({ layer: before.id, layerAreas: [c.id] }, TOWN_PLANNER))).toBe("FORBIDDEN");
    expect(code(await merge({ layer: before.id, layerAreas: [c.id] }, PLAN_LEADER))).toBe("FORBIDDEN");
    expect(code(await merge({ layer: before.id, layerAreas: [c.id], reason: " " }))).toBe("BAD_USER_INPUT");
    const key = randomUUID();
    const input = { layer: before.id, layerAreas: [c.id], into: grid(4), key };
    const done = (await merge(input)).data?.mergeLayerAreas;
    expect((await merge(input)).data?.mergeLayerAreas.merges).toEqual(done?.merges);
    expect(done?.merges).toEqual([
      { fromCode: "C", toCode: grid(4), share: 1, author: "planner 1", reason: "县委编办〔2026〕1号" },
    ]);
    expect(of(done as Layer, "C").mergedAt).not.toBeNull();
    expect(conflict(done as Layer, "UNOWNED", grid(4))).toBeUndefined();
    expect(code(await merge({ layer: before.id, layerAreas: [c.id] }))).toBe("CONFLICT");
    // Another town's planner sees that it is merged, and no record of it.
    expect((await read(TOWN_PLANNER)).merges).toEqual([]);
    const log = await ask<{ auditLog: { nodes: { action: string; reason: string }[] } }>(
      `{ auditLog(filter: { county: "${POLICY_COUNTY}" }, first: 5) { nodes { action reason } } }`,
      viewerAs("auditor", POLICY_COUNTY),
    );
    expect(log.auditLog.nodes).toContainEqual({ action: "layer.merge", reason: "县委编办〔2026〕1号" });
  });

  it("follows a plan that moves a base grid's border, and keeps what held before", async () => {
    const base = await readBase(api);
    const plan = await planDone(api, "createPlan", { scope: PLAN_COMMUNITY, name: "移界" });
    const saved = await planDone(api, "savePlan", { id: plan.id, revision: 1, changes: movedBorder(base, 2.5) });
    await planDone(api, "submitPlan", { id: plan.id, revision: saved.revision });
    await planDone(api, "approvePlan", { id: plan.id, revision: saved.revision }, PLAN_LEADER);
    await planDone(api, "publishPlan", { id: plan.id, revision: saved.revision, effectiveOn: "2026-01-15" });
    const parts = of(await read(), "A").parts;
    // Grid 2 runs from 1 to 2.5 now: A holds a third of it.
    expect(parts.find((part) => part.grid?.code === grid(2))?.shareOfGrid).toBeCloseTo(1 / 3, 3);
    const rows = await api.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
      tx.rows<{ open: number; ended: number }>(
        `SELECT count(*) FILTER (WHERE m.valid_to > '9000-01-01') AS open, count(*) FILTER (WHERE m.valid_to < '9000-01-01') AS ended
         FROM layer_grid_map m WHERE m.county = $1`,
        [POLICY_COUNTY],
      ),
    );
    expect(rows[0]?.open).toBe(5);
  });

  it("goes back with its import", async () => {
    const dir = mkdtempSync(join(tmpdir(), "jingwei-layers-"));
    const file = join(dir, "grids.geojson");
    const feature = {
      type: "Feature",
      properties: { 网格编码: "U" },
      geometry: ground([0, 0], [3, 0], [3, 2], [0, 2]),
    };
    writeFileSync(file, JSON.stringify({ type: "FeatureCollection", features: [feature] }));
    const kind = "layers";
    const report = await IMPORT_RUNNERS[kind](api.database, {
      county: POLICY_COUNTY,
      files: [file],
      dryRun: false,
      level: undefined,
      crs: "wgs84",
      map: {},
      layerOfGrids: "城管网格",
      nowMs: Date.parse(POLICY_NOW) + 60_000,
      actor: "test",
      onProgress: () => undefined,
    }).finally(() => rmSync(dir, { recursive: true }));
    expect(report).toMatchObject({ kind, read: 1, loaded: 1 });
    const names = async () =>
      (
        await ask<{ gridLayers: { name: string }[] }>(`{ gridLayers(county: "${POLICY_COUNTY}") { name } }`)
      ).gridLayers.map(({ name }) => name);
    expect(await names()).toEqual(["城管网格", "综治网格"]);
    const [batch] = await api.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
      tx.rows<{ id: string }>("SELECT b.id FROM import_batch b WHERE b.county = $1 ORDER BY b.at DESC LIMIT 1", [
        POLICY_COUNTY,
      ]),
    );
    const context = { county: POLICY_COUNTY, nowMs: Date.parse(POLICY_NOW) + 120_000, actor: "test" };
    await undoImport(api.database, context, batch?.id ?? "");
    expect(await names()).toEqual(["综治网格"]);
  });
});
