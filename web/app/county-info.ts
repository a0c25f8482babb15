import { create } from "zustand";
import {
  CountiesDocument,
  type CountiesQuery,
  CountyClassesDocument,
  type CountyClassesQuery,
  HeartbeatDocument,
  type HeartbeatQuery,
} from "../gql/generated.ts";
import { RequestError, request } from "../gql/request.ts";
import { heardFeed } from "./freshness.ts";
import { heardServerTime } from "./server-clock.ts";
import { loadSession, onViewerChange } from "./session.ts";
import { useView } from "./view-state.ts";
import { ownArea, ownCounty, viewerNow } from "./viewer.ts";

export type CountyInfo = CountiesQuery["counties"][number];
export type ClassInfo = CountyClassesQuery["classCodes"][number];

interface CountyInfoState {
  readonly counties: readonly CountyInfo[];
  /** Class by five-digit code; the digits serve components and matters alike, the matter's name wins. */
  readonly classes: ReadonlyMap<string, ClassInfo>;
  readonly mapReviewNumber: string | undefined;
  /** Form of the server's database; undefined until it is known. */
  readonly database: CountiesQuery["server"]["database"] | undefined;
  readonly error: Error | undefined;
  readonly ready: boolean;
}

const NOTHING: CountyInfoState = {
  counties: [],
  classes: new Map(),
  mapReviewNumber: undefined,
  database: undefined,
  error: undefined,
  ready: false,
};

export const useCountyInfo = create<CountyInfoState>(() => NOTHING);

onViewerChange(() => useCountyInfo.setState(NOTHING));

/** Reads the counties; the address's place wins, otherwise the viewer's own area is opened. */
export async function loadCountyInfo(): Promise<void> {
  try {
    const { counties, server } = await request(CountiesDocument, {});
    useCountyInfo.setState({
      counties,
      mapReviewNumber: server.mapReviewNumber ?? undefined,
      database: server.database,
      error: undefined,
      ready: true,
    });
    const { county, set } = useView.getState();
    const own = ownCounty();
    const first = counties.find((entry) => entry.code === own) ?? counties[0];
    if (first && !counties.some((entry) => entry.code === county))
      set({ county: first.code, area: ownArea(first.code) ?? first.code });
  } catch (error) {
    useCountyInfo.setState({ error: error as Error });
  }
}

/** Reads the names of the classes that a county uses: the shipped table and what its imports added. */
export async function loadClasses(county: string): Promise<void> {
  try {
    const { classCodes } = await request(CountyClassesDocument, { county });
    const classes = new Map<string, ClassInfo>();
    for (const entry of classCodes)
      if (entry.kind !== "component" || !classes.has(entry.code)) classes.set(entry.code, entry);
    if (useView.getState().county === county) useCountyInfo.setState({ classes });
  } catch (error) {
    useCountyInfo.setState({ error: error as Error });
  }
}

/** The county on screen; undefined while loading or when the server does not hold it. */
export function useCurrentCounty(): CountyInfo | undefined {
  const code = useView((view) => view.county);
  return useCountyInfo((state) => state.counties.find((county) => county.code === code));
}

/** How often the server is asked whether it lives and whether the county changed, and how long an answer may take. */
export const HEARTBEAT_MS = 2500;
const HEARTBEAT_TIMEOUT_MS = 6000;
/** Age at which a screen says that the connection is lost: two beats of the feed, and with the grace under 10 s. */
export const LOST_MS = 7500;
/** A screen that was busy itself first reads the answers that have come in meanwhile. */
export const LOST_GRACE_MS = 1500;

/** Does the server know this page's viewer under another role, area or mode than the page does? */
function isAnotherViewer(me: HeartbeatQuery["me"]): boolean {
  const viewer = viewerNow();
  return (
    !!me &&
    !!viewer &&
    (me.role?.toLowerCase() !== viewer.role || me.areaCode !== viewer.areaCode || me.visitor !== viewer.visitor)
  );
}

/** What a pulse found changed: a load, which may concern everything, or single cases. */
export type PulseFinding = "content" | "cases";

type DataVersion = Pick<CountyInfo, "contentVersion" | "liveVersion">;
const changeBetween = (one: DataVersion, other: DataVersion): PulseFinding | undefined =>
  one.contentVersion !== other.contentVersion ? "content" : one.liveVersion !== other.liveVersion ? "cases" : undefined;

/**
 * Asks for the pulse of a county until stopped. Hears how fresh the server is, and calls back when something changed.
 *
 * @returns the function that stops it
 */
export function startHeartbeat(county: string, onChanged: (what: PulseFinding) => void): () => void {
  const beat = async () => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), HEARTBEAT_TIMEOUT_MS);
    const askedAt = performance.now();
    try {
      const pulse = await request(HeartbeatDocument, { county }, abort.signal);
      const now = Date.parse(pulse.server.now);
      heardServerTime(now, askedAt);
      heardFeed({ now, feedAt: pulse.server.feedAt ? Date.parse(pulse.server.feedAt) : null }, "pulse");
      const state = useCountyInfo.getState();
      const known = state.counties.find((entry) => entry.code === county);
      const changed = pulse.county && known && changeBetween(pulse.county, known);
      useCountyInfo.setState({
        counties: pulse.county
          ? state.counties.map((entry) => (entry.code === county ? { ...entry, ...pulse.county } : entry))
          : state.counties,
      });
      if (isAnotherViewer(pulse.me)) void loadSession();
      else if (changed) onChanged(changed);
    } catch (error) {
      // Otherwise silence is the finding: the banner shows when what is known grows old.
      if (error instanceof RequestError && error.code === "FORBIDDEN") void loadSession();
    } finally {
      clearTimeout(timer);
    }
  };
  const interval = setInterval(() => void beat(), HEARTBEAT_MS);
  return () => clearInterval(interval);
}
