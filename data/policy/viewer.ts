import { isInside } from "../model/codes.ts";
import { ACT, type Action, READ, type Resource, VISITOR_RESOURCES } from "./policy.ts";
import { ROOT_COUNTY, type Role } from "./roles.ts";

/** Who asks: one account, token or kiosk acting under one grant. */
export interface Viewer {
  readonly kind: "account" | "token" | "kiosk";
  /** Global id of the account, token or kiosk link, e.g. `Account:140226:…`; what the audit log calls them. */
  readonly actor: string;
  /** Row id of the account; null for kiosks. Sealed rows are opened for their handler by it. */
  readonly accountId: string | null;
  readonly name: string;
  readonly role: Role;
  /** County of the grant; `ROOT_COUNTY` for every county. */
  readonly county: string;
  /** Code of the granted area today; the county's code for a whole county, `ROOT_COUNTY` for every county. */
  readonly area: string;
  /** Only aggregates (参观模式). */
  readonly visitor: boolean;
  /** Kiosks get points of the last days only, cells beyond; null = no limit. */
  readonly pointDays: number | null;
}

/** The viewer's area within a county: a code to range over; undefined where the grant does not reach the county. */
export function areaWithin(viewer: Viewer, county: string): string | undefined {
  if (viewer.county === ROOT_COUNTY) return county;
  return viewer.county === county ? viewer.area : undefined;
}

/** May the viewer read a resource at all (somewhere in the grant)? Null asks for somebody who has not signed in. */
export function mayRead(viewer: Pick<Viewer, "role" | "visitor"> | null, resource: Resource): boolean {
  if (!viewer) return false;
  if (viewer.visitor) return VISITOR_RESOURCES.includes(resource);
  return READ[resource][viewer.role] !== undefined;
}

/**
 * May the viewer read a resource of an area? What reaches the whole county asks for the county alone.
 *
 * @param code code of the area, or of the deepest area that a thing lies in; the county's code for what lies outside all
 */
export function mayReadIn(viewer: Viewer | null, resource: Resource, code: string): boolean {
  if (!viewer || !mayRead(viewer, resource)) return false;
  const own = areaWithin(viewer, code.slice(0, 6));
  if (own === undefined) return false;
  return READ[resource][viewer.role] !== "own" || isInside(code, own);
}

/** May the viewer do something in an area? */
export function mayAct(viewer: Viewer | null, action: Exclude<Action, "read">, code: string): boolean {
  if (!viewer || viewer.visitor || !ACT[action].includes(viewer.role)) return false;
  const own = areaWithin(viewer, code.slice(0, 6));
  return own !== undefined && isInside(code, own);
}

/** May the viewer see the county at all? */
export const reachesCounty = (viewer: Viewer | null, county: string): boolean =>
  viewer !== null && areaWithin(viewer, county) !== undefined;
