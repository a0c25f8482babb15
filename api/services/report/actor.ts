import { AppError } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import type { AuditEntry } from "../../../db/repositories/audit-repository.ts";
import { unauthenticated } from "../../channels.ts";
import type { RequestContext } from "../../context.ts";

type Actor = Pick<AuditEntry, "actor" | "actorName" | "role" | "address">;

/** Who asks; throws UNAUTHENTICATED for nobody. @param at the field that was asked for */
export function requireViewer(context: RequestContext, at: string): Viewer {
  if (context.viewer) return context.viewer;
  throw unauthenticated(at);
}

/** The account that asks: tokens and kiosks have none, and nothing can be handed to them. */
export function requireAccount(viewer: Viewer, at: string): string {
  if (viewer.accountId !== null) return viewer.accountId;
  throw new AppError("USER", "this is for accounts of people", {
    code: "FORBIDDEN",
    at,
    hint: "Sign in with an account; a token or kiosk handles no case.",
  });
}

/** Who did it, for the audit log. */
export const auditViewer = (context: RequestContext, viewer: Viewer): Actor => ({
  actor: viewer.actor,
  actorName: viewer.name,
  role: viewer.role,
  address: context.address,
});

/** A reporter, who has no account: named by the report. */
export const auditReporter = (context: RequestContext, county: string, incidentId: string): Actor => ({
  actor: toGlobalId("Report", county, incidentId),
  actorName: null,
  role: null,
  address: context.address,
});
