import { levelOfCode } from "../../data/model/codes.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import {
  DEFAULT_VIEW,
  DESK_TABS,
  type Filters,
  GROUND_KINDS,
  LAYER_IDS,
  type LayerId,
  QUEUE_OWNERS,
  type ViewState,
} from "./view-state.ts";

const DEFAULT_LAYERS = DEFAULT_VIEW.layers.join(",");
const DEFAULT_GROUND = DEFAULT_VIEW.ground.join(",");

/** Comma lists: an absent parameter means "no condition"; an empty one means "none of them". */
const list = (text: string | null): readonly string[] | undefined =>
  text === null ? undefined : text === "" ? [] : text.split(",");

/** Indexes of known words; unknown words in an old or foreign address are left out. */
const indexes = (text: string | null, words: readonly string[]): readonly number[] | undefined =>
  list(text)
    ?.map((word) => words.indexOf(word))
    .filter((index) => index >= 0);

const finite = (text: string | null): number | undefined => {
  const value = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};

const positiveInteger = (text: string | null): number | undefined => {
  const value = finite(text);
  return value !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
};

/** Epoch seconds from ISO 8601 or undefined. */
const instant = (text: string | null): number | undefined => {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : undefined;
};
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000", "");

function parseCamera(text: string | null): ViewState["camera"] {
  const [lon, lat, zoom] = (text ?? "").split(",").map(Number);
  if (lon === undefined || lat === undefined || zoom === undefined) return undefined;
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && zoom >= 0 && zoom <= 24)) return undefined;
  return { lon, lat, zoom };
}

/**
 * What an address says; whatever it leaves out or says wrongly is the default, so that an old link still opens.
 *
 * @param search query of the address, with or without `?`
 */
export function parseView(search: string): ViewState {
  const query = new URLSearchParams(search);
  const code = (name: string): string => {
    const text = query.get(name) ?? "";
    return levelOfCode(text) ? text : "";
  };
  const county = code("county").slice(0, 6);
  const area = code("area");
  const layers = list(query.get("layers"));
  const ground = list(query.get("ground"));
  const wantLate = query.get("late");
  const filters: Filters = {
    from: instant(query.get("from")),
    to: instant(query.get("to")),
    classes: list(query.get("classes"))?.filter((text) => /^\d{2}(\d{3})?$/.test(text)),
    states: indexes(query.get("states"), INCIDENT_STATES),
    severities: indexes(query.get("severities"), INCIDENT_SEVERITIES),
    sources: indexes(query.get("sources"), INCIDENT_SOURCES),
    late: wantLate === "yes" ? true : wantLate === "no" ? false : undefined,
    withSuspicious: query.get("suspicious") === "yes",
    withClosed: query.get("closed") === "1" || undefined,
  };
  const page = positiveInteger(query.get("case"));
  return {
    county: county || area.slice(0, 6),
    area: area && (!county || area.startsWith(county)) ? area : county,
    incidentRef: page ?? positiveInteger(query.get("incident")),
    cameraId: query.get("camera") ?? undefined,
    organisationId: query.get("unit") ?? undefined,
    layers: layers ? LAYER_IDS.filter((id: LayerId) => layers.includes(id)) : DEFAULT_VIEW.layers,
    ground: ground ? GROUND_KINDS.filter((kind) => ground.includes(kind)) : DEFAULT_VIEW.ground,
    heatMode: query.get("heat") === "cells" ? "cells" : "smooth",
    heatPer: query.get("per") === "households" ? "households" : "km2",
    filters,
    theme: query.get("theme") === "light" ? "light" : "dark",
    language: query.get("lang") === "en" ? "en" : "zh-CN",
    camera: parseCamera(query.get("at")),
    tab: DESK_TABS.find((tab) => tab === query.get("tab")),
    casePage: page !== undefined || undefined,
    intake: query.get("new") === "1" || undefined,
    queue: {
      owner: QUEUE_OWNERS.find((owner) => owner === query.get("owner")),
      paused: query.get("paused") === "1" || undefined,
      text: query.get("find") || undefined,
    },
    plan: query.get("plan") || undefined,
  };
}

/** The address of a view: only what differs from the default, in a fixed order; starts with `?` or is empty. */
export function formatView(view: ViewState): string {
  const query: string[] = [];
  // Commas and colons are legal in a query and far easier to read than %2C and %3A.
  const put = (name: string, value: string | undefined): void => {
    if (value !== undefined)
      query.push(`${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`);
  };
  const words = (values: readonly number[] | undefined, all: readonly string[]): string | undefined =>
    values?.map((value) => all[value]).join(",");
  const { filters, camera } = view;
  put("county", view.county || undefined);
  put("area", view.area && view.area !== view.county ? view.area : undefined);
  put(view.casePage ? "case" : "incident", view.incidentRef?.toString());
  put("camera", view.cameraId);
  put("unit", view.organisationId);
  const layers = view.layers.join(",");
  put("layers", layers === DEFAULT_LAYERS ? undefined : layers);
  const ground = view.ground.join(",");
  put("ground", ground === DEFAULT_GROUND ? undefined : ground);
  put("heat", view.heatMode === "cells" ? "cells" : undefined);
  put("per", view.heatPer === "households" ? "households" : undefined);
  put("from", filters.from === undefined ? undefined : iso(filters.from));
  put("to", filters.to === undefined ? undefined : iso(filters.to));
  put("classes", filters.classes?.join(","));
  put("states", words(filters.states, INCIDENT_STATES));
  put("severities", words(filters.severities, INCIDENT_SEVERITIES));
  put("sources", words(filters.sources, INCIDENT_SOURCES));
  put("late", filters.late === undefined ? undefined : filters.late ? "yes" : "no");
  put("suspicious", filters.withSuspicious ? "yes" : undefined);
  put("closed", filters.withClosed ? "1" : undefined);
  put("theme", view.theme === "light" ? "light" : undefined);
  put("lang", view.language === "en" ? "en" : undefined);
  put("at", camera && [camera.lon.toFixed(5), camera.lat.toFixed(5), camera.zoom.toFixed(2)].join(","));
  put("tab", view.tab);
  put("new", view.intake && "1");
  put("owner", view.queue.owner);
  put("paused", view.queue.paused && "1");
  put("find", view.queue.text);
  put("plan", view.plan);
  return query.length ? `?${query.join("&")}` : "";
}
