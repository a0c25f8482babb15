import { describe, expect, it } from "vitest";
import { DEMO_SLUGS, type DemoCommunity, type DemoProfile } from "../../data/demo/profile.ts";
import { allocate } from "../../data/demo/profiles/allocate.ts";
import { figureOf } from "../../data/demo/profiles/figures.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { levelOfCode } from "../../data/model/codes.ts";

const communitiesOf = (profile: DemoProfile) => profile.towns.flatMap((town) => town.communities);
const villagesOf = (profile: DemoProfile) => profile.towns.flatMap((town) => town.villages);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const urbanGrids = (profile: DemoProfile) => sum(communitiesOf(profile).map((c) => c.grids + c.dedicatedGrids));
const { zuoyun, yungang, zoucheng, jinta, gucheng, decheng } = DEMO_PROFILES;

describe.each(DEMO_SLUGS)("profile %s", (slug) => {
  const profile = DEMO_PROFILES[slug];
  it("names each place once, with a code of its level inside its parent", () => {
    const codes = new Set<string>();
    for (const town of profile.towns) {
      expect(levelOfCode(town.code)).toBe("town");
      expect(town.code.startsWith(profile.profile.county)).toBe(true);
      for (const place of [...town.communities, ...town.villages]) {
        expect(levelOfCode(place.code)).toBe("community");
        expect(place.code.startsWith(town.code)).toBe(true);
        expect(codes.has(place.code)).toBe(false);
        codes.add(place.code);
        expect(place.name).not.toMatch(/委员会|居委会|村委会/);
        expect(place.nameSort).toMatch(/^[a-z0-9]+$/);
      }
    }
  });
  it("gives each community 300–500 households a basic grid, at most 99 micro-grids a grid", () => {
    for (const community of communitiesOf(profile)) {
      expect(community.grids).toBeGreaterThan(0);
      expect(community.households / community.grids).toBeGreaterThanOrEqual(300);
      expect(community.households / community.grids).toBeLessThanOrEqual(500);
      expect(community.microGrids / community.grids).toBeLessThanOrEqual(99);
      expect(community.compounds).toBeGreaterThan(0);
    }
  });
  it("states where each figure was published", () => {
    expect(profile.profile.figures.length).toBeGreaterThan(10);
    for (const figure of profile.profile.figures) expect(figure.source).not.toBe("");
    expect(new Set(profile.profile.figures.map((figure) => figure.key)).size).toBe(profile.profile.figures.length);
  });
});

