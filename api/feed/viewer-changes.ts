import { pointsFrom } from "../../data/columns/cells.ts";
import { type ChangeScope, type CutChange, cutChange } from "../../data/feed/cut-change.ts";
import type { ChangeEvent, ChangeKind } from "../../data/feed/event.ts";
import { countyOfCode, isInside, requireLevel } from "../../data/model/codes.ts";
import { notFound, userError } from "../../data/model/errors.ts";
import { toGlobalId, uuidV7Time } from "../../data/model/ids.ts";
import { incidentCut } from "../../data/policy/incident-cut.ts";
import { findCounty } from "../../db/repositories/county-repository.ts";
import { inCountySystem, type RequestContext } from "../context.ts";
import type { SubscriptionChangesArgs } from "../generated/resolvers-types.ts";
import type { ChangeModel, CountyModel } from "../mappers.ts";
import type { Sealer } from "../seal/sealer.ts";
import { asOfCounty } from "../services/as-of.ts";
import { toldLiveVersion } from "../services/live-version.ts";
import { requireCounty, requireReach, requireRole } from "../services/require.ts";
import { ChangeQueue } from "./change-queue.ts";
import { formatCursor, parseCursor } from "./cursor.ts";
import type { FeedPosition, Since } from "./event-bus.ts";
import { follow } from "./follow.ts";

/** Events that may wait for a slow client; beyond, it is told to read everything anew. */
const MOST_WAITING = 2_000;
/** A place that no feed knows: what follows is a reset. */
const NOWHERE: Since = { epoch: -1, seq: 0 };

/** What a subscription yields, by the name of its field. */
export interface ChangePayload {
  readonly changes: ChangeModel;
}

/**
 * The changes of a county that the request's viewer is told of, from a place on.
 *
 * @throws UNAUTHENTICATED, FORBIDDEN outside the viewer's reach of cases, BAD_USER_INPUT for what is no area of the county
 */
export async function viewerChanges(
  context: RequestContext,
  { county, area, kinds, since }: SubscriptionChangesArgs,
): Promise<AsyncIterableIterator<ChangePayload>> {
  requireRole(context, "incident", "Subscription.changes");
  const model = await requireCounty(context, county, "county");
  const cut = incidentCut(context.viewer, county);
  const asked = area ?? cut?.area ?? county;
  requireLevel(asked, "area");
  if (countyOfCode(asked) !== county)
    throw userError(`${asked} is no area of county ${county}`, { at: "area", hint: "Leave it out for all." });
  requireReach(context, "incident", asked, "area");
  if (!cut || !isInside(asked, cut.area)) throw notFound(`there is no area ${asked}`, { at: "area" });
  const view = new KioskView(context, model, cut.pointDays);
  const scope = (): ChangeScope => ({ cut, area: asked, pointsFrom: view.pointsFrom() });

  let stop = (): void => undefined;
  const queue = new ChangeQueue<ChangePayload>(() => stop());
  const send = (change: Omit<ChangeModel, "county" | "cursor">, position: FeedPosition): void =>
    queue.push({ changes: { county, ...change, cursor: formatCursor(context.sealer, county, position) } });
  const reset = async (position: FeedPosition): Promise<void> => {
    queue.clear();
    const row = await inCountySystem(context, county, (tx) => findCounty(tx, county));
    const content = row?.contentVersion ?? "0";
    const live = toldLiveVersion(context, county, row?.liveVersion ?? "0");
    if (row) view.reload(asOfCounty(row, context.feed.now()));
    send(
      { ...NOTHING, op: "RESET", kind: "incident", liveVersion: live, snapshotVersion: `${content}.${live}` },
      position,
    );
  };
  stop = follow(context.feed.bus, county, startOf(context.sealer, model, since ?? null), {
    onEvents: async (events, position) => {
      if (queue.size + events.length > MOST_WAITING) return reset(position);
      for (const event of events) {
        view.saw(event);
        const told = cutChange(event, scope());
        if (told && isWanted(told, kinds ?? null))
          send(
            {
              ...NOTHING,
              ...modelOf(county, told),
              liveVersion: toldLiveVersion(context, county, String(event.liveVersion)),
            },
            { ...position, seq: event.seq },
          );
      }
    },
    onReset: reset,
  });
  return queue;
}

const NOTHING = { id: null, ref: null, version: null, snapshotVersion: null } as const;

const modelOf = (county: string, told: CutChange) =>
  told.op === "BULK" ? told : { ...told, id: toGlobalId("Incident", county, told.id) };

/** Loads of areas and counties touch cases too: whoever follows those is told. */
const isWanted = ({ op, kind }: CutChange, kinds: readonly ChangeKind[] | null): boolean =>
  kinds === null ||
  kinds.includes(kind) ||
  kind === "county" ||
  (op === "BULK" && kind === "area" && kinds.includes("incident"));

/** Where to begin: `since` is a cursor or a data version; nothing and what is neither are no place. */
function startOf(sealer: Sealer, { county, contentVersion }: CountyModel, since: string | null): Since {
  if (since === null) return NOWHERE;
  const version = /^(\d+)\.(\d{1,15})$/.exec(since);
  if (version) return version[1] === contentVersion ? { liveVersion: Number(version[2]) } : NOWHERE;
  return parseCursor(sealer, county, since) ?? NOWHERE;
}

/**
 * From when on a kiosk gets points, while its subscription lasts: days pass, and a county that stood still comes to life with
 * its first new case.
 */
class KioskView {
  #county: CountyModel;
  #newestMs = 0;

  constructor(
    private readonly context: RequestContext,
    county: CountyModel,
    private readonly pointDays: number | null,
  ) {
    this.#county = county;
  }

  reload(county: CountyModel): void {
    this.#county = county;
  }

  saw(event: ChangeEvent): void {
    if (this.pointDays !== null && event.op !== "BULK")
      this.#newestMs = Math.max(this.#newestMs, uuidV7Time(event.entity.id));
  }

  /** Epoch seconds; undefined for viewers without such a limit. */
  pointsFrom(): number | undefined {
    if (this.pointDays === null) return undefined;
    const { historic, asOf, timezone } = this.#county;
    const now = this.context.feed.now();
    const asOfMs = historic ? Math.min(Math.max(Date.parse(asOf), this.#newestMs), now) : now;
    return pointsFrom(Math.floor(asOfMs / 1000), this.pointDays, timezone);
  }
}
