import { notFound } from "../../../data/model/errors.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import { ROOT_COUNTY, type Role } from "../../../data/policy/roles.ts";
import type { Database } from "../../../db/driver.ts";
import { listCounties } from "../../../db/import/county-admin.ts";
import { type AccountRow, addressOfLogin, listAccounts } from "../../../db/repositories/account-repository.ts";
import { grantsOfAccounts } from "../../../db/repositories/grant-repository.ts";
import { grantModels } from "../../auth/me.ts";
import {
  checkedLogin,
  createAccount,
  createProviderAccount,
  disableAccount,
} from "../../services/identity/accounts.ts";
import { COMMAND_LINE } from "../../services/identity/administrator.ts";
import { credentialArea } from "../../services/identity/credential-area.ts";
import { grantRole } from "../../services/identity/grants.ts";
import { issueSignInLink } from "../../services/identity/sign-in-link.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import {
  DATABASE_OPTIONS,
  EXIT,
  flag,
  printResult,
  requiredFlag,
  textFlag,
  UsageError,
  withDatabase,
} from "../command.ts";
import { countyCode, placeFlags, roleFlag } from "../identity-flags.ts";

const USAGE = `jingwei user add --login LOGIN --name NAME [--county CODE] [--role ROLE [--area CODE]] [--provider] [--reason TEXT] [--json]
jingwei user list [--county CODE] [--json]
jingwei user revoke LOGIN [--reason TEXT] [--json]
jingwei user link LOGIN [--reason TEXT] [--json]

  --county    home of the account, whose administrators manage it (default: that of --area, else 000000, the server)
  --role      wall, leader, dispatcher, planner, grid_worker, admin or auditor
  --area      area that the role is for (default: all of the county)
  --provider  without a password: for the identity provider's user of that name (OIDC_*)
  --dir       folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

add prints the first password once. revoke disables an account and ends its sessions. link prints a path that signs the
account in once, within 24 hours, to set a new password.`;

export const userCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    login: { type: "string" },
    name: { type: "string" },
    county: { type: "string" },
    area: { type: "string" },
    role: { type: "string" },
    provider: { type: "boolean" },
    reason: { type: "string" },
    json: { type: "boolean" },
  },
  run(call, io) {
    const [action, login, ...extra] = call.positionals;
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    if (action === "add" || action === "list") {
      if (login !== undefined) throw new UsageError(`unexpected word: ${login}`);
      return action === "add" ? add(call, io) : list(call, io);
    }
    if (action !== "revoke" && action !== "link") throw new UsageError("say what to do: add, list, revoke or link");
    if (login === undefined) throw new UsageError("LOGIN is missing");
    return action === "revoke" ? revoke(login, call, io) : link(login, call, io);
  },
};

/** What the command says of an account. */
const shown = ({ county, id, login, name, disabledAt, demo }: AccountRow) => ({
  id: toGlobalId("Account", county, id),
  login,
  name,
  county,
  disabledAt,
  demo,
});

/** The area that a role is granted on, checked before anything is written. */
async function requireArea(database: Database, role: Role | undefined, area: string | undefined, nowMs: number) {
  if (role === undefined || area === undefined) return;
  const county = area.slice(0, 6);
  await database.transaction({ kind: "accounts", county }, (tx) =>
    credentialArea(tx, area, new Date(nowMs).toISOString(), "--area"),
  );
}

async function add(call: CommandCall, io: CommandIo): Promise<number> {
  const login = requiredFlag(call, "login");
  const name = requiredFlag(call, "name");
  const role = roleFlag(call);
  const { county = ROOT_COUNTY, area = county } = placeFlags(call);
  if (role === undefined && textFlag(call, "area") !== undefined) throw new UsageError("--area needs --role");
  const reason = textFlag(call, "reason");
  const nowMs = io.now();
  const made = await withDatabase(call, io, async ({ database }) => {
    await requireArea(database, role, area, nowMs);
    const input = { county, login, name, reason };
    const { account, firstPassword } = flag(call, "provider")
      ? { account: await createProviderAccount(database, COMMAND_LINE, input, nowMs), firstPassword: null }
      : await createAccount(database, COMMAND_LINE, input, nowMs);
    if (role !== undefined)
      await grantRole(database, COMMAND_LINE, { county, id: account.id, role, areaCode: area, reason }, nowMs);
    return { ...shown(account), grants: role === undefined ? [] : [{ role, areaCode: area }], firstPassword };
  });
  const grant = role === undefined ? "" : `  ${role} ${area}`;
  const password =
    made.firstPassword === null
      ? "由身份认证方登录 signs in by the identity provider"
      : `首次密码，只显示这一次 first password, shown this once: ${made.firstPassword}`;
  printResult(call, io, made, `已添加 added ${made.login} ${made.name}${grant}\n${password}`);
  return EXIT.done;
}

