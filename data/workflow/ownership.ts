import type { Role } from "../policy/roles.ts";
import type { WorkflowDefinition } from "./definition.ts";
import { inboxRole } from "./walk.ts";

/** Who has a case beside an inbox. */
export interface Holders {
  readonly handlerId: string | null;
  readonly postId: string | null;
  readonly organisationId: string | null;
}

/**
 * The role inbox that a case waits in: none once somebody has it or it has ended, else that of the role which usually takes
 * its next step. So an open case always has an owner.
 *
 * @param area code of the case's deepest area; the county's code outside all
 */
export function inboxOf(
  workflow: WorkflowDefinition,
  step: string,
  { handlerId, postId, organisationId }: Holders,
  area: string,
): { readonly role: Role; readonly area: string } | null {
  if (handlerId !== null || postId !== null || organisationId !== null) return null;
  const role = inboxRole(workflow, step);
  return role && { role, area };
}
