import { describe, expect, it } from "vitest";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_SLUGS, type DemoSlug } from "../../data/demo/profile.ts";
import { figureOf } from "../../data/demo/profiles/figures.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import type { AreaRecord } from "../../data/model/area.ts";
import { parentCode } from "../../data/model/codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { INVALID_STATES } from "../../data/model/incident.ts";
import { divideCounty } from "../helpers/divided-county.ts";
import { uncoveredAreas } from "../helpers/duty-roster.ts";
import { groupBy } from "../helpers/group-by.ts";

/** The seed that `jingwei start` uses. */
const SEED = "jingwei";
const ANCHOR = "2026-01-15T00:00+08:00";
const of = (dataset: CountyDataset, test: (area: AreaRecord) => boolean): number => dataset.areas.filter(test).length;
const isUrbanGrid = (area: AreaRecord): boolean => area.level === "grid" && area.urban;

/** Even-odd rule over all rings in degrees, written apart from the generator's own locator. */
function contains(area: AreaRecord, [x, y]: LonLat): boolean {
  let odd = false;
  for (const ring of area.geometry.flat())
    for (let i = 1; i < ring.length; i++) {
      const [x1, y1] = ring[i - 1] as LonLat;
      const [x2, y2] = ring[i] as LonLat;
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) odd = !odd;
    }
  return odd;
}

/** Published figures that rows must roll up to, counted from the rows. */
const ROLL_UPS: Record<DemoSlug, Readonly<Record<string, (dataset: CountyDataset) => number>>> = {
  zuoyun: {
    communities: (d) => of(d, (a) => a.kind === "community"),
    compounds: (d) => d.compounds.length,
    micro_grids: (d) => of(d, (a) => a.level === "micro"),
  },
  yungang: {
    towns: (d) => of(d, (a) => a.level === "town"),
    grids: (d) => of(d, (a) => a.level === "grid"),
    grids_urban: (d) => of(d, isUrbanGrid),
    grids_rural: (d) => of(d, (a) => a.level === "grid" && !a.urban),
    grid_leaders: (d) => d.posts.filter((post) => post.kind === "grid_leader").length,
    grid_workers: (d) => d.posts.filter((post) => post.kind === "full_time" || post.kind === "part_time").length,
    reported: (d) => d.incidents.length,
    valid: (d) => d.incidents.filter((incident) => !INVALID_STATES.includes(incident.state)).length,
  },
  zoucheng: {
    communities: (d) => of(d, (a) => a.kind === "community"),
    grids: (d) => of(d, (a) => a.level === "grid"),
    community_workers: (d) => d.posts.filter((post) => post.kind === "community_worker").length,
  },
  jinta: {
    communities: (d) => of(d, (a) => a.kind === "community"),
    grids: (d) => of(d, (a) => a.level === "grid"),
  },
  gucheng: {
    communities: (d) => of(d, (a) => a.kind === "community"),
    compounds: (d) => d.compounds.length,
    grids: (d) => of(d, (a) => a.level === "grid"),
    contracted_cadres: (d) => d.posts.filter((post) => post.kind === "contracted_leader").length,
  },
  decheng: { grids_urban_new: (d) => of(d, isUrbanGrid) },
};

