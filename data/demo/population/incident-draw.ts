import {
  INCIDENT_SEVERITIES,
  INCIDENT_SOURCES,
  type IncidentSeverity,
  type IncidentSource,
} from "../../model/incident.ts";
import type { Prng } from "../prng.ts";
import { dayStartMs, dayWeights, localDay } from "./calendar.ts";
import { DAY_MS, type DemoContext, HOUR_MS, MINUTE_MS } from "./demo-context.ts";
import { HOUR_WEIGHTS, INCIDENT_CLASSES, type IncidentClassSpec, type Season, TIER_MS } from "./incident-classes.ts";
import type { Site, Sites } from "./sites.ts";

/** `rhythm` looks like a county's year; `uniform` puts the same rate on every household, for tests of heat. */
export type IncidentMode = "rhythm" | "uniform";

/** A case before its history: what happened, where and when. */
export interface DrawnCase {
  readonly spec: IncidentClassSpec;
  readonly openedMs: number;
  readonly site: Site;
  readonly severity: IncidentSeverity;
  readonly source: IncidentSource;
  readonly valid: boolean;
  /** True for the few cases that must still be open at the anchor (a severe one, breached ones, some due soon). */
  readonly heldOpen: boolean;
}

/** patrol, app, hotline, visit, video, drone, walk_in, system, other. */
const SOURCE_WEIGHTS = [46, 20, 14, 6, 5, 1, 4, 3, 1];
const DISPUTE_SOURCE_WEIGHTS = [14, 12, 26, 24, 0, 0, 22, 1, 1];
const REQUEST_SOURCE_WEIGHTS = [16, 40, 26, 8, 0, 0, 8, 1, 1];
const WATER_SOURCE_WEIGHTS = [44, 10, 10, 2, 14, 14, 1, 4, 1];

const YEAR_DAYS = 365;

/** Draws every case of the 365 days before the anchor: exactly the profile's counts, in no particular order. */
export function drawCases(context: DemoContext, sites: Sites, mode: IncidentMode): DrawnCase[] {
  const { anchorMs, profile } = context;
  const { reported, valid, validOfMajor = {} } = profile.incidents;
  const prng = context.prng.fork("incidents");
  const startMs = anchorMs - YEAR_DAYS * DAY_MS;
  const dayBeforeMs = anchorMs - DAY_MS;
  const firstDay = localDay(startMs);
  const weights = dayWeights(firstDay, localDay(anchorMs), prng.fork("calendar"));
  const yearTotals = totalsOf(weights);
  const todayTotals = lastOf(weights);
  const drawSite = mode === "uniform" ? uniformSites(sites, reported, prng.fork("uniform")) : rhythmSites(sites);

  const quotas = new Map(Object.entries(validOfMajor));
  const free = INCIDENT_CLASSES.filter((spec) => !quotas.has(spec.code.slice(0, 2)));
  /** Takes a class from its major's quota; false when the quota is used up. */
  const takeQuota = (major: string): boolean => {
    const left = quotas.get(major);
    if (left === undefined) return true;
    if (left === 0) return false;
    quotas.set(major, left - 1);
    return true;
  };
  const cases: DrawnCase[] = [];
  const add = (spec: IncidentClassSpec, openedMs: number, change: Partial<DrawnCase> = {}): void => {
    cases.push({
      spec,
      openedMs: Math.floor(openedMs / 1000) * 1000,
      site: drawSite(spec, prng),
      severity: INCIDENT_SEVERITIES[prng.weighted(spec.severity)] as IncidentSeverity,
      source: drawSource(spec, prng),
      valid: true,
      heldOpen: false,
      ...change,
    });
  };

  for (const held of heldOpenCases(context, prng)) {
    if (cases.length >= Math.floor(valid / 4)) break;
    if (!takeQuota(held.spec.code.slice(0, 2))) continue;
    add(held.spec, held.openedMs, {
      heldOpen: true,
      ...(held.severity && { severity: held.severity }),
      // What the wall and the desk show first stands in town, where grids have their staff and units.
      ...(mode === "rhythm" && { site: townSite(drawSite, held.spec, prng) }),
    });
  }
  const lastDayCases = Math.min(Math.max(8, Math.floor(reported / YEAR_DAYS + 0.5)), valid - cases.length);
  for (let i = 0; i < lastDayCases; i++) {
    const spec = drawClass(free, todayTotals, prng);
    add(spec, instantOfLastDay(anchorMs, spec, prng));
  }
  const drawEarlier = (spec: IncidentClassSpec): number => {
    const days = weights[spec.season];
    for (let tries = 0; tries < 60; tries++) {
      const day = firstDay + drawIndex(days, yearTotals[spec.season], prng);
      const ms = dayStartMs(day) + drawTimeOfDay(spec, prng);
      if (ms >= startMs && ms < dayBeforeMs) return ms;
    }
    return startMs + prng.float() * (dayBeforeMs - startMs);
  };
  for (const [major, count] of quotas) {
    const specs = INCIDENT_CLASSES.filter((spec) => spec.code.startsWith(major));
    for (let i = 0; i < count; i++) {
      const spec = drawClass(specs, yearTotals, prng);
      add(spec, drawEarlier(spec));
    }
  }
  const invalid = reported - valid;
  for (let i = 0; cases.length < reported; i++) {
    const spec = drawClass(free, yearTotals, prng);
    add(spec, drawEarlier(spec), { valid: i >= invalid });
  }
  return cases;
}

interface HeldOpen {
  readonly spec: IncidentClassSpec;
  readonly openedMs: number;
  readonly severity?: IncidentSeverity;
}

