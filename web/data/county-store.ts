import { create } from "zustand";
import type { AreaLevel } from "../../data/model/codes.ts";
import type { Resource } from "../../data/policy/policy.ts";
import { onViewerChange, onViewerChanging } from "../app/session.ts";
import { may } from "../app/viewer.ts";
import { closePlane, openPlane, refreshPlane } from "../plane/plane.ts";
import { usePlane } from "../plane/use-plane.ts";
import {
  fetchAreas,
  fetchBaseMap,
  fetchBuildings,
  fetchCameras,
  fetchGeoJson,
  type Revalidated,
} from "./columns-api.ts";
import { type AreaFeature, COUNTY_PARTS, type CountyData, type CountyPart, type LoadState } from "./county-data.ts";

/** How often what could not be read is tried again, ms. What could is read again when the server says that it changed. */
const RETRY_MS = 10_000;

/** Areas come in two steps: the first paints the county, the second is ten times larger. */
const UPPER_LEVELS: readonly AreaLevel[] = ["county", "town", "community"];
const LOWER_LEVELS: readonly AreaLevel[] = ["grid", "micro"];

const idle = (): Record<CountyPart, LoadState> =>
  Object.fromEntries(COUNTY_PARTS.map((part) => [part, "idle"])) as Record<CountyPart, LoadState>;

const empty = (county: string): CountyData => ({
  county,
  areas: [],
  cameras: undefined,
  buildings: undefined,
  basemap: undefined,
  context: undefined,
  loads: 0,
  footprints: undefined,
  compounds: undefined,
  states: idle(),
  error: undefined,
});

/** Columns and areas of the county on screen. Read it with selectors: `useCountyData((county) => county.areas)`. */
export const useCountyData = create<CountyData>(() => empty(""));

/** Resource of each part: what the viewer may not read is never asked for. */
const PART_RESOURCE: Readonly<Record<CountyPart, Resource>> = {
  areas: "map",
  incidents: "incident",
  cameras: "camera",
  buildings: "household",
  basemap: "map",
  context: "map",
  footprints: "household",
  compounds: "map",
};

let abort = new AbortController();
/** The viewer is about to change: nothing is asked, whatever the page would like to show. */
let held = false;
let timer: ReturnType<typeof setInterval> | undefined;
let etags = new Map<string, string | undefined>();
let wanted = new Set<CountyPart>();
let upper: readonly AreaFeature[] = [];
let lower: readonly AreaFeature[] = [];

const patch = (change: Partial<CountyData>): void => useCountyData.setState(change);

const setState = (part: CountyPart, state: LoadState): void =>
  useCountyData.setState(({ states }) => ({ states: { ...states, [part]: state } }));

/** Puts upper and lower areas into one list sorted by code. */
function joinAreas(): void {
  const areas = [...upper, ...lower].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  patch({ areas });
}

async function fetchPart<T>(
  key: string,
  ask: (etag: string | undefined, signal: AbortSignal) => Promise<Revalidated<T>>,
  keep: (body: T) => void,
): Promise<void> {
  const { signal } = abort;
  const answer = await ask(etags.get(key), signal);
  // The county changed while the answer was on its way.
  if (signal.aborted) return;
  etags.set(key, answer.etag);
  if (answer.body !== undefined) keep(answer.body);
}

/** Cases are the plane's, which fetches them in its worker. */
type FetchedPart = Exclude<CountyPart, "incidents">;

