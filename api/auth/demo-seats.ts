import { AppError } from "../../data/model/errors.ts";
import type { Role } from "../../data/policy/roles.ts";
import type { Database } from "../../db/driver.ts";
import { listCounties } from "../../db/import/county-admin.ts";
import {
  type AccountWithPassword,
  accountForSignIn,
  addressOfLogin,
  demoAccounts,
} from "../../db/repositories/account-repository.ts";
import { countyFacts, grantsOfAccounts } from "../../db/repositories/grant-repository.ts";
import { placesOf } from "./granted-area.ts";

/** Seat (DESIGN section 1) of each role. */
const SEAT_OF_ROLE: Readonly<Record<Role, string>> = {
  wall: "wall",
  leader: "desk",
  dispatcher: "desk",
  planner: "plan",
  grid_worker: "field",
  admin: "admin",
  auditor: "admin",
};

/** A demo account that may be entered with one click. */
export interface DemoSeat {
  readonly seat: string;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly areaName: string;
}

/** The demo accounts of all demo counties, by county and login. */
export async function listDemoSeats(database: Database, nowMs: number): Promise<DemoSeat[]> {
  const at = new Date(nowMs).toISOString();
  const counties = (await listCounties(database)).filter(({ demo }) => demo);
  const seats = await Promise.all(
    counties.map(({ code }) =>
      database.transaction({ kind: "auth" }, async (tx) => {
        const accounts = await demoAccounts(tx, code);
        const granted = await grantsOfAccounts(
          tx,
          code,
          accounts.map(({ id }) => id),
        );
        const sitting = accounts.flatMap((account) => {
          const [grant] = granted.get(account.id) ?? [];
          return grant ? [{ account, grant }] : [];
        });
        const places = await placesOf(
          tx,
          sitting.map(({ grant }) => grant),
          at,
        );
        return sitting.flatMap(({ account: { login, name }, grant: { role } }, i) => {
          const place = places[i];
          return place ? [{ seat: SEAT_OF_ROLE[role], login, name, role, areaName: place.name }] : [];
        });
      }),
    ),
  );
  return seats.flat();
}

/**
 * The demo account of a login.
 *
 * @throws FORBIDDEN when there is none, or its county is no demonstration
 */
export async function demoAccountOf(database: Database, login: string): Promise<AccountWithPassword> {
  const account = await database.transaction({ kind: "auth" }, async (tx) => {
    const address = await addressOfLogin(tx, login.trim().toLowerCase());
    const found = address && (await accountForSignIn(tx, address.county, address.accountId));
    if (!found?.demo || found.disabledAt !== null) return undefined;
    return (await countyFacts(tx, found.county))?.demo ? found : undefined;
  });
  if (account) return account;
  throw new AppError("USER", "没有这个演示账号 there is no such demo account", {
    code: "FORBIDDEN",
    at: "login",
    hint: "Demo accounts exist in demo counties only; sign in with a password.",
  });
}
