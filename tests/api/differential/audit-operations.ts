import { mayReadIn, type Viewer } from "../../../data/policy/viewer.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { askField, type Operation, type OperationMaker, refused, type World } from "./operation.ts";

/** What of the log is the same in every run: exports of other pairs add rows of their own. */
const ACTION = "county.load";

/** Only the auditor of the whole county, or of the server. */
const answer = ({ oracle }: World, viewer: Viewer | null): unknown => {
  if (!viewer) return refused("UNAUTHENTICATED");
  return mayReadIn(viewer, "audit", oracle.county) ? [ACTION] : refused("FORBIDDEN");
};

/** The log as a file. */
const exported: OperationMaker = (world): Operation => ({
  name: "audit.csv",
  async run(api, viewer) {
    const response = await api.app.inject({
      url: `/audit.csv?county=${world.oracle.county}&action=${ACTION}`,
      headers: viewerHeaders(viewer),
    });
    if (response.statusCode !== 200) return refused((response.json() as { code: string }).code);
    // Behind the line that says whose copy it is and the header.
    const lines = response.body.trimEnd().split("\r\n").slice(2);
    return lines.map((line) => line.split(",")[6]);
  },
  expected: (viewer) => answer(world, viewer),
});

/** The log page by page. */
const listed: OperationMaker = (world, prng): Operation => {
  const form = prng.int(0, 100);
  return {
    name: "auditLog",
    async run(api, viewer) {
      const found = await askField<{ nodes: { action: string }[] }>(
        api,
        viewer,
        form,
        "auditLog",
        `filter: { county: "${world.oracle.county}", action: "${ACTION}" }`,
        "{ nodes { action } }",
      );
      return "code" in found ? found : found.nodes.map(({ action }) => action);
    },
    expected: (viewer) => answer(world, viewer),
  };
};

export const AUDIT_EXPORT_OPERATIONS: readonly OperationMaker[] = [exported];
export const AUDIT_LOG_OPERATIONS: readonly OperationMaker[] = [listed];
