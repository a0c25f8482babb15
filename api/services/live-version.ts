import { incidentCut, seesEveryCase } from "../../data/policy/incident-cut.ts";
import type { RequestContext } from "../context.ts";

/** Characters of a version that is not told as a number: 72 bits, so that two never meet. */
const LENGTH = 12;

/**
 * The live version as the request's viewer is told it: the number for who sees every case of the county, for everybody else
 * a name that only says whether it is still the same. The number counts changes of cases that the viewer may not see, the
 * sensitive ones too.
 */
export function toldLiveVersion(context: RequestContext, county: string, liveVersion: string): string {
  const cut = incidentCut(context.viewer, county);
  if (cut && seesEveryCase(cut)) return liveVersion;
  return Buffer.from(context.sealer.digest("live-version", `${county}.${liveVersion}`))
    .toString("base64url")
    .slice(0, LENGTH);
}
