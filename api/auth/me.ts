import { toGlobalId } from "../../data/model/ids.ts";
import { ACT, RESOURCES } from "../../data/policy/policy.ts";
import type { Role } from "../../data/policy/roles.ts";
import { mayRead, type Viewer } from "../../data/policy/viewer.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { type GrantRow, grantsOfAccounts } from "../../db/repositories/grant-repository.ts";
import type { Identity } from "./authenticate.ts";
import { placesOf } from "./granted-area.ts";

/** A grant with what its area is called now. */
export interface GrantModel {
  /** Global id: `Grant:<home county of the account>:<uuid>`. */
  readonly id: string;
  readonly role: Role;
  readonly county: string;
  readonly areaCode: string;
  readonly areaName: string;
  readonly grantedBy: string;
  readonly grantedAt: string;
}

/** What somebody is told about themselves: `Query.me` and GET /auth/session. */
export interface MeModel {
  readonly kind: Viewer["kind"];
  readonly id: string;
  readonly name: string;
  readonly login: string | null;
  readonly role: Role | null;
  readonly county: string | null;
  readonly areaCode: string | null;
  readonly areaName: string | null;
  readonly visitor: boolean;
  readonly pointDays: number | null;
  readonly mustChangePassword: boolean;
  readonly demo: boolean;
  readonly grants: readonly GrantModel[];
  readonly resources: readonly string[];
  readonly actions: readonly string[];
}

/** Grants with the names of their areas; those on areas that are closed or counties that are gone are left out. */
export async function grantModels(tx: Transaction, grants: readonly GrantRow[], at: string): Promise<GrantModel[]> {
  const places = await placesOf(tx, grants, at);
  return grants.flatMap((grant, i) => {
    const place = places[i];
    if (!place) return [];
    return {
      id: toGlobalId("Grant", grant.county, grant.id),
      role: grant.role,
      county: grant.areaCounty,
      areaCode: place.code,
      areaName: place.name,
      grantedBy: grant.grantedBy,
      grantedAt: grant.grantedAt,
    };
  });
}

/** What the viewer may read and do anywhere in the grant: menus follow it. */
const abilities = (viewer: Viewer | null): Pick<MeModel, "resources" | "actions"> => ({
  resources: RESOURCES.filter((resource) => mayRead(viewer, resource)),
  actions:
    viewer && !viewer.visitor
      ? Object.entries(ACT).flatMap(([action, roles]) => (roles.includes(viewer.role) ? [action] : []))
      : [],
});

/**
 * Who asks, in their own words; null for nobody.
 *
 * @param at instant, ISO 8601
 */
export async function meOf(
  database: Database,
  identity: Pick<Identity, "viewer" | "signedIn" | "areaName">,
  at: string,
): Promise<MeModel | null> {
  const { viewer, signedIn, areaName } = identity;
  if (signedIn) {
    const { county, accountId, grant } = signedIn;
    const grants = await database.transaction({ kind: "auth" }, async (tx) => {
      const rows = (await grantsOfAccounts(tx, county, [accountId])).get(accountId) ?? [];
      return grantModels(tx, rows, at);
    });
    return {
      kind: "account",
      id: toGlobalId("Account", county, accountId),
      name: signedIn.name,
      login: signedIn.login,
      role: grant?.role ?? null,
      county: grant?.county ?? null,
      areaCode: grant?.place.code ?? null,
      areaName: grant?.place.name ?? null,
      visitor: signedIn.visitor,
      pointDays: null,
      mustChangePassword: signedIn.mustChangePassword,
      demo: signedIn.demo,
      grants,
      ...abilities(viewer),
    };
  }
  return viewer ? meOfViewer(viewer, areaName) : null;
}

/** As `meOf`, for tokens and kiosks: the viewer is all there is. */
const meOfViewer = (viewer: Viewer, areaName: string | null): MeModel => ({
  kind: viewer.kind,
  id: viewer.actor,
  name: viewer.name,
  login: null,
  role: viewer.role,
  county: viewer.county,
  areaCode: viewer.area,
  areaName,
  visitor: viewer.visitor,
  pointDays: viewer.pointDays,
  mustChangePassword: false,
  demo: false,
  grants: [],
  ...abilities(viewer),
});
