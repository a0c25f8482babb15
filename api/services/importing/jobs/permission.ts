import { AppError, userError } from "../../../../data/model/errors.ts";
import { mayAct, type Viewer } from "../../../../data/policy/viewer.ts";
import type { RequestContext } from "../../../context.ts";
import { requireViewer } from "../../report/actor.ts";
import { requireCounty } from "../../require.ts";

/**
 * Whoever may import into a county: an administrator of the whole of it.
 *
 * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND without such a county
 */
export async function requireImporter(context: RequestContext, county: string, at = "county"): Promise<Viewer> {
  const viewer = requireImportRight(context, county, at);
  await requireCounty(context, county, at);
  return viewer;
}

/**
 * The same of the viewer's grant alone, without asking the database whether there is such a county.
 *
 * @throws UNAUTHENTICATED, FORBIDDEN
 */
export function requireImportRight(context: RequestContext, county: string, at = "county"): Viewer {
  const viewer = requireViewer(context, at);
  if (!/^\d{6}$/.test(county))
    throw userError(`"${county}" is not the code of a county`, { at, hint: "Six digits (GB/T 2260)." });
  if (!mayAct(viewer, "import", county))
    throw new AppError("USER", `the role ${viewer.role} imports nothing into ${county} here`, {
      code: "FORBIDDEN",
      at,
      hint: "An administrator of the whole county imports files.",
    });
  return viewer;
}
