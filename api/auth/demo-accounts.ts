import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { toGlobalId } from "../../data/model/ids.ts";
import { ROLES, type Role } from "../../data/policy/roles.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { listCounties } from "../../db/import/county-admin.ts";
import { demoAccounts, insertAccount, takeLogin } from "../../db/repositories/account-repository.ts";
import { appendAudit, systemActor } from "../../db/repositories/audit-repository.ts";
import { busiestArea } from "../../db/repositories/demo-choice-repository.ts";
import { insertGrant } from "../../db/repositories/grant-repository.ts";
import { newId } from "../services/new-id.ts";

/** What each demo account is called. */
const NAMES: Readonly<Record<Role, string>> = {
  wall: "大屏",
  leader: "分管领导",
  dispatcher: "调度员",
  planner: "规划员",
  grid_worker: "网格员",
  admin: "管理员",
  auditor: "审计员",
};

interface DemoArea {
  readonly areaId: string | null;
  readonly name: string;
}

/** Logins start with the county's short name, or its code where it has none: `zuoyun-leader`. */
const slugOf = (county: string): string =>
  Object.entries(DEMO_PROFILES).find(([, { profile }]) => profile.county === county)?.[0] ?? county;

/** `grid_worker` → `zuoyun-grid-worker`. */
export const demoLogin = (county: string, role: Role): string => `${slugOf(county)}-${role.replaceAll("_", "-")}`;

/**
 * Where each seat sits: a leader in the town with the most open cases, a grid worker in its busiest grid, the others over
 * the county. Where there are no towns or grids yet the county stands in.
 */
async function demoAreas(
  database: Database,
  county: { readonly code: string; readonly name: string },
  at: string,
): Promise<Readonly<Partial<Record<Role, DemoArea>>>> {
  const { code } = county;
  return database.transaction({ kind: "county", county: code }, async (tx) => {
    const leader = await busiestArea(tx, code, code, "town", at);
    const worker = await busiestArea(tx, code, leader?.code ?? code, "grid", at);
    return { ...(leader ? { leader } : {}), ...(worker ? { grid_worker: worker } : {}) };
  });
}

async function makeDemoAccount(
  tx: Transaction,
  county: string,
  role: Role,
  area: DemoArea,
  nowMs: number,
): Promise<string | undefined> {
  const at = new Date(nowMs).toISOString();
  const id = newId(nowMs);
  const login = demoLogin(county, role);
  if (!(await takeLogin(tx, login, county, id))) return undefined;
  await insertAccount(tx, {
    county,
    id,
    login,
    name: `${area.name}${NAMES[role]}（演示）`,
    passwordHash: null,
    mustChangePassword: false,
    demo: true,
    createdAt: at,
  });
  await insertGrant(tx, {
    county,
    id: newId(nowMs),
    accountId: id,
    role,
    areaCounty: county,
    areaId: area.areaId,
    grantedBy: "jingwei",
    grantedAt: at,
  });
  return toGlobalId("Account", county, id);
}

/**
 * Makes the demo accounts that are missing: one for each seat in each demo county, without a password. They go with their
 * county.
 *
 * @returns logins that were made
 */
export async function ensureDemoAccounts(database: Database, nowMs: number): Promise<string[]> {
  const at = new Date(nowMs).toISOString();
  const made: string[] = [];
  for (const county of await listCounties(database)) {
    if (!county.demo) continue;
    const { code } = county;
    const present = await database.transaction({ kind: "accounts", county: code }, (tx) => demoAccounts(tx, code));
    const missing = ROLES.filter((role) => !present.some(({ login }) => login === demoLogin(code, role)));
    if (missing.length === 0) continue;
    const areas = await demoAreas(database, county, at);
    await database.transaction({ kind: "accounts", county: code }, async (tx) => {
      const accounts: string[] = [];
      for (const role of missing) {
        const area = areas[role] ?? { areaId: null, name: county.name };
        const id = await makeDemoAccount(tx, code, role, area, nowMs);
        if (id === undefined) continue;
        accounts.push(id);
        made.push(demoLogin(code, role));
      }
      if (accounts.length > 0)
        await appendAudit(tx, code, { ...systemActor(), action: "account.demo", entity: { accounts }, at });
    });
  }
  return made;
}
