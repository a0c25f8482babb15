import { incidentCut, seesEveryCase } from "../../data/policy/incident-cut.ts";
import type { RequestContext } from "../context.ts";

/** Characters of a version that is not told as a number: 72 bits, so that two never meet. */
const LENGTH = 12;

/** A name for a version of a county's cases: equal names, equal versions, and nothing can be counted by them. */
export const versionName = ({ sealer }: Pick<RequestContext, "sealer">, county: string, version: string): string =>
  Buffer.from(sealer.digest("live-version", `${county}.${version}`))
    .toString("base64url")
    .slice(0, LENGTH);

/**
 * The live version as the request's viewer is told it: the number for who sees every case of the county, for everybody else
 * a name that only says whether it is still the same. The number counts changes of cases that the viewer may not see, the
 * sensitive ones too.
 */
export function toldLiveVersion(context: RequestContext, county: string, liveVersion: string): string {
  const cut = incidentCut(context.viewer, county);
  return cut && seesEveryCase(cut) ? liveVersion : versionName(context, county, liveVersion);
}