const loaders: Readonly<Record<FetchedPart, (county: string) => Promise<void>>> = {
  areas: async (county) => {
    await fetchPart(
      "areas:upper",
      (etag, signal) => fetchAreas(county, UPPER_LEVELS, etag, signal),
      (areas) => {
        upper = areas;
        joinAreas();
        useCountyData.setState(({ loads }) => ({ loads: loads + 1 }));
      },
    );
    await fetchPart(
      "areas:lower",
      (etag, signal) => fetchAreas(county, LOWER_LEVELS, etag, signal),
      (areas) => {
        lower = areas;
        joinAreas();
      },
    );
  },
  cameras: (county) =>
    fetchPart(
      "cameras",
      (etag, signal) => fetchCameras(county, etag, signal),
      (cameras) => patch({ cameras }),
    ),
  buildings: (county) =>
    fetchPart(
      "buildings",
      (etag, signal) => fetchBuildings(county, etag, signal),
      (buildings) => patch({ buildings }),
    ),
  basemap: (county) =>
    fetchPart(
      "basemap",
      (etag, signal) => fetchBaseMap(county, etag, signal),
      (basemap) => patch({ basemap }),
    ),
  context: (county) =>
    fetchPart(
      "context",
      (etag, signal) => fetchGeoJson("context", county, etag, signal),
      (context) => patch({ context }),
    ),
  footprints: (county) =>
    fetchPart(
      "footprints",
      (etag, signal) => fetchGeoJson("footprints", county, etag, signal),
      (footprints) => patch({ footprints }),
    ),
  compounds: (county) =>
    fetchPart(
      "compounds",
      (etag, signal) => fetchGeoJson("compounds", county, etag, signal),
      (compounds) => patch({ compounds }),
    ),
};

async function load(part: CountyPart): Promise<void> {
  if (part === "incidents") {
    loadIncidents();
    return;
  }
  const { county, states } = useCountyData.getState();
  const { signal } = abort;
  // What is on screen stays "ready" while it is asked for again.
  if (states[part] !== "ready") setState(part, "loading");
  try {
    await loaders[part](county);
    if (signal.aborted) return;
    setState(part, "ready");
    const { states: now } = useCountyData.getState();
    if (!COUNTY_PARTS.some((other) => now[other] === "error")) patch({ error: undefined });
  } catch (error) {
    if (signal.aborted) return;
    setState(part, "error");
    patch({ error: error instanceof Error ? error.message : String(error) });
  }
}

/** Opens the plane, or has it ask again; what it answers comes by itself (`usePlane.subscribe` below). */
function loadIncidents(): void {
  const { county } = useCountyData.getState();
  if (usePlane.getState().county === county) refreshPlane();
  else openPlane(county);
}

/**
 * Opens a county: forgets the one before, fetches areas (upper levels first), incidents and what its base map is.
 * Errors become state (`states`, `error`) and are tried again. Other parts come with `needParts`.
 */
export function loadCounty(county: string): void {
  if (held || (useCountyData.getState().county === county && timer !== undefined)) return;
  closeCounty();
  useCountyData.setState(empty(county));
  if (!county) return;
  wanted = new Set((["areas", "incidents", "basemap"] as const).filter((part) => may(PART_RESOURCE[part])));
  for (const part of wanted) void load(part);
  timer = setInterval(retryFailed, RETRY_MS);
}

/** Fetches parts that a layer is about to show; each is fetched once, and again after loads. */
export function needParts(parts: readonly CountyPart[]): void {
  if (held || !useCountyData.getState().county) return;
  for (const part of parts) {
    if (wanted.has(part) || !may(PART_RESOURCE[part])) continue;
    wanted.add(part);
    void load(part);
  }
}

/** Asks for everything that is loaded again, now: after the feed said that something changed. */
export async function revalidateCounty(): Promise<void> {
  const { states } = useCountyData.getState();
  await Promise.all([...wanted].filter((part) => states[part] !== "loading").map(load));
}

function retryFailed(): void {
  const { states } = useCountyData.getState();
  for (const part of wanted) if (states[part] === "error") void load(part);
}

// What the plane does is what the county's part does.
usePlane.subscribe((plane, before) => {
  if (plane.county !== useCountyData.getState().county) return;
  if (plane.status !== before.status) setState("incidents", plane.status);
  if (plane.error !== before.error) patch({ error: plane.error });
});

/** Stops asking and drops answers on their way. */
export function closeCounty(): void {
  closePlane();
  abort.abort();
  abort = new AbortController();
  clearInterval(timer);
  timer = undefined;
  etags = new Map();
  wanted = new Set();
  upper = [];
  lower = [];
}

onViewerChanging(() => {
  const { county } = useCountyData.getState();
  held = true;
  closeCounty();
  return () => {
    held = false;
    loadCounty(county);
  };
});

// What one viewer was sent is not shown to the next.
onViewerChange(() => {
  held = false;
  closeCounty();
  useCountyData.setState(empty(""));
});
