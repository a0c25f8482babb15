import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseAnchor } from "../../data/demo/population/demo-context.ts";
import { workflowOf } from "../../data/demo/population/named-workflows.ts";
import { type PopulateOptions, populate } from "../../data/demo/population/populate.ts";
import { DEMO_SLUGS, type DemoSlug } from "../../data/demo/profile.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { AppError } from "../../data/model/errors.ts";
import { uuidV7Time } from "../../data/model/ids.ts";
import { ENDED_STATES, INVALID_STATES, isLate, isOpenState, SENSITIVE_REF_FROM } from "../../data/model/incident.ts";
import { isAllowedStep, stepOf } from "../../data/workflow/walk.ts";
import { chessboardGeography } from "../helpers/chessboard-geography.ts";
import { answeringPosts } from "../helpers/duty-roster.ts";
import { groupBy } from "../helpers/group-by.ts";

const ANCHOR = "2026-01-15T00:00+08:00";
const DAY_MS = 86_400_000;
const generateOn = (slug: DemoSlug, anchor: string, options?: PopulateOptions, seed = "test"): CountyDataset =>
  populate(DEMO_PROFILES[slug], chessboardGeography(DEMO_PROFILES[slug]), seed, anchor, options);
const cache = new Map<DemoSlug, CountyDataset>();
const datasetOf = (slug: DemoSlug): CountyDataset => {
  const known = cache.get(slug) ?? generateOn(slug, ANCHOR);
  cache.set(slug, known);
  return known;
};
const localHour = (iso: string): number => (Number(iso.slice(11, 13)) + 8) % 24;
const localMonth = (iso: string): number => new Date(Date.parse(iso) + 8 * 3_600_000).getUTCMonth() + 1;

describe.each(DEMO_SLUGS)("incidents of %s", (slug) => {
  const dataset = datasetOf(slug);
  const anchorMs = Date.parse(ANCHOR);
  const { reported, valid } = DEMO_PROFILES[slug].incidents;
  const events = groupBy(dataset.incidentEvents, (event) => event.incidentId);

  it("number what the profile says: reported and valid", () => {
    expect(dataset.incidents).toHaveLength(reported);
    const invalid = dataset.incidents.filter((incident) => INVALID_STATES.includes(incident.state));
    expect(reported - invalid.length).toBe(valid);
  });
  it("are numbered in the order they were opened, sensitive ones apart, within the year before the anchor", () => {
    const sensitive = (code: string) => CLASS_CODES.some((entry) => entry.code === code && entry.sensitive);
    const next = { true: SENSITIVE_REF_FROM, false: 1 };
    const opened = dataset.incidents.map((incident) => Date.parse(incident.openedAt));
    const wrong = dataset.incidents.filter(
      (incident, i) =>
        incident.ref !== next[`${sensitive(incident.classCode)}`]++ ||
        uuidV7Time(incident.id) !== opened[i] ||
        (i > 0 && (opened[i] as number) < (opened[i - 1] as number)),
    );
    expect(wrong).toEqual([]);
    expect(next.false).toBeGreaterThan(1);
    expect(opened[0]).toBeGreaterThanOrEqual(anchorMs - 365 * DAY_MS);
    expect(opened.at(-1)).toBeLessThan(anchorMs);
  });
  it("have histories that obey the county's workflow and end in the case's own state", () => {
    const faults: string[] = [];
    for (const incident of dataset.incidents) {
      const history = events.get(incident.id) ?? [];
      const states = history.map((event) => event.toState);
      const times = history.map((event) => Date.parse(event.at));
      const workflow = workflowOf(slug, incident);
      const keys = history.map((event) => event.step ?? "");
      const ended = history.find((event) => ENDED_STATES.includes(event.toState));
      const checks: Record<string, boolean> = {
        steps: keys.length > 0 && keys.every((_, i) => isAllowedStep(workflow, keys, i)),
        "states of steps": keys.every((key, i) => stepOf(workflow, key)?.state === states[i]),
        place: incident.workflow === workflow.key && incident.step === keys.at(-1),
        // Nobody handles a case at the start: a unit has it, or it waits for a role, until it has ended.
        owner: !isOpenState(incident.state) || incident.organisationId !== null || incident.inbox !== undefined,
        inbox: incident.inbox === undefined || (isOpenState(incident.state) && incident.organisationId === null),
        chain: history.every((event, i) => event.seq === i + 1 && event.fromState === (states[i - 1] ?? null)),
        rising: times.every((at, i) => i === 0 || at > (times[i - 1] as number)),
        "by the anchor": (times.at(-1) ?? anchorMs + 1) <= anchorMs,
        ids: history.every((event, i) => uuidV7Time(event.id) === times[i]),
        opened: history[0]?.at === incident.openedAt,
        answered: (history[1]?.at ?? null) === incident.firstAnswerAt,
        state: states.at(-1) === incident.state,
        closed: incident.closedAt === (ended?.at ?? null) && isOpenState(incident.state) === !incident.closedAt,
      };
      for (const [name, holds] of Object.entries(checks))
        if (!holds) faults.push(`${incident.ref} ${name}: ${states.join(" → ")}`);
    }
    expect(faults).toEqual([]);
  });
  it("lie inside the deepest area that they name, and in its grid", () => {
    const areas = new Map(dataset.areas.map((area) => [area.code, area]));
    const outside = dataset.incidents.filter(({ scopeCode, gridCodeAt, gridId, point: [lon, lat] }) => {
      const ring = areas.get(scopeCode ?? "")?.geometry[0]?.[0] ?? [];
      const [lons, lats] = [ring.map((p) => p[0]), ring.map((p) => p[1])];
      const grid = (scopeCode ?? "").length >= 15 ? (scopeCode ?? "").slice(0, 15) : null;
      const inBox =
        lon >= Math.min(...lons) && lon <= Math.max(...lons) && lat >= Math.min(...lats) && lat <= Math.max(...lats);
      return !inBox || gridCodeAt !== grid || gridId !== (grid === null ? null : areas.get(grid)?.id);
    });
    expect(outside).toEqual([]);
  });
  it("are late in a plausible share, with open cases past and near their deadline", () => {
    const validCases = dataset.incidents.filter((incident) => !INVALID_STATES.includes(incident.state));
    const late = validCases.filter((incident) => isLate(incident, anchorMs)).length / validCases.length;
    expect(late).toBeGreaterThan(0.08);
    expect(late).toBeLessThan(0.15);
    const open = validCases.filter((incident) => isOpenState(incident.state));
    expect(open.length / validCases.length).toBeLessThan(0.02);
    expect(open.filter((incident) => isLate(incident, anchorMs)).length).toBeGreaterThanOrEqual(3);
    const dueSoon = open.filter((incident) => {
      const left = Date.parse(incident.dueAt ?? "") - anchorMs;
      return left > 0 && left < 6 * 3_600_000;
    });
    expect(dueSoon.length).toBeGreaterThanOrEqual(2);
    const recent = open.filter((incident) => Date.parse(incident.openedAt) > anchorMs - 8 * DAY_MS);
    expect(recent.length / open.length).toBeGreaterThan(0.6);
  });
  it("use shipped classes only, of varied severity and source", () => {
    const classes = new Set(CLASS_CODES.filter((entry) => entry.kind !== "component").map((entry) => entry.code));
    expect(dataset.incidents.filter((incident) => !classes.has(incident.classCode))).toEqual([]);
    expect(new Set(dataset.incidents.map((incident) => incident.classCode)).size).toBeGreaterThan(40);
    expect(new Set(dataset.incidents.map((incident) => incident.severity)).size).toBe(4);
    expect(new Set(dataset.incidents.map((incident) => incident.source)).size).toBe(9);
  });
});

