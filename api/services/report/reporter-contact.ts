import { notFound } from "../../../data/model/errors.ts";
import { reachesCounty } from "../../../data/policy/viewer.ts";
import { appendAudit } from "../../../db/repositories/audit-repository.ts";
import { contactOfHandler } from "../../../db/repositories/contact-repository.ts";
import { handlesCase } from "../../../db/repositories/report-repository.ts";
import { inCounty, nowIso, type RequestContext } from "../../context.ts";
import { requireGlobalId } from "../require.ts";
import { auditViewer, requireViewer } from "./actor.ts";
import { openContact } from "./contact-seal.ts";
import { checkReason } from "./reason.ts";

/**
 * A reporter's contact, for the current handler of the case. The read is audited with its reason in its own transaction;
 * the database itself shows the row to nobody else.
 *
 * @returns null when the handler's case has no contact
 * @throws NOT_FOUND for everybody else, the same whether there is a contact, a case, or neither
 */
export async function reporterContact(context: RequestContext, text: string, why: string): Promise<string | null> {
  const viewer = requireViewer(context, "Query.reporterContact");
  const reason = checkReason(why);
  const { county, id } = requireGlobalId(text, "Incident", "incident");
  const nothing = () =>
    notFound(`you handle no incident ${text}`, {
      at: "incident",
      hint: "A contact is opened by the handler of the case only: Mutation.takeIncident.",
    });
  const { accountId } = viewer;
  if (accountId === null || !reachesCounty(viewer, county)) throw nothing();
  return inCounty(context, county, async (tx) => {
    if (!(await handlesCase(tx, county, id, accountId))) throw nothing();
    const sealed = await contactOfHandler(tx, county, id, accountId);
    if (!sealed) return null;
    await appendAudit(tx, county, {
      ...auditViewer(context, viewer),
      action: "sealed.read",
      entity: { incident: text, what: "reporter_contact" },
      reason,
      at: nowIso(context),
    });
    return openContact(context.sealer, county, id, sealed);
  });
}
