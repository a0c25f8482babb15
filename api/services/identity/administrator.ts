import { AppError } from "../../../data/model/errors.ts";
import { ROOT_COUNTY, type Role } from "../../../data/policy/roles.ts";
import { areaWithin, mayAct } from "../../../data/policy/viewer.ts";
import { type AuditEntry, systemActor } from "../../../db/repositories/audit-repository.ts";
import { unauthenticated } from "../../channels.ts";
import type { RequestContext } from "../../context.ts";

/** Somebody who hands out credentials. */
export interface Administrator {
  /** For the audit log. */
  readonly audit: Pick<AuditEntry, "actor" | "actorName" | "role" | "address">;
  /** What lists show as the maker. */
  readonly shownName: string;
  /** Code of the own area within a county; undefined where the own grant does not reach it. */
  readonly within: (county: string) => string | undefined;
  /** May hand out this role at all? */
  readonly mayHandOut: (role: Role) => boolean;
}

/** Whoever can run a command on the server's own database can do everything there. */
export const COMMAND_LINE: Administrator = {
  audit: systemActor("cli"),
  shownName: "jingwei CLI",
  within: (county) => county,
  mayHandOut: () => true,
};

/**
 * The administrator that a request comes from. Only people hand out credentials: a token that makes tokens would never
 * end. Tokens with the administrator's role come from administrators of the server, such with the auditor's only from the
 * command line, since an administrator must not be able to read what the audit log says of them.
 *
 * @throws UNAUTHENTICATED, FORBIDDEN
 */
export function requireAdministrator(context: RequestContext, at: string): Administrator {
  const { viewer } = context;
  if (!viewer) throw unauthenticated(at);
  if (viewer.kind !== "account" || viewer.role !== "admin" || viewer.visitor)
    throw new AppError("USER", "only an administrator who is signed in does this", {
      code: "FORBIDDEN",
      at,
      hint: "Sign in with an account that has the role admin, and leave visitor mode.",
    });
  return {
    audit: { actor: viewer.actor, actorName: viewer.name, role: viewer.role, address: context.address },
    shownName: viewer.name,
    within: (county) => {
      const own = areaWithin(viewer, county);
      return own !== undefined && mayAct(viewer, "manage", own) ? own : undefined;
    },
    mayHandOut: (role) => role !== "auditor" && (role !== "admin" || viewer.county === ROOT_COUNTY),
  };
}