describe.each(DEMO_SLUGS)("whole county %s", (slug) => {
  const dataset = generate(DEMO_PROFILES[slug], SEED, ANCHOR);
  const byCode = new Map(dataset.areas.map((area) => [area.code, area]));

  it("rolls up to the published figures", () => {
    const counted = Object.entries(ROLL_UPS[slug]).map(([key, count]) => [key, count(dataset)]);
    const published = Object.keys(ROLL_UPS[slug]).map((key) => [key, figureOf(DEMO_PROFILES[slug].profile, key)]);
    expect(counted).toEqual(published);
  });
  it("has the profile's households, and children that sum to their parents", () => {
    const { towns } = DEMO_PROFILES[slug];
    const places = towns.flatMap((town) => [...town.communities, ...town.villages]);
    const wanted = new Map(places.map((place) => [place.code, place.households]));
    const wrong = dataset.areas.filter((a) => wanted.has(a.code) && a.households !== wanted.get(a.code));
    expect(wrong.map((area) => area.code)).toEqual([]);
    for (const [parent, children] of groupBy(dataset.areas, (area) => parentCode(area.code))) {
      if (parent === undefined) continue;
      const sum = children.reduce((total, child) => total + (child.households ?? 0), 0);
      expect([parent, sum]).toEqual([parent, byCode.get(parent)?.households]);
    }
    const housed = dataset.buildings.reduce((total, building) => total + building.households, 0);
    expect(housed).toBe(byCode.get(dataset.profile.county)?.households);
  });
  it("puts incidents, cameras and buildings inside the area that they name", () => {
    const outside = (code: string | null, point: LonLat): boolean => {
      const area = byCode.get(code ?? "");
      return area === undefined || !contains(area, point);
    };
    expect(dataset.incidents.filter((i) => outside(i.scopeCode, i.point)).map((i) => i.scopeCode)).toEqual([]);
    expect(dataset.cameras.filter((c) => outside(c.scopeCode, c.point)).map((c) => c.scopeCode)).toEqual([]);
    expect(dataset.buildings.filter((b) => outside(b.scopeCode, b.label)).map((b) => b.scopeCode)).toEqual([]);
  });
  it("stands posts of communities inside them, police rooms apart from the centres", () => {
    const codes = new Map(dataset.areas.map((area) => [area.id, area.code]));
    const areasOf = groupBy(dataset.postAreas, (row) => row.postId);
    const rooms = dataset.posts.filter((post) => post.kind === "police");
    expect(rooms).toHaveLength(of(dataset, (area) => area.kind === "community"));
    for (const post of dataset.posts.filter((p) => ["grid_leader", "full_time", "police"].includes(p.kind))) {
      const place = byCode.get((codes.get(areasOf.get(post.id)?.[0]?.areaId as never) ?? "").slice(0, 12));
      expect(place && contains(place, post.point) ? "" : post.place).toBe("");
      if (post.kind === "police") expect(post.point).not.toEqual(place?.label);
    }
  });
  it("names every incident after its community and grid", () => {
    const wrong = dataset.incidents.filter((incident) => {
      const place = byCode.get((incident.scopeCode ?? "").slice(0, 12));
      const grid = byCode.get(incident.gridCodeAt ?? "");
      return !incident.title.startsWith(grid?.name ?? place?.name ?? "?");
    });
    expect(wrong.map((incident) => incident.title)).toEqual([]);
  });
  it("is divided without splitting a compound or leaving a grid that cannot be walked through: its seat, anew", () => {
    const compoundsIn = (town: AreaRecord): number =>
      dataset.compounds.filter(({ communityCode }) => communityCode.startsWith(town.code)).length;
    const towns = dataset.areas.filter(({ level }) => level === "town");
    // Whole counties: npm run bench -- blocks.
    const seat = towns.toSorted((a, b) => compoundsIn(b) - compoundsIn(a))[0]?.code ?? "";
    const { split, apart, figures, compounds, units } = divideCounty(dataset, seat, true);
    expect([split, apart, figures.inPieces]).toEqual([[], [], 0]);
    expect(compounds).toBeGreaterThan(20);
    expect(units).toBeGreaterThan(figures.parts);
  });
  it("has somebody on duty everywhere at night, at noon and on Sunday", () => {
    for (const at of ["2026-01-15T03:10+08:00", "2026-01-16T12:40+08:00", "2026-01-18T17:59+08:00"])
      expect(uncoveredAreas(dataset, Date.parse(at))).toEqual([]);
  });
});

describe("geography and anchor", () => {
  it("an anchor two years later leaves the places and the people as they are", () => {
    const first = generate(DEMO_PROFILES.jinta, SEED, ANCHOR);
    const later = generate(DEMO_PROFILES.jinta, SEED, "2028-01-15T00:00+08:00");
    expect(later.areas).toEqual(first.areas);
    expect(later.staff.map((member) => member.name)).toEqual(first.staff.map((member) => member.name));
    expect(later.incidents).toHaveLength(first.incidents.length);
  });
});
