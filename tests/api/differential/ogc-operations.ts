import { mayRead, reachesCounty, type Viewer } from "../../../data/policy/viewer.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { KINDS, readRows } from "./export-operations.ts";
import { type OperationMaker, refused } from "./operation.ts";

const COLLECTIONS = ["areas", "incidents", "cameras"] as const;

/** All items of a collection: walls get nothing here, others what they get elsewhere. */
const items: OperationMaker = (world, prng) => {
  const { county } = world.oracle;
  const kind = prng.pick(COLLECTIONS);
  const url = `/ogc/collections/${county}.${kind}/items?limit=10000&f=json`;
  return {
    name: url,
    async run(api, viewer: Viewer | null) {
      const answer = await api.app.inject({ url, headers: viewerHeaders(viewer) });
      return answer.statusCode === 200 ? readRows(kind, answer.body) : refused(answer.json<{ code: string }>().code);
    },
    expected(viewer: Viewer | null) {
      if (!viewer) return refused("UNAUTHENTICATED");
      if (viewer.kind === "kiosk") return refused("FORBIDDEN");
      if (!reachesCounty(viewer, county)) return refused("NOT_FOUND");
      const { resource, rows } = KINDS[kind];
      return mayRead(viewer, resource) ? rows(world, viewer, county).toSorted() : refused("FORBIDDEN");
    },
  };
};

export const OGC_OPERATIONS: readonly OperationMaker[] = [items];
