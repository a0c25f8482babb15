import { mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { askField, type OperationMaker, refused } from "./operation.ts";

/** Lines before the rows: whose copy it is, and the names of the columns. */
const HEAD_LINES = 2;

function seen(viewer: Viewer | null, county: string): unknown {
  if (!viewer) return refused("UNAUTHENTICATED");
  return mayReadIn(viewer, "audit", county) ? [true] : refused("FORBIDDEN");
}

/** The export of the audit log: for the auditors of the whole county alone. The county was loaded once. */
const exportLog: OperationMaker = ({ oracle: { county } }) => ({
  name: "audit.csv",
  async run(api, viewer: Viewer | null) {
    const query = new URLSearchParams({ county, action: "county.load", to: "2100-01-01T00:00:00Z" });
    const answer = await api.app.inject({ url: `/audit.csv?${query}`, headers: viewerHeaders(viewer) });
    if (answer.statusCode !== 200) return refused((answer.json() as { code: string }).code);
    const rows = answer.body.trimEnd().split("\r\n").slice(HEAD_LINES);
    return rows.map((row) => row.split(",").includes("county.load"));
  },
  expected: (viewer) => seen(viewer, county),
});

/** The same log page by page. */
const listLog: OperationMaker = ({ oracle: { county } }, prng) => {
  const form = prng.int(0, 100);
  return {
    name: "auditLog",
    async run(api, viewer) {
      const found = await askField<{ nodes: { action: string }[] }>(
        api,
        viewer,
        form,
        "auditLog",
        `filter: { county: "${county}", action: "county.load" }`,
        "{ nodes { action } }",
      );
      return "code" in found ? found : found.nodes.map(({ action }) => action === "county.load");
    },
    expected: (viewer) => seen(viewer, county),
  };
};

export const AUDIT_LOG_OPERATIONS: readonly OperationMaker[] = [listLog];
export const AUDIT_OPERATIONS: readonly OperationMaker[] = [exportLog];
