import { toGlobalId } from "../../../data/model/ids.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { placeOfHandler } from "../../../db/repositories/case-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import type { IncidentRow } from "../../mappers.ts";
import { auditViewer, requireViewer } from "./actor.ts";
import { checkReason } from "./reason.ts";

/**
 * The true place of a sensitive case, for its current handler. The read is audited with its reason in its own transaction.
 *
 * @returns lon, lat in degrees WGS 84; null for everybody else and for cases whose place is not sealed
 */
export async function exactPoint(
  context: RequestContext,
  { county, id }: Pick<IncidentRow, "county" | "id">,
  why: string,
): Promise<number[] | null> {
  const viewer = requireViewer(context, "Incident.exactPoint");
  const reason = checkReason(why);
  const { accountId } = viewer;
  if (accountId === null) return null;
  return inCounty(context, county, async (tx) => {
    const place = await placeOfHandler(tx, county, id, accountId);
    if (!place) return null;
    await appendAudit(tx, county, {
      ...auditViewer(context, viewer),
      action: "sealed.read",
      entity: { incident: toGlobalId("Incident", county, id), what: "incident_sealed_place" },
      reason,
      at: nowIso(context),
    });
    return [...place];
  });
}
