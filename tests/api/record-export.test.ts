import { afterAll, beforeAll, expect, it } from "vitest";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { viewerAs } from "../helpers/viewers.ts";

const EXPORT = `mutation ($area: String!) { recordExport(areaCode: $area, list: "事件列表", rows: 12) }`;
const TOWN = SMALL_CODES.town;

describeOnBothDatabases("taking a list out as a file", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty(5)], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const log = async () => {
    const { data } = await api.graphql<{ auditLog: { nodes: { actor: string; role: string; entity: string }[] } }>(
      `{ auditLog(filter: { county: "${SMALL_COUNTY}", action: "export." }) { nodes { actor role entity } } }`,
      {},
      viewerAs("auditor", SMALL_COUNTY),
    );
    return data?.auditLog.nodes ?? [];
  };

  it("is in the audit log before the file is written", async () => {
    const leader = viewerAs("leader", TOWN);
    const before = (await log()).length;
    expect((await api.graphql(EXPORT, { area: TOWN }, leader)).data).toEqual({ recordExport: true });
    const rows = await log();
    expect(rows).toHaveLength(before + 1);
    expect(rows[0]).toMatchObject({ actor: leader.actor, role: "LEADER" });
    expect(JSON.parse(rows[0]?.entity ?? "{}")).toEqual({ area: TOWN, list: "事件列表", rows: 12, format: "xlsx" });
  });

  it("is refused to walls and grid workers, outside one's area, and to visitors; nothing is logged", async () => {
    const before = (await log()).length;
    for (const [viewer, area] of [
      [viewerAs("wall", SMALL_COUNTY), SMALL_COUNTY],
      [viewerAs("grid_worker", TOWN), TOWN],
      [viewerAs("leader", TOWN), SMALL_COUNTY],
      [viewerAs("leader", TOWN, { visitor: true }), TOWN],
    ] as const) {
      const { errors } = await api.graphql(EXPORT, { area }, viewer);
      expect(errors?.[0]?.extensions?.["code"], viewer.name).toBe("FORBIDDEN");
    }
    expect((await api.graphql(EXPORT, { area: TOWN }, null)).errors?.[0]?.extensions?.["code"]).toBe("UNAUTHENTICATED");
    expect(await log()).toHaveLength(before);
  });
});
