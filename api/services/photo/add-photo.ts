import { AppError, notFound, userError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { isOpenState } from "../../../data/model/incident.ts";
import { MAX_PHOTOS_PER_CASE } from "../../../data/photo/limits.ts";
import { type StrippedPhoto, stripPhoto } from "../../../data/photo/strip-photo.ts";
import { mayAct, type Viewer } from "../../../data/policy/viewer.ts";
import type { Transaction } from "../../../db/driver.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { lockCase } from "../../../db/repositories/case-repository.ts";
import { keepResponse, useKey } from "../../../db/repositories/idempotency-repository.ts";
import { incidentsById } from "../../../db/repositories/incident-repository.ts";
import { countPhotos, insertPhoto, type PhotoRow, photoById } from "../../../db/repositories/photo-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { readingOf } from "../loaders.ts";
import { newId } from "../new-id.ts";
import { auditViewer, requireViewer } from "../report/actor.ts";
import { endedConflict } from "../report/case-conflicts.ts";
import { changingCases, recordCaseChange } from "../report/record-change.ts";
import { checkKey } from "../report/report-input.ts";
import { requireCountyOf, requireGlobalId } from "../require.ts";
import { required } from "../required.ts";

/**
 * Adds a picture to an open case, once per client's key (data rule 10). The case keeps its version: a picture is in nobody's
 * way who moves it on meanwhile; the feed tells that it looks different.
 *
 * @param text global id of the case
 * @param file JPEG or WebP; everything but the picture is dropped
 * @throws NOT_FOUND for what the viewer may not see, FORBIDDEN without the right to report or move cases there, CONFLICT for
 * an ended or full case or a key that was used for something else, BAD_USER_INPUT for a file that is no photo
 */
export async function addPhoto(
  context: RequestContext,
  text: string,
  key: string,
  file: Uint8Array,
): Promise<PhotoRow> {
  const viewer = requireViewer(context, "photos");
  const { county, id } = requireGlobalId(text, "Incident", "incident");
  checkKey(key);
  const photo = stripPhoto(file);
  const reading = readingOf(context, await requireCountyOf(context, county, `incident ${text}`, "incident"));
  const nothing = () => notFound(`there is no incident ${text}`, { at: "incident" });
  const seen = (await inCounty(context, county, (tx) => incidentsById(tx, reading, [id]))).get(id);
  if (!seen) throw nothing();
  if (viewer.kind === "kiosk" || !mayAct(viewer, "report", seen.scopeCode ?? county))
    throw new AppError("USER", `the role ${viewer.role} adds no photos here`, {
      code: "FORBIDDEN",
      at: "incident",
      hint: "A leader, dispatcher or grid worker of the area adds it.",
    });
  return changingCases(context, county, async (tx) => {
    const hash = requestHash(context, text, photo);
    const use = await useKey(tx, county, viewer.actor, key, hash, nowIso(context));
    if (use.hits > 1) {
      if (use.requestHash !== hash)
        throw new AppError("USER", "this key was used for something else", {
          code: "CONFLICT",
          at: "key",
          hint: "Make a new key for each photo; the same one only repeats it.",
        });
      // Deleted meanwhile with its case's report: as if it had never been there.
      const again = await photoById(tx, county, String(use.response?.["photo"]));
      if (!again) throw nothing();
      return again;
    }
    const added = await writePhoto(tx, context, viewer, county, id, photo);
    if (!added) throw nothing();
    await keepResponse(tx, county, viewer.actor, key, { photo: added.id });
    return added;
  });
}

async function writePhoto(
  tx: Transaction,
  context: RequestContext,
  viewer: Viewer,
  county: string,
  incidentId: string,
  photo: StrippedPhoto,
): Promise<PhotoRow | undefined> {
  const head = await lockCase(tx, county, incidentId);
  if (!head) return undefined;
  if (!isOpenState(head.state)) throw endedConflict("incident", head);
  if ((await countPhotos(tx, county, incidentId)) >= MAX_PHOTOS_PER_CASE)
    throw userError(`the case has ${MAX_PHOTOS_PER_CASE} photos already`, {
      code: "CONFLICT",
      at: "incident",
      hint: "More would show nothing more.",
    });
  const at = nowIso(context);
  const id = newId(context.nowMs);
  await insertPhoto(tx, { ...photo, county, id, incidentId, actor: viewer.role, createdAt: at });
  await recordCaseChange(tx, context, { ...head, county, scopeBefore: head.scopeCode });
  await appendAudit(tx, county, {
    ...auditViewer(context, viewer),
    action: "incident.photo",
    entity: {
      incident: toGlobalId("Incident", county, incidentId),
      photo: id,
      bytes: photo.bytes.length,
      sensitive: head.sensitive,
    },
    reason: null,
    at,
  });
  return required(await photoById(tx, county, id), `photo ${id}`);
}

/** A keyed hash of what is sent: an ordinary one would tell whether two cases have the same picture. */
const requestHash = (context: RequestContext, incident: string, { bytes }: StrippedPhoto): string =>
  Buffer.from(
    context.sealer.digest("request", `addPhoto ${incident} ${Buffer.from(bytes).toString("base64")}`),
  ).toString("base64url");
