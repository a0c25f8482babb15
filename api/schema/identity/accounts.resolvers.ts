import { toGlobalId } from "../../../data/model/ids.ts";
import { type AccountRow, countAccounts, listAccounts } from "../../../db/repositories/account-repository.ts";
import { grantsOfAccounts } from "../../../db/repositories/grant-repository.ts";
import { openSessionCounts } from "../../../db/repositories/session-repository.ts";
import { type GrantModel, grantModels } from "../../auth/me.ts";
import { nowIso, type RequestContext } from "../../context.ts";
import type { Resolvers } from "../../generated/resolvers-types.ts";
import { createAccount, disableAccount, resetPassword } from "../../services/identity/accounts.ts";
import { requireAdministrator } from "../../services/identity/administrator.ts";
import { requireOwnCounty } from "../../services/identity/credential-area.ts";
import { grantRole, takeGrantBack } from "../../services/identity/grants.ts";
import { loader } from "../../services/loaders.ts";
import { connectionResolvers, decodeTextCursor, makePage, pageSize } from "../../services/page.ts";
import { requireGlobalId } from "../../services/require.ts";

const accountsScope = (county: string) => ({ kind: "accounts", county }) as const;

/** Grants of accounts of a county, with the areas' names of today. */
const grantsOf = (context: RequestContext, county: string) =>
  loader(context, "grants", [county], async (ids: readonly string[]) => {
    const rows = await context.database.transaction(accountsScope(county), (tx) => grantsOfAccounts(tx, county, ids));
    // The server's own accounts work in any county, whose areas' names the scope of their home does not see.
    const models = await context.database.transaction({ kind: "auth" }, (tx) =>
      grantModels(tx, [...rows.values()].flat(), nowIso(context)),
    );
    const byId = new Map(models.map((model) => [model.id, model]));
    const named = (grants: readonly { readonly id: string }[]): GrantModel[] =>
      grants.flatMap(({ id }) => byId.get(toGlobalId("Grant", county, id)) ?? []);
    return new Map([...rows].map(([id, grants]) => [id, named(grants)]));
  });

const openSessionsOf = (context: RequestContext, county: string) =>
  loader(context, "open-sessions", [county], (ids: readonly string[]) =>
    context.database.transaction(accountsScope(county), (tx) => openSessionCounts(tx, county, ids, nowIso(context))),
  );

export const accountResolvers = {
  Query: {
    accounts: async (_, { county: code, text, first, after }, context) => {
      const admin = requireAdministrator(context, "accounts");
      const county = requireOwnCounty(admin, code);
      const own = admin.within(county);
      const search = {
        text: text?.trim() || undefined,
        inside: own === county ? undefined : own,
        at: nowIso(context),
      };
      const size = pageSize(first);
      const [login] = decodeTextCursor("accounts", after, 1) ?? [];
      const { database } = context;
      const rows = await database.transaction(accountsScope(county), (tx) =>
        listAccounts(tx, county, search, login, size + 1),
      );
      return makePage(
        "accounts",
        rows,
        size,
        (row) => [row.login],
        () => database.transaction(accountsScope(county), (tx) => countAccounts(tx, county, search)),
      );
    },
  },
  Mutation: {
    createAccount: (_, input, context) =>
      createAccount(context.database, requireAdministrator(context, "createAccount"), input, context.nowMs),
    disableAccount: (_, { id, disabled, version, reason }, context) => {
      const admin = requireAdministrator(context, "disableAccount");
      const change = { ...requireGlobalId(id, "Account"), disabled, version, reason };
      return disableAccount(context.database, admin, change, context.nowMs);
    },
    resetPassword: (_, { id, version, reason }, context) => {
      const admin = requireAdministrator(context, "resetPassword");
      const change = { ...requireGlobalId(id, "Account"), version, reason };
      return resetPassword(context.database, admin, change, context.nowMs);
    },
    grantRole: (_, { account, role, areaCode, reason }, context) => {
      const admin = requireAdministrator(context, "grantRole");
      const grant = { ...requireGlobalId(account, "Account", "account"), role, areaCode, reason };
      return grantRole(context.database, admin, grant, context.nowMs);
    },
    revokeGrant: (_, { id, reason }, context) => {
      const admin = requireAdministrator(context, "revokeGrant");
      return takeGrantBack(context.database, admin, { ...requireGlobalId(id, "Grant"), reason }, context.nowMs);
    },
  },
  Account: {
    id: ({ county, id }) => toGlobalId("Account", county, id),
    grants: async ({ county, id }, _, context) => (await grantsOf(context, county).load(id)) ?? [],
    openSessions: async ({ county, id }, _, context) => (await openSessionsOf(context, county).load(id)) ?? 0,
  },
  AccountConnection: connectionResolvers<AccountRow>(),
} satisfies Resolvers;