async function list(call: CommandCall, io: CommandIo): Promise<number> {
  const county = textFlag(call, "county");
  const at = new Date(io.now()).toISOString();
  const accounts = await withDatabase(call, io, async ({ database }) => {
    const counties =
      county === undefined
        ? [ROOT_COUNTY, ...(await listCounties(database)).map(({ code }) => code)]
        : [countyCode(county, "--county")];
    const lists = [];
    for (const one of counties) lists.push(await accountsOf(database, one, at));
    return lists.flat();
  });
  const lines = accounts.map(({ login, name, county: home, grants, disabledAt, demo }) => {
    const roles = grants.map(({ role, areaCode, areaName }) => `${role} ${areaCode} ${areaName}`).join(", ");
    const marks = `${disabledAt === null ? "" : "  已停用 disabled"}${demo ? "  演示 demo" : ""}`;
    return `${login}  ${name}  ${home}  ${roles || "无角色 no role"}${marks}`;
  });
  printResult(call, io, { accounts }, lines.join("\n") || "没有账号 no accounts");
  return EXIT.done;
}

/** Accounts of a county with their grants, page by page. */
const accountsOf = (database: Database, county: string, at: string) =>
  database.transaction({ kind: "auth" }, async (tx) => {
    const PAGE = 500;
    const rows: AccountRow[] = [];
    for (let page: AccountRow[] = []; ; ) {
      page = await listAccounts(tx, county, { at }, rows.at(-1)?.login, PAGE);
      rows.push(...page);
      if (page.length < PAGE) break;
    }
    const grants = await grantsOfAccounts(
      tx,
      county,
      rows.map(({ id }) => id),
    );
    const models = await grantModels(tx, [...grants.values()].flat(), at);
    return rows.map((row) => {
      const own = new Set((grants.get(row.id) ?? []).map(({ id }) => toGlobalId("Grant", county, id)));
      return {
        ...shown(row),
        grants: models
          .filter(({ id }) => own.has(id))
          .map(({ role, areaCode, areaName }) => ({ role, areaCode, areaName })),
      };
    });
  });

/** Where a login leads. @throws NOT_FOUND */
async function accountOfLogin(
  database: Database,
  text: string,
): Promise<{ readonly county: string; readonly id: string }> {
  const login = checkedLogin(text);
  const found = await database.transaction({ kind: "auth" }, (tx) => addressOfLogin(tx, login));
  if (found) return { county: found.county, id: found.accountId };
  throw notFound(`there is no account ${login}`, { at: "LOGIN", hint: "jingwei user list shows those there are." });
}

async function revoke(login: string, call: CommandCall, io: CommandIo): Promise<number> {
  const account = await withDatabase(call, io, async ({ database }) =>
    disableAccount(
      database,
      COMMAND_LINE,
      { ...(await accountOfLogin(database, login)), version: null, disabled: true, reason: textFlag(call, "reason") },
      io.now(),
    ),
  );
  printResult(call, io, shown(account), `已停用 disabled ${account.login} ${account.name}`);
  return EXIT.done;
}

async function link(login: string, call: CommandCall, io: CommandIo): Promise<number> {
  const path = await withDatabase(call, io, async ({ database }) =>
    issueSignInLink(
      database,
      COMMAND_LINE,
      { ...(await accountOfLogin(database, login)), reason: textFlag(call, "reason") },
      io.now(),
    ),
  );
  printResult(
    call,
    io,
    { login: checkedLogin(login), path },
    `${path}\n在服务器地址后打开，一次有效，24 小时内 open it behind the server's address, once, within 24 hours`,
  );
  return EXIT.done;
}