describe("rhythm", () => {
  const { incidents } = datasetOf("yungang");
  const yearOf = (prefix: string) => incidents.filter((incident) => incident.classCode.startsWith(prefix));
  it("has a morning and an afternoon peak and quiet nights", () => {
    const hours = new Array<number>(24).fill(0);
    for (const incident of incidents)
      hours[localHour(incident.openedAt)] = (hours[localHour(incident.openedAt)] ?? 0) + 1;
    const [morning, noon, afternoon, night] = [hours[9], hours[13], hours[16], hours[3]] as [
      number,
      number,
      number,
      number,
    ];
    expect(morning).toBeGreaterThan(noon * 1.4);
    expect(afternoon).toBeGreaterThan(noon * 1.4);
    expect(night).toBeLessThan(noon / 4);
  });
  it("reports less at weekends", () => {
    const days = groupBy(incidents, (i) => (Math.floor((Date.parse(i.openedAt) + 8 * 3_600_000) / DAY_MS) + 3) % 7);
    expect((days.get(0)?.length ?? 0) / (days.get(6)?.length ?? 1)).toBeGreaterThan(1.2);
  });
  it("has ice in winter and blocked drains in summer", () => {
    const ice = yearOf("10001").map((incident) => localMonth(incident.openedAt));
    expect(ice.length).toBeGreaterThan(50);
    expect(ice.filter((month) => month >= 11 || month <= 3).length / ice.length).toBeGreaterThan(0.9);
    const drains = yearOf("81002").map((incident) => localMonth(incident.openedAt));
    expect(drains.filter((month) => month >= 5 && month <= 9).length / drains.length).toBeGreaterThan(0.75);
  });
  it("dips at spring festival (2025-01-28 … 02-04)", () => {
    const between = (from: string, to: string) =>
      incidents.filter((i) => i.openedAt >= `${from}T16:00:00` && i.openedAt < `${to}T16:00:00`).length;
    expect(between("2025-01-27", "2025-02-04")).toBeLessThan(between("2025-02-11", "2025-02-19") * 0.6);
  });
  it("piles up on hot spots: the busiest hundredth of urban cells holds far more than its share", () => {
    const town = incidents.filter((incident) => incident.classCode.startsWith("09"));
    const cells = groupBy(town, (i) => `${Math.floor(i.point[0] * 500)} ${Math.floor(i.point[1] * 500)}`);
    const counts = [...cells.values()].map((cell) => cell.length).sort((a, b) => b - a);
    const top = counts.slice(0, Math.ceil(counts.length / 100)).reduce((sum, count) => sum + count, 0);
    expect(top / town.length).toBeGreaterThan(0.1);
  });
});

