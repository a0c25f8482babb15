import type { Transaction } from "../driver.ts";

/** What the login of the application could do beside the roles that a transaction takes. */
export interface LoginRights {
  readonly login: string;
  readonly superuser: boolean;
  readonly bypassesPolicies: boolean;
  readonly createsRoles: boolean;
  /** It owns tables, or may become a role that does: row-level security does not bind an owner. */
  readonly ownsTables: boolean;
}

/** Rights of the login that this transaction came with, whatever role it has taken since. */
export async function loginRights(tx: Transaction): Promise<LoginRights | undefined> {
  const rows = await tx.rows<LoginRights>(
    `SELECT r.rolname AS login, r.rolsuper AS superuser, r.rolbypassrls AS "bypassesPolicies",
       r.rolcreaterole AS "createsRoles", EXISTS (
         SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS "ownsTables"
     FROM pg_roles r WHERE r.rolname = session_user`,
  );
  return rows[0];
}
