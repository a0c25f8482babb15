import type { Action, Resource } from "../../data/policy/policy.ts";
import { ROOT_COUNTY } from "../../data/policy/roles.ts";
import { areaWithin, mayReadIn, type Viewer } from "../../data/policy/viewer.ts";
import { useSession } from "./session.ts";
import type { ClientViewer } from "./session-answer.ts";
import { useView } from "./view-state.ts";

/**
 * What the screens ask of the policy. The server decides; the client only leaves out what would be refused. Seats are
 * made anew when the viewer, the grant or visitor mode changes (`viewerKey`), so plain functions are enough inside them.
 */

/** Who sits here; null = nobody signed in. */
export const useViewer = (): ClientViewer | null => useSession((session) => session.viewer);

/** The same outside React. */
export const viewerNow = (): ClientViewer | null => useSession.getState().viewer;

/** May the viewer read a resource at all? */
export const may = (resource: Resource): boolean => viewerNow()?.resources.includes(resource) ?? false;

/** May the viewer do something at all, e.g. `export`? */
export const mayDo = (action: Action): boolean => viewerNow()?.actions.includes(action) ?? false;

/** The policy's view of the viewer; undefined without a grant. */
function policyViewer(viewer: ClientViewer | null): Viewer | undefined {
  if (!viewer?.role || !viewer.county || !viewer.areaCode) return undefined;
  const { kind, name, role, county, areaCode, visitor, pointDays } = viewer;
  return { kind, actor: viewer.id, accountId: null, name, role, county, area: areaCode, visitor, pointDays };
}

/** May the viewer read a resource of an area (by code)? */
export function mayIn(resource: Resource, code: string): boolean {
  const viewer = policyViewer(viewerNow());
  return !!viewer && may(resource) && mayReadIn(viewer, resource, code);
}

/** Code of the viewer's own area within a county: what the seats open on; undefined where the grant does not reach. */
export function ownArea(county: string): string | undefined {
  const viewer = policyViewer(viewerNow());
  return viewer && areaWithin(viewer, county);
}

/** County of the grant; undefined when it holds in every county or there is none. */
export function ownCounty(): string | undefined {
  const county = viewerNow()?.county;
  return county && county !== ROOT_COUNTY ? county : undefined;
}

/**
 * Are cases of the area on screen shown one by one? Otherwise (another's area, a visitor, a role without cases) only
 * published totals are: what was sent of one's own area must not pass for the whole.
 */
export const useSeesCases = (): boolean => useView(({ area }) => (area ? mayIn("incident", area) : may("incident")));
