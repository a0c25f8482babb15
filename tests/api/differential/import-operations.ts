import { mayAct, mayRead, type Viewer } from "../../../data/policy/viewer.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";
import { askField, type OperationMaker, refused } from "./operation.ts";

const UPLOAD = "01900000-0000-4000-8000-000000000000";

/** Imports are for administrators of the whole county alone: also their files' names, and how far one is. */
function seen(viewer: Viewer | null, county: string, answer: unknown): unknown {
  if (!viewer) return refused("UNAUTHENTICATED");
  return mayAct(viewer, "import", county) ? answer : refused("FORBIDDEN");
}

/** Names of the files of an upload, of which there is none. */
const listFiles: OperationMaker = ({ oracle: { county } }) => ({
  name: "imports/files",
  async run(api, viewer) {
    const query = new URLSearchParams({ county, upload: UPLOAD });
    const answer = await api.app.inject({ url: `/imports/files?${query}`, headers: viewerHeaders(viewer) });
    return answer.statusCode === 200
      ? answer.json<{ files: unknown[] }>().files
      : refused(answer.json<{ code: string }>().code);
  },
  expected: (viewer) => seen(viewer, county, []),
});

/** A part of no bytes of a file: refused before anything is written, or for its name. */
const sendNothing: OperationMaker = ({ oracle: { county } }) => ({
  name: "imports/files, sent",
  async run(api, viewer) {
    const query = new URLSearchParams({ county, upload: UPLOAD, name: "../x" });
    const headers = { ...viewerHeaders(viewer), "content-type": "application/octet-stream" };
    const answer = await api.app.inject({ method: "POST", url: `/imports/files?${query}`, headers, payload: "x" });
    return refused(answer.json<{ code: string }>().code);
  },
  expected: (viewer) => seen(viewer, county, refused("BAD_USER_INPUT")),
});

/** The history: the county was loaded, never imported into. */
const listImports: OperationMaker = ({ oracle: { county } }, prng) => {
  const form = prng.int(0, 100);
  return {
    name: "imports",
    async run(api, viewer) {
      const found = await askField<{ totalCount: number }>(
        api,
        viewer,
        form,
        "imports",
        `county: "${county}"`,
        "{ totalCount }",
      );
      return "code" in found ? found : found.totalCount;
    },
    expected(viewer) {
      if (viewer && !mayRead(viewer, "import")) return refused("FORBIDDEN");
      return seen(viewer, county, 0);
    },
  };
};

export const IMPORT_LOG_OPERATIONS: readonly OperationMaker[] = [listImports];
export const IMPORT_OPERATIONS: readonly OperationMaker[] = [listFiles, sendNothing];
