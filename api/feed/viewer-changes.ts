import { CHANGE_KINDS, type ChangeKind } from "../../data/feed/event.ts";
import { countyOfCode, isInside, requireLevel } from "../../data/model/codes.ts";
import { AppError, bugError, notFound, userError } from "../../data/model/errors.ts";
import { cutKey, type IncidentCut, incidentCut } from "../../data/policy/incident-cut.ts";
import { mayAct, mayReadIn } from "../../data/policy/viewer.ts";
import type { RequestContext } from "../context.ts";
import type { SubscriptionChangesArgs } from "../generated/resolvers-types.ts";
import type { CountyModel } from "../mappers.ts";
import type { Sealer } from "../seal/sealer.ts";
import { requireCounty, requireReach, requireRole } from "../services/require.ts";
import { parseCursor } from "./cursor.ts";
import type { Since } from "./event-bus.ts";

/** Longest time that changes are gathered for before they are sent, ms: more is no live view any more. */
const MOST_COALESCED_MS = 1_000;

/** Whose changes a subscription asks for: two with the same are told the same. */
export interface ChangeAudience {
  readonly county: string;
  /** The viewer's cut of the county's cases. */
  readonly cut: IncidentCut;
  /** Code of the area that is asked for, inside the cut's. */
  readonly area: string;
  /** null = all but plans, which only a desk of boundaries asks for. */
  readonly kinds: readonly ChangeKind[] | null;
  /** Whether plans are told: asked for, to somebody who may read them. */
  readonly plans: boolean;
  /** For how long changes are gathered, ms; of several of one case the last is told. */
  readonly coalesceMs: number;
}

/** What the audience amounts to as text: equal texts are told the same. */
export const audienceKey = ({ county, cut, area, kinds, plans, coalesceMs }: ChangeAudience): string =>
  [county, cutKey(cut), area, kinds === null ? "*" : kinds.toSorted().join(), plans ? "plans" : "", coalesceMs].join(
    " ",
  );

/**
 * What the subscription `changes` gives graphql-js: whose changes, and from where. It is no stream of this one request: who
 * serves sockets opens it with `ChangeHub`, so that what many are told is made once.
 */
export class ChangeStream implements AsyncIterable<never> {
  constructor(
    readonly audience: ChangeAudience,
    /** Where to begin; undefined = with a reset. */
    readonly since: Since | undefined,
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<never> {
    throw bugError("changes are told by a hub (api/feed/change-hub.ts), not by an iterator");
  }
}

/**
 * The changes of a county that the request's viewer is told of, from a place on.
 *
 * @throws UNAUTHENTICATED, FORBIDDEN outside the viewer's reach of cases, BAD_USER_INPUT for what is no area of the county
 */
export async function viewerChanges(
  context: RequestContext,
  { county, area, kinds, since, coalesce }: SubscriptionChangesArgs,
): Promise<ChangeStream> {
  requireRole(context, "incident", "Subscription.changes");
  const model = await requireCounty(context, county, "county");
  const cut = incidentCut(context.viewer, county);
  const asked = area ?? cut?.area ?? county;
  requireLevel(asked, "area");
  if (countyOfCode(asked) !== county)
    throw userError(`${asked} is no area of county ${county}`, { at: "area", hint: "Leave it out for all." });
  requireReach(context, "incident", asked, "area");
  if (!cut || !isInside(asked, cut.area)) throw notFound(`there is no area ${asked}`, { at: "area" });
  const coalesceMs = coalesce ?? 0;
  if (coalesceMs < 0 || coalesceMs > MOST_COALESCED_MS)
    throw userError(`changes cannot be gathered for ${coalesceMs} ms`, {
      at: "coalesce",
      hint: `Use 0 to ${MOST_COALESCED_MS}.`,
    });
  return new ChangeStream(
    {
      county,
      cut,
      area: asked,
      kinds: kindsFor(context, asked, kinds ?? null),
      plans: kinds?.includes("plan") === true && mayReadIn(context.viewer, "plan", asked),
      coalesceMs,
    },
    startOf(context.sealer, model, since ?? null),
  );
}

/** Kinds that the viewer is told of: of duty logs only who keeps the desk of the area. @throws FORBIDDEN for others who ask */
function kindsFor(
  { viewer }: RequestContext,
  area: string,
  kinds: readonly ChangeKind[] | null,
): readonly ChangeKind[] | null {
  if (viewer && mayAct(viewer, "supervise", area)) return kinds;
  if (kinds?.includes("duty"))
    throw new AppError("USER", "no duty log is kept here by this role", {
      code: "FORBIDDEN",
      at: "kinds",
      hint: "Leaders and dispatchers keep the log of their own area and of what lies in it; leave DUTY out.",
    });
  return kinds ?? CHANGE_KINDS.filter((kind) => kind !== "duty");
}

/** Where to begin: `since` is a cursor or a data version; nothing and what is neither are no place. */
function startOf(sealer: Sealer, { county, contentVersion }: CountyModel, since: string | null): Since | undefined {
  if (since === null) return undefined;
  const version = /^(\d+)\.(\d{1,15})$/.exec(since);
  if (version) return version[1] === contentVersion ? { liveVersion: Number(version[2]) } : undefined;
  return parseCursor(sealer, county, since);
}
