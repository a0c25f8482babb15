import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeColumns } from "../../data/columns/format.ts";
import { incidentColumns } from "../../data/columns/incident-columns.ts";
import { selectRows } from "../../data/columns/select.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { leaderSums } from "../../web/seats/desk/leader-list.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type GraphqlAnswer, type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

interface Figure {
  readonly code: string;
  readonly name: string;
  readonly incidentSummary: { readonly overdueOpen: number } | null;
}

describeOnBothDatabases("overdue figures of a leader", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(() => api.close());

  const figures = async (viewer: Viewer): Promise<readonly Figure[]> => {
    const { data, errors } = await api.graphql<{ areas: { nodes: Figure[] } }>(
      `{ areas(filter: { inside: "${viewer.area}" }, first: 100) { nodes { code name incidentSummary { overdueOpen } } } }`,
      {},
      viewer,
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.areas.nodes;
  };

  /** Length of the list behind a figure, read page by page. */
  async function listLength(viewer: Viewer, code: string): Promise<number> {
    type Page = {
      incidents: { totalCount: number; nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    };
    let length = 0;
    let after: string | null = null;
    for (;;) {
      const answer: GraphqlAnswer<Page> = await api.graphql<Page>(
        `query ($after: String) { incidents(filter: { inside: "${code}", open: true, late: true }, orderBy: MOST_OVERDUE,
          first: 7, after: $after) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`,
        { after },
        viewer,
      );
      const { data, errors } = answer;
      if (!data) throw new Error(JSON.stringify(errors));
      length += data.incidents.nodes.length;
      if (data.incidents.pageInfo.hasNextPage) {
        after = data.incidents.pageInfo.endCursor;
        continue;
      }
      expect(data.incidents.totalCount).toBe(length);
      return length;
    }
  }

  it.each([
    ["a county", POLICY_COUNTY, 40],
    ["a town", `${POLICY_COUNTY}002`, 17],
  ])("equal the lengths of their lists, for the areas of %s", { timeout: 120_000 }, async (_, area, least) => {
    const leader = viewerAs("leader", area);
    const shown = (await figures(leader)).slice(0, 40);
    expect(shown.length).toBeGreaterThanOrEqual(least);
    let sum = 0;
    for (const { code, incidentSummary } of shown) {
      expect(incidentSummary?.overdueOpen, code).toBe(await listLength(leader, code));
      sum += incidentSummary?.overdueOpen ?? 0;
    }
    expect(sum).toBeGreaterThan(20);
  });

  it("equal what the desk counts in the columns that the leader holds", async () => {
    const leader = viewerAs("leader", `${POLICY_COUNTY}001`);
    const answer = await api.app.inject({
      url: `/columns/incidents?county=${POLICY_COUNTY}`,
      headers: viewerHeaders(leader),
    });
    const columns = incidentColumns(decodeColumns(answer.rawPayload));
    const shown = await figures(leader);
    for (const { code, incidentSummary } of shown) {
      const rows = selectRows(columns, { inside: code }, columns.asOf);
      const [row] = leaderSums(columns, rows, columns.asOf, [code]);
      expect(row?.late, code).toBe(incidentSummary?.overdueOpen);
    }
    expect(shown.length).toBeGreaterThan(10);
  });
});
