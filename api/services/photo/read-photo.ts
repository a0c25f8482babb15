import { notFound } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { PhotoType } from "../../../data/photo/limits.ts";
import { reachesCounty } from "../../../data/policy/viewer.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { photoById, photoBytes } from "../../../db/repositories/photo-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { checkReason } from "../report/reason.ts";
import { requireGlobalId, requireRole } from "../require.ts";
import { required } from "../required.ts";

/** A picture as it is sent. */
export interface PhotoFile {
  readonly type: PhotoType;
  readonly bytes: Uint8Array;
  /** True where nothing on the way may keep it. */
  readonly sealed: boolean;
}

/**
 * The file of a picture, under the viewer's own scope. One of a sensitive case is opened by its handler, with a reason; the
 * read is audited in its own transaction.
 *
 * @param why reason; needed for sealed pictures only
 * @throws NOT_FOUND for what the viewer may not see, the same whether it is there or not
 */
export async function readPhoto(
  context: RequestContext,
  county: string,
  id: string,
  why: string | undefined,
): Promise<PhotoFile> {
  const viewer = requireViewer(context, "photos");
  requireRole(context, "incident_text", "photos");
  const nothing = () => notFound(`there is no photo ${id}`, { at: "id" });
  if (!reachesCounty(viewer, county)) throw nothing();
  const photo = requireGlobalId(toGlobalId("IncidentPhoto", county, id), "IncidentPhoto");
  return inCounty(context, county, async (tx) => {
    const found = await photoById(tx, county, photo.id);
    if (!found) throw nothing();
    if (found.sensitive)
      await appendAudit(tx, county, {
        ...auditViewer(context, viewer),
        action: "sealed.read",
        entity: { incident: toGlobalId("Incident", county, found.incidentId), what: "incident_photo", photo: id },
        reason: checkReason(why ?? ""),
        at: nowIso(context),
      });
    const bytes = required(await photoBytes(tx, county, photo.id), `photo ${id}`);
    return { type: found.type, bytes, sealed: found.sensitive };
  });
}