describe("published figures", () => {
  it("Zuoyun: 7 communities, all in 云兴镇, 89 compounds, 573 micro-grids", () => {
    expect(communitiesOf(zuoyun).map((c: DemoCommunity) => c.name)).toEqual([
      "云兴街社区",
      "林河路社区",
      "东街社区",
      "西街社区",
      "东延路社区",
      "南街社区",
      "云和园社区",
    ]);
    expect(communitiesOf(zuoyun).every((c) => c.code.startsWith("140226100"))).toBe(true);
    expect(sum(communitiesOf(zuoyun).map((c) => c.compounds))).toBe(figureOf(zuoyun.profile, "compounds"));
    expect(sum(communitiesOf(zuoyun).map((c) => c.microGrids))).toBe(figureOf(zuoyun.profile, "micro_grids"));
    expect(sum(villagesOf(zuoyun).map((v) => v.grids))).toBe(0);
  });
  it("Yungang: 27 towns, 810 grids = 561 + 249, 246 leaders, 810 workers, five professions 635", () => {
    expect(yungang.towns).toHaveLength(figureOf(yungang.profile, "towns"));
    expect(urbanGrids(yungang)).toBe(561);
    expect(sum(villagesOf(yungang).map((v) => v.grids))).toBe(249);
    expect(figureOf(yungang.profile, "grids")).toBe(810);
    const { staffing } = yungang;
    expect(staffing.gridLeaders).toBe(246);
    expect([staffing.fullTime, staffing.partTime]).toEqual([561, 249]);
    const five = [
      staffing.judges,
      staffing.prosecutors,
      staffing.policeOfficers,
      staffing.legalWorkers,
      staffing.mediators,
    ];
    expect(five).toEqual([15, 27, 149, 158, 286]);
    expect(sum(five)).toBe(figureOf(yungang.profile, "five_professions"));
    expect(yungang.incidents).toMatchObject({ reported: 30528, valid: 29269 });
    expect(yungang.incidents.reported - yungang.incidents.valid).toBe(1259);
  });
  it("Zoucheng: 48 communities, 737 grids, 540 community workers, 2,650 rural workers", () => {
    expect(communitiesOf(zoucheng)).toHaveLength(48);
    expect(urbanGrids(zoucheng)).toBe(737);
    expect([zoucheng.staffing.communityWorkers, zoucheng.staffing.ruralWorkers]).toEqual([540, 2650]);
  });
  it("Jinta: four communities in 金塔镇, 51 grids with one leader and four staff each, 156 units", () => {
    expect(communitiesOf(jinta).map((c) => c.name)).toEqual(["东南街社区", "东北街社区", "西南街社区", "西北街社区"]);
    expect(urbanGrids(jinta)).toBe(51);
    expect(jinta.staffing.gridLeaders).toBe(51);
    expect(jinta.staffing.fullTime + jinta.staffing.partTime).toBe(4 * 51);
    expect(jinta.partnerUnits).toBe(figureOf(jinta.profile, "units"));
    expect(villagesOf(jinta).map((v) => v.name)).toContain("生地湾社区");
  });
  it("Gucheng: 13 communities, 120 compounds, 111 grids, 111 contracted leaders", () => {
    expect(communitiesOf(gucheng)).toHaveLength(13);
    expect(sum(communitiesOf(gucheng).map((c) => c.compounds))).toBe(120);
    expect(urbanGrids(gucheng)).toBe(111);
    expect(gucheng.staffing.contractedLeaders).toBe(111);
  });
  it("Decheng: 137 urban grids, seven communities near 3,000 households, at least ten staff a community", () => {
    expect(urbanGrids(decheng)).toBe(137);
    const resized = communitiesOf(decheng).filter((c) => c.households > 2500);
    expect(resized).toHaveLength(7);
    for (const community of resized) expect(Math.abs(community.households - 3000)).toBeLessThan(500);
  });
  it.each([
    ["zuoyun", { communities: 7, compounds: 89, micro_grids: 573, joint_councils: 7, mediation_days: 7 }],
    ["zuoyun", { joint_council_members: 120, orders: 650, order_satisfaction: 0.98, problems_solved: 800 }],
    ["yungang", { towns: 27, grids: 810, grid_leaders: 246, reported: 30528, valid: 29269, admission_items: 43 }],
    ["yungang", { admission_departments: 11, visits_per_month: 1, police_per_community: 1, closing_rate_of_valid: 1 }],
    [
      "zoucheng",
      { grids: 737, grid_branches: 310, party_groups: 834, member_households_total: 2036, linking_cadres: 86 },
    ],
    [
      "zoucheng",
      { rural_service_teams: 160, one_key_callers: 686, services_this_year: 14381, enterprises_linked: 3266 },
    ],
    ["zoucheng", { commerce_branches: 18, demonstration_posts: 160, enterprise_services: 46, small_stations: 37 }],
    [
      "jinta",
      { units: 156, activities: 497, claims: 585, sessions: 238, practical_things: 318, deliberated_matters: 35 },
    ],
    ["jinta", { practical_things_yuan: 357000, requests_solved: 120, hazards_removed: 62, disputes_settled: 75 }],
    ["gucheng", { party_members: 628, listenings: 519, policy_talks: 782, disputes_settled: 14, urgent_problems: 226 }],
    ["gucheng", { meetings: 52, problems_solved: 39, households_visited: 10536, opinions: 511, solar_lamps: 363 }],
    [
      "decheng",
      { grids_urban_new: 137, communities_resized: 7, refused_stamps: 20, young_cadres: 74, items_moved_down: 167 },
    ],
    ["decheng", { venues_opened: 31, neighbour_centres: 9, non_profits_before: 12, social_organisations: 141 }],
  ] as const)("%s: %j", (slug, figures) => {
    for (const [key, value] of Object.entries(figures)) expect(figureOf(DEMO_PROFILES[slug].profile, key)).toBe(value);
  });
  it("holds the cross-checks of the sources", () => {
    expect(figureOf(yungang.profile, "grids_urban") + figureOf(yungang.profile, "grids_rural")).toBe(810);
    expect(figureOf(yungang.profile, "valid") / figureOf(yungang.profile, "reported")).toBeCloseTo(0.9588, 4);
    expect(figureOf(yungang.profile, "grids") / figureOf(yungang.profile, "grid_leaders")).toBeCloseTo(3.29, 2);
    expect(figureOf(zoucheng.profile, "enterprises_linked") / 86).toBeCloseTo(37.98, 2);
  });
  it("keeps 'more than' as a lower bound", () => {
    const figure = zuoyun.profile.figures.find((f) => f.key === "problems_solved");
    expect(figure).toMatchObject({ value: 800, atLeast: true });
    expect(zuoyun.profile.figures.find((f) => f.key === "compounds")?.atLeast).toBeUndefined();
  });
});

describe("allocate", () => {
  it("sums to the total and respects the minimum", () => {
    expect(allocate(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(sum(allocate(573, [3, 1, 4, 1, 5], 2))).toBe(573);
    expect(allocate(3, [0, 0, 0], 1)).toEqual([1, 1, 1]);
  });
  it("refuses a minimum that cannot be met", () => {
    expect(() => allocate(2, [1, 1, 1], 1)).toThrow(/at least 1 of 2/);
  });
});