describe("published case numbers", () => {
  it("Yungang: 30,528 reported, 29,269 valid, 1,259 invalid", () => {
    const { incidents } = datasetOf("yungang");
    const invalid = incidents.filter((incident) => INVALID_STATES.includes(incident.state)).length;
    expect([incidents.length, incidents.length - invalid, invalid]).toEqual([30528, 29269, 1259]);
  });
  it("Jinta: 120 requests, 62 hazards, 75 disputes", () => {
    const validCases = datasetOf("jinta").incidents.filter((incident) => !INVALID_STATES.includes(incident.state));
    const ofMajor = (major: string) => validCases.filter((incident) => incident.classCode.startsWith(major)).length;
    expect([ofMajor("81"), ofMajor("82"), ofMajor("80")]).toEqual([120, 62, 75]);
  });
});

describe("anchors", () => {
  it.each([ANCHOR, "2028-01-15T00:00+08:00", "2027-06-30T03:17+08:00", "2026-11-22"])(
    "%s has cases of its last 24 hours and an open severe one whose grid has staff on duty",
    (anchor) => {
      const dataset = generateOn("zuoyun", anchor);
      const anchorMs = parseAnchor(anchor);
      expect(dataset.profile.anchorAt).toBe(new Date(anchorMs).toISOString());
      const lastDay = dataset.incidents.filter((incident) => Date.parse(incident.openedAt) >= anchorMs - DAY_MS);
      expect(lastDay.length).toBeGreaterThanOrEqual(8);
      const severe = lastDay.find((incident) => incident.severity === "critical" && isOpenState(incident.state));
      expect(severe?.gridId).toBeTruthy();
      const answering = answeringPosts(dataset)(anchorMs);
      const community = dataset.areas.find((area) => area.code === severe?.gridCodeAt?.slice(0, 12));
      const linked = dataset.postAreas.filter((row) => row.areaId === severe?.gridId || row.areaId === community?.id);
      expect(linked.length).toBeGreaterThan(4);
      expect(linked.some((row) => answering.has(row.postId))).toBe(true);
      expect(dataset.incidentEvents.filter((event) => Date.parse(event.at) > anchorMs)).toEqual([]);
    },
  );
  it("read a date in the county's zone and refuse anything else", () => {
    expect(parseAnchor("2026-01-15")).toBe(Date.parse("2026-01-14T16:00:00Z"));
    expect(parseAnchor("2026-01-15T09:30:15.5+08:00")).toBe(Date.parse("2026-01-15T01:30:15.500Z"));
    expect(parseAnchor("2026-01-15T01:30Z")).toBe(Date.parse("2026-01-15T01:30:00Z"));
    for (const wrong of [
      "",
      "today",
      "2026-02-30",
      "2026-13-01",
      "2026-01-15T25:00Z",
      "2026-01-15T09:30",
      "15/01/2026",
    ]) {
      expect(() => parseAnchor(wrong)).toThrow(AppError);
    }
  });
});

describe("determinism", () => {
  const hash = (dataset: CountyDataset): string => createHash("sha256").update(JSON.stringify(dataset)).digest("hex");
  it("gives equal bytes for equal arguments and others for another seed", () => {
    const first = hash(generateOn("jinta", ANCHOR));
    expect(hash(generateOn("jinta", ANCHOR))).toBe(first);
    expect(hash(generateOn("jinta", ANCHOR, {}, "other"))).not.toBe(first);
  });
});

describe("uniform mode", () => {
  it("reports at one rate per household: grids differ by less than a fifth", () => {
    const dataset = generateOn("yungang", ANCHOR, { incidents: "uniform" });
    const grids = dataset.areas.filter((area) => area.level === "grid" && (area.households ?? 0) >= 100);
    const counts = groupBy(dataset.incidents, (incident) => incident.gridCodeAt);
    const rates = grids.map((grid) => (counts.get(grid.code)?.length ?? 0) / (grid.households ?? 1));
    expect(grids.length).toBeGreaterThan(700);
    expect(Math.max(...rates) / Math.min(...rates)).toBeLessThan(1.2);
  });
});