/** One severe case of the last hour, some past their deadline, some whose deadline is in the next hours. */
function heldOpenCases({ anchorMs, profile }: DemoContext, prng: Prng): HeldOpen[] {
  const specOf = (code: string): IncidentClassSpec =>
    INCIDENT_CLASSES.find((spec) => spec.code === code) as IncidentClassSpec;
  const scale = Math.max(3, Math.floor(profile.incidents.reported / 3000));
  const slow = INCIDENT_CLASSES.filter((spec) => spec.tier === "slow" && !spec.code.startsWith("8"));
  const small = INCIDENT_CLASSES.filter((spec) => spec.tier === "small" && !spec.code.startsWith("8"));
  const held: HeldOpen[] = [
    { spec: specOf("82002"), openedMs: anchorMs - prng.int(25, 70) * MINUTE_MS, severity: "critical" },
    { spec: specOf("10002"), openedMs: anchorMs - prng.int(150, 300) * MINUTE_MS, severity: "serious" },
  ];
  for (let i = 0; i < scale; i++) {
    const spec = prng.pick(i % 2 === 0 ? slow : small);
    held.push({ spec, openedMs: anchorMs - TIER_MS[spec.tier] - prng.range(0.4, 20) * HOUR_MS });
  }
  for (let i = 0; i < scale; i++) {
    const spec = prng.pick(slow);
    held.push({ spec, openedMs: anchorMs - TIER_MS[spec.tier] + prng.range(0.2, 5) * HOUR_MS });
  }
  return held;
}

const SEASONS: readonly Season[] = ["flat", "winter", "summer", "dry", "snow", "rain"];

function totalsOf(weights: Record<Season, Float64Array>): Record<Season, number> {
  const totals = { flat: 0, winter: 0, summer: 0, dry: 0, snow: 0, rain: 0 };
  for (const season of SEASONS) for (const weight of weights[season]) totals[season] += weight;
  return totals;
}

/** Weights of the anchor's own day and the day before, together. */
function lastOf(weights: Record<Season, Float64Array>): Record<Season, number> {
  const totals = { flat: 0, winter: 0, summer: 0, dry: 0, snow: 0, rain: 0 };
  for (const season of SEASONS)
    totals[season] = (weights[season].at(-1) as number) + (weights[season].at(-2) as number);
  return totals;
}

const drawClass = (
  specs: readonly IncidentClassSpec[],
  totals: Record<Season, number>,
  prng: Prng,
): IncidentClassSpec =>
  specs[prng.weighted(specs.map((spec) => spec.weight * totals[spec.season]))] as IncidentClassSpec;

function drawIndex(weights: Float64Array, total: number, prng: Prng): number {
  let rest = prng.float() * total;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i] as number;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

/** Milliseconds since local midnight. */
const drawTimeOfDay = (spec: IncidentClassSpec, prng: Prng): number =>
  prng.weighted(HOUR_WEIGHTS[spec.rhythm]) * HOUR_MS + prng.int(0, 3599) * 1000;

/** The last time before the anchor (by a minute at least) that the clock showed a drawn time of day. */
function instantOfLastDay(anchorMs: number, spec: IncidentClassSpec, prng: Prng): number {
  const today = dayStartMs(localDay(anchorMs)) + drawTimeOfDay(spec, prng);
  return today <= anchorMs - MINUTE_MS ? today : Math.max(today - DAY_MS, anchorMs - DAY_MS + 1000);
}

function drawSource(spec: IncidentClassSpec, prng: Prng): IncidentSource {
  const weights = spec.code.startsWith("80")
    ? DISPUTE_SOURCE_WEIGHTS
    : spec.code.startsWith("81") || spec.code.startsWith("83")
      ? REQUEST_SOURCE_WEIGHTS
      : spec.place === "water"
        ? WATER_SOURCE_WEIGHTS
        : SOURCE_WEIGHTS;
  return INCIDENT_SOURCES[prng.weighted(weights)] as IncidentSource;
}

type SiteDraw = (spec: IncidentClassSpec, prng: Prng) => Site;

/** Where a class happens: part of what happens on roads and most of what happens at markets falls on hot spots. */
function rhythmSites(sites: Sites): SiteDraw {
  // Falls off like 1/k (Zipf), flattened so that the first spot does not swallow a county.
  const ranks = sites.hotSpots.map((_, i) => 1 / (i + 4));
  const hotSpot = (prng: Prng): Site => (sites.hotSpots[prng.weighted(ranks)] ?? sites.roads).draw(prng);
  return (spec, prng) => {
    switch (spec.place) {
      case "home":
        return sites.reportedHomes.draw(prng);
      case "road":
        return prng.chance(0.22) ? hotSpot(prng) : sites.roads.draw(prng);
      case "market":
        return prng.chance(0.55) ? hotSpot(prng) : sites.roads.draw(prng);
      case "water":
        return sites.waters.draw(prng);
      case "work":
        // There are few works; shops below flats are among the homes.
        return prng.chance(0.4) ? sites.works.draw(prng) : sites.reportedHomes.draw(prng);
    }
  };
}

/** Homes in proportion to households by systematic sampling, so that counts are even and not only so on average. */
function uniformSites(sites: Sites, count: number, prng: Prng): SiteDraw {
  const { homes } = sites;
  const order = prng.shuffle(Array.from({ length: count }, (_, i) => i));
  let next = 0;
  return () => {
    const i = order[next++ % count] as number;
    return homes.atWeight(((i + 0.5) / count) * homes.total);
  };
}

/** A site of the class in town; any site where a county has no town. */
function townSite(draw: SiteDraw, spec: IncidentClassSpec, prng: Prng): Site {
  let site = draw(spec, prng);
  for (let tries = 0; tries < 100 && !site.urban; tries++) site = draw(spec, prng);
  return site;
}
