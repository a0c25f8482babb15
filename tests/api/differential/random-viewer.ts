import type { Prng } from "../../../data/demo/prng.ts";
import { ROLES, ROOT_COUNTY } from "../../../data/policy/roles.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import { viewerAs } from "../../helpers/viewers.ts";

/** A county that the server does not hold. */
const OTHER_COUNTY = "990300";

/** Somebody: any role on any area, now and then a visitor, a kiosk, somebody of elsewhere, or nobody. */
export function randomViewer(codes: readonly string[], prng: Prng): Viewer | null {
  if (prng.chance(0.04)) return null;
  const role = prng.pick(ROLES);
  const kind = prng.float();
  // Areas by level, so that not nearly all viewers sit in one grid.
  const lengths = [...new Set(codes.map(({ length }) => length))];
  const length = prng.pick(lengths);
  const inside = prng.pick(codes.filter((code) => code.length === length));
  const area = kind < 0.04 ? OTHER_COUNTY : kind < 0.1 ? ROOT_COUNTY : inside;
  return viewerAs(role, area, {
    visitor: prng.chance(0.08),
    ...(role === "wall" && prng.chance(0.5)
      ? { kind: "kiosk", accountId: null, pointDays: prng.pick([0, 7, 30]) }
      : {}),
  });
}

/** For the name of a failing pair. */
export const describeViewer = (viewer: Viewer | null): string =>
  viewer
    ? `${viewer.role} of ${viewer.area}${viewer.visitor ? ", visitor" : ""}${viewer.pointDays === null ? "" : `, ${viewer.pointDays} days of points`}`
    : "nobody";
