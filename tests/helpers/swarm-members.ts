import { incidentCut } from "../../data/policy/incident-cut.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_CODES, SMALL_COUNTY } from "../fixtures/small-county-base.ts";
import { CHANGES } from "./live-client.ts";
import type { SwarmMember } from "./live-swarm.ts";
import { DISPATCHER, LEADER, VILLAGE_WORKER, WORKER } from "./reports.ts";
import { viewerAs, viewerHeaders } from "./viewers.ts";

/** What the page subscribes to, and what a program might. */
export const PAGE = `subscription Changes($county: String!, $since: String, $coalesce: Int) {
  changes(county: $county, since: $since, coalesce: $coalesce) { op kind ref liveVersion cursor } }`;
const PROGRAM = `subscription ($county: String!, $area: String, $since: String) {
  it: changes(county: $county, area: $area, kinds: [INCIDENT], since: $since) { op ref id cursor __typename } }`;

const WALL = viewerAs("wall", SMALL_COUNTY);

/** Who listens, and to what: other scopes, areas, documents, and with gathering or without. */
const KINDS: readonly { viewer: Viewer; area?: string; query: string; coalesce?: number }[] = [
  { viewer: WALL, query: PAGE, coalesce: 20 },
  { viewer: DISPATCHER, query: PAGE, coalesce: 20 },
  { viewer: DISPATCHER, query: CHANGES },
  { viewer: WORKER, query: PAGE, coalesce: 20 },
  { viewer: LEADER, query: CHANGES },
  { viewer: VILLAGE_WORKER, query: CHANGES },
  { viewer: DISPATCHER, area: SMALL_CODES.town, query: PROGRAM },
  { viewer: WORKER, area: SMALL_CODES.gridA, query: PROGRAM },
];

/** So many clients of mixed scopes and operations. */
export const swarmMembers = (count: number): SwarmMember[] =>
  Array.from({ length: count }, (_, i) => {
    const { viewer, area, query, coalesce } = KINDS[i % KINDS.length] ?? { viewer: WALL, query: PAGE };
    const cut = incidentCut(viewer, SMALL_COUNTY);
    return {
      area: area ?? cut?.area ?? SMALL_COUNTY,
      sensitive: cut?.sensitive ?? false,
      headers: viewerHeaders(viewer),
      query,
      variables: { county: SMALL_COUNTY, ...(area ? { area } : {}), ...(coalesce ? { coalesce } : {}) },
    };
  });
