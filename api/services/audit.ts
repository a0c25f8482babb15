import { userError } from "../../data/model/errors.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import type { Transaction } from "../../db/driver.ts";
import type { AuditLogFilter } from "../../db/repositories/audit-log-repository.ts";
import type { AuditEntry } from "../../db/repositories/audit-repository.ts";
import { unauthenticated } from "../channels.ts";
import { inCounty, type RequestContext } from "../context.ts";
import { requireReach } from "./require.ts";

const TEXT_LENGTH = 200;

/** Who did it, for an entry of the audit log; `nobody` before sign-in. */
export const auditedBy = ({
  viewer,
  address,
}: RequestContext): Pick<AuditEntry, "actor" | "actorName" | "role" | "address"> => ({
  actor: viewer?.actor ?? "nobody",
  actorName: viewer?.name ?? null,
  role: viewer?.role ?? null,
  address,
});

/** The auditor of a county's log. @throws FORBIDDEN for everybody else; auditors of a part of the county too */
export function requireAuditor(context: RequestContext, county: string, at = "county"): Viewer {
  if (!context.viewer) throw unauthenticated(at);
  if (!/^\d{6}$/.test(county))
    throw userError(`"${county}" is not the code of a county`, { at, hint: "Six digits; 000000 for the server." });
  requireReach(context, "audit", county, at);
  return context.viewer;
}

/** Reads, or adds to, a county's log as its auditor: row-level security holds here too. */
export function asAuditor<T>(
  context: RequestContext,
  county: string,
  at: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  requireAuditor(context, county, at);
  return inCounty(context, county, work);
}

interface FilterInput {
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly actor?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly entity?: string | null | undefined;
}

/** Checks a filter of the log. @param at name of the argument, for errors */
export function checkAuditFilter(input: FilterInput, at: string): AuditLogFilter {
  const text = (name: "actor" | "action" | "entity"): string | undefined => {
    const value = (input[name] ?? "").trim();
    if (value.length > TEXT_LENGTH)
      throw userError(`${name} has ${value.length} characters`, {
        at: `${at}${name}`,
        hint: `At most ${TEXT_LENGTH}.`,
      });
    return value === "" ? undefined : value;
  };
  const from = input.from ?? undefined;
  const to = input.to ?? undefined;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
    throw userError(`from ${from} is not before to ${to}`, { at: `${at}to` });
  return { from, to, actor: text("actor"), action: text("action"), entity: text("entity") };
}

/** The filter as the audit log tells of an export: what was given, nothing else. */
export const filterFacts = (filter: AuditLogFilter): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
