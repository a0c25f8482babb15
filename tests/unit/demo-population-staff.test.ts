import { describe, expect, it } from "vitest";
import { populate } from "../../data/demo/population/populate.ts";
import { DEMO_SLUGS, type DemoProfile } from "../../data/demo/profile.ts";
import { figureOf } from "../../data/demo/profiles/figures.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { isCameraCode, isCreditCode } from "../../data/model/codes.ts";
import type { CountyDataset } from "../../data/model/dataset.ts";
import { type DutyPost, standsFor } from "../../data/model/duty.ts";
import type { PostKind } from "../../data/model/staff.ts";
import { chessboardGeography } from "../helpers/chessboard-geography.ts";
import { answeringPosts, uncoveredAreas } from "../helpers/duty-roster.ts";
import { groupBy } from "../helpers/group-by.ts";

const ANCHOR = "2026-01-15T00:00+08:00";
const HALF_HOUR_MS = 1_800_000;
/** Staff do not depend on how many cases there are: a small caseload keeps these tests quick. */
const quiet = (profile: DemoProfile): DemoProfile => ({ ...profile, incidents: { reported: 60, valid: 50 } });
const datasets = new Map<string, CountyDataset>();
const datasetOf = (slug: (typeof DEMO_SLUGS)[number]): CountyDataset => {
  const known = datasets.get(slug);
  if (known) return known;
  const profile = quiet(DEMO_PROFILES[slug]);
  const dataset = populate(profile, chessboardGeography(profile), "test", ANCHOR);
  datasets.set(slug, dataset);
  return dataset;
};
const countOf = (dataset: CountyDataset, kind: PostKind): number =>
  dataset.posts.filter((post) => post.kind === kind).length;
const levelOf = (dataset: CountyDataset): Map<string, string> =>
  new Map(dataset.areas.map((area) => [area.id as string, area.level === "community" ? area.kind : area.level]));

describe.each(DEMO_SLUGS)("population of %s", (slug) => {
  const dataset = datasetOf(slug);
  it("keeps every key that the database demands unique", () => {
    for (const rows of [
      dataset.organisations,
      dataset.organisationRoles,
      dataset.posts,
      dataset.staff,
      dataset.shifts,
      dataset.absences,
      dataset.cameras,
      dataset.incidents,
      dataset.incidentEvents,
    ])
      expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    expect(new Set(dataset.postAreas.map((row) => row.postId + row.areaId)).size).toBe(dataset.postAreas.length);
    const holders = dataset.postHolders.map((row) => row.postId + row.staffId + row.slot);
    expect(new Set(holders).size).toBe(holders.length);
    expect(new Set(dataset.cameras.map((row) => row.deviceCode)).size).toBe(dataset.cameras.length);
  });
  it("refers only to what exists", () => {
    const organisations = new Set(dataset.organisations.map((row) => row.id));
    const areas = new Set(dataset.areas.map((row) => row.id));
    const staff = new Set(dataset.staff.map((row) => row.id));
    const posts = new Set(dataset.posts.map((row) => row.id));
    const dangling = [
      ...dataset.organisationRoles.filter((r) => !organisations.has(r.organisationId) || !areas.has(r.areaId)),
      ...dataset.postAreas.filter((row) => !posts.has(row.postId) || !areas.has(row.areaId)),
      ...dataset.postHolders.filter((row) => !posts.has(row.postId) || !staff.has(row.staffId)),
      ...dataset.cameras.filter((c) => c.ownerOrganisationId !== null && !organisations.has(c.ownerOrganisationId)),
      ...dataset.incidents.filter((i) => i.organisationId !== null && !organisations.has(i.organisationId)),
    ];
    expect(dangling).toEqual([]);
  });
  it("has somebody on duty for every grid, community and village at each half hour of the anchor's week", () => {
    const anchorMs = Date.parse(ANCHOR);
    const answering = answeringPosts(dataset);
    // Zoucheng's 4,019 posts make each instant costly: it steps by two and a half hours, which walks over all hours.
    const step = dataset.posts.length > 2000 ? 5 : 1;
    for (let i = -168; i < 168; i += step)
      expect(uncoveredAreas(dataset, anchorMs + i * HALF_HOUR_MS, answering)).toEqual([]);
  });
  it("agrees post by post with the rule that the API answers dutyNow by", () => {
    const holders = groupBy(dataset.postHolders, (holder) => holder.postId);
    const shifts = groupBy(dataset.shifts, (shift) => shift.postId);
    const absences = groupBy(dataset.absences, (absence) => absence.staffId);
    const sampled = dataset.posts.filter((_, i) => dataset.posts.length < 700 || i % 5 === 0);
    const posts = sampled.map(
      (post): DutyPost => ({
        postId: post.id,
        kind: post.kind,
        areaCode: dataset.profile.county,
        lead: false,
        holders: (holders.get(post.id) ?? []).map((holder) => ({
          ...holder,
          absences: absences.get(holder.staffId) ?? [],
        })),
        shifts: shifts.get(post.id) ?? [],
      }),
    );
    for (const at of ["2026-01-15T10:00+08:00", "2026-01-17T02:30+08:00", "2026-01-18T18:00+08:00"]) {
      const answers = answeringPosts(dataset)(Date.parse(at));
      const rule = posts.map((post) => standsFor(post, Date.parse(at), dataset.profile.timezone));
      const differing = rule.filter((duty) => (duty.onDuty ? duty.slot : undefined) !== answers.get(duty.postId)?.slot);
      expect(differing).toEqual([]);
      expect(rule.some((duty) => duty.onDuty)).toBe(true);
    }
  });
  it("answers with B while A is away, and with A again later", () => {
    const absentStaff = new Set(dataset.absences.map((absence) => absence.staffId));
    const monday = Date.parse("2026-01-15T10:00:00+08:00");
    const first = answeringPosts(dataset)(monday);
    const away = dataset.postHolders.filter((holder) => holder.slot === "A" && absentStaff.has(holder.staffId));
    expect(away.length).toBeGreaterThan(0);
    const answeredByB = away.filter((holder) => first.get(holder.postId)?.slot === "B");
    expect(answeredByB.length).toBeGreaterThan(0);
    const later = answeringPosts(dataset)(monday + 28 * 86_400_000);
    for (const holder of answeredByB) expect(later.get(holder.postId)?.slot).toBe("A");
  });
  it("gives each grid exactly one leading post", () => {
    const grids = dataset.areas.filter((area) => area.level === "grid").map((area) => area.id);
    const leads = dataset.postAreas.filter((row) => row.lead).map((row) => row.areaId);
    expect(new Set(leads).size).toBe(leads.length);
    for (const grid of grids) expect(leads).toContain(grid);
  });
  it("uses names, phones and credit codes that cannot be anyone's", () => {
    expect(new Set(dataset.staff.map((row) => row.name)).size).toBe(dataset.staff.length);
    expect(new Set(dataset.staff.map((row) => row.workPhone)).size).toBe(dataset.staff.length);
    for (const { name, workPhone } of dataset.staff) {
      expect(name).toMatch(/^\p{Script=Han}某[甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥]{1,2}$/u);
      expect(workPhone).toMatch(/^199-0000-\d{4}$/);
    }
    for (const { creditCode, dutyPhone } of dataset.organisations) {
      expect(isCreditCode(creditCode ?? "")).toBe(true);
      expect(creditCode?.slice(2, 8)).toBe("999999");
      expect(dutyPhone).toMatch(/^000-/);
    }
  });
  it("keeps a plausible, lawful camera inventory", () => {
    expect(dataset.cameras).toHaveLength(DEMO_PROFILES[slug].cameras);
    for (const camera of dataset.cameras) {
      expect(isCameraCode(camera.deviceCode)).toBe(true);
      expect(camera.deviceCode.startsWith(dataset.profile.county)).toBe(true);
      if (camera.azimuthDeg !== null) {
        expect(camera.azimuthDeg).toBeGreaterThanOrEqual(0);
        expect(camera.azimuthDeg).toBeLessThan(360);
      }
      expect(camera.rangeM).toBeGreaterThanOrEqual(30);
      expect(camera.rangeM).toBeLessThanOrEqual(120);
    }
    const online = dataset.cameras.filter((camera) => camera.status === "online").length / dataset.cameras.length;
    expect(online).toBeGreaterThan(0.88);
    expect(online).toBeLessThan(0.98);
    const overdue = dataset.cameras.filter(
      (camera) => camera.filingNo === null && (camera.inUseSince ?? "") < "2025-12-15",
    );
    expect(overdue.length).toBeGreaterThan(0);
    expect(overdue.length / dataset.cameras.length).toBeLessThan(0.1);
  });
});

describe("published numbers of staff and units", () => {
  it("Zuoyun: each micro-grid has exactly one current responsible unit, and a unit's micro-grids lie together", () => {
    const dataset = datasetOf("zuoyun");
    const micro = dataset.areas.filter((area) => area.level === "micro");
    expect(micro).toHaveLength(573);
    const current = dataset.organisationRoles.filter((role) => role.role === "responsible" && role.to === null);
    const owners = new Map(current.map((role) => [role.areaId, role.organisationId]));
    expect(owners.size).toBe(current.length);
    for (const area of micro) expect(owners.has(area.id)).toBe(true);

    const spread = (labels: readonly (readonly [number, number])[]): number => {
      const mean = [0, 1].map(
        (axis) => labels.reduce((sum, label) => sum + (label[axis] as number), 0) / labels.length,
      );
      return Math.sqrt(
        labels.reduce(
          (sum, [lon, lat]) => sum + (lon - (mean[0] as number)) ** 2 + (lat - (mean[1] as number)) ** 2,
          0,
        ) / labels.length,
      );
    };
    const whole = spread(micro.map((area) => area.label));
    const units = groupBy(micro, (area) => owners.get(area.id));
    const within = [...units.values()].map((areas) => spread(areas.map((area) => area.label)));
    expect(Math.max(...within)).toBeLessThan(whole / 3);
  });
  it.each(["yungang", "zoucheng", "jinta", "gucheng", "decheng"] as const)(
    "%s shows owned, expired and unowned grids",
    (slug) => {
      const dataset = datasetOf(slug);
      const grids = dataset.areas.filter((area) => area.level === "grid");
      const roles = groupBy(
        dataset.organisationRoles.filter((role) => role.role === "responsible"),
        (role) => role.areaId,
      );
      const state = (areaId: (typeof grids)[number]["id"]) => {
        const held = roles.get(areaId);
        expect(held?.length ?? 0).toBeLessThanOrEqual(1);
        return held === undefined ? "unowned" : held[0]?.to === null ? "owned" : "expired";
      };
      const counts = groupBy(grids, (grid) => state(grid.id));
      for (const kind of ["owned", "expired", "unowned"] as const)
        expect(counts.get(kind)?.length ?? 0).toBeGreaterThan(0);
      expect((counts.get("owned")?.length ?? 0) / grids.length).toBeGreaterThan(0.85);
    },
  );
  it("Yungang: 246 leaders, 561 + 249 workers, five professions, 1+2+N in communities and 1+N in villages", () => {
    const dataset = datasetOf("yungang");
    const { profile } = DEMO_PROFILES.yungang;
    expect(countOf(dataset, "grid_leader")).toBe(figureOf(profile, "grid_leaders"));
    expect(countOf(dataset, "full_time")).toBe(figureOf(profile, "grid_workers_full_time"));
    expect(countOf(dataset, "part_time")).toBe(figureOf(profile, "grid_workers_part_time"));
    expect(countOf(dataset, "judge")).toBe(15);
    expect(countOf(dataset, "prosecutor")).toBe(27);
    expect(countOf(dataset, "police_officer")).toBe(149);
    expect(countOf(dataset, "legal_worker")).toBe(158);
    expect(countOf(dataset, "mediator")).toBe(286);
    expect(dataset.staff).toHaveLength(dataset.posts.length);
    const levels = levelOf(dataset);
    const kinds = new Map(dataset.posts.map((post) => [post.id, post.kind]));
    const police = groupBy(
      dataset.postAreas.filter((row) => kinds.get(row.postId) === "police" || kinds.get(row.postId) === "auxiliary"),
      (row) => row.areaId,
    );
    for (const [areaId, level] of levels) {
      if (level !== "community" && level !== "village") continue;
      const found = (police.get(areaId as never) ?? []).map((row) => kinds.get(row.postId)).sort();
      expect(found).toEqual(level === "community" ? ["auxiliary", "auxiliary", "police"] : ["auxiliary"]);
    }
    // One worker per grid: full-time in town, part-time in the country.
    const workers = groupBy(
      dataset.postAreas.filter((row) => ["full_time", "part_time"].includes(kinds.get(row.postId) ?? "")),
      (row) => row.areaId,
    );
    for (const grid of dataset.areas.filter((area) => area.level === "grid")) {
      const found = (workers.get(grid.id) ?? []).map((row) => kinds.get(row.postId));
      expect(found).toEqual([grid.code.slice(9, 12) < "200" ? "full_time" : "part_time"]);
    }
  });
  it("Zoucheng: 540 community workers, 2,650 grid workers at villages", () => {
    const dataset = datasetOf("zoucheng");
    const levels = levelOf(dataset);
    const partTime = new Set(dataset.posts.filter((post) => post.kind === "part_time").map((post) => post.id));
    const atVillages = dataset.postAreas.filter(
      (row) => partTime.has(row.postId) && levels.get(row.areaId) === "village",
    );
    expect(atVillages).toHaveLength(figureOf(DEMO_PROFILES.zoucheng.profile, "rural_workers"));
    expect(countOf(dataset, "community_worker")).toBe(540);
  });
  it("Jinta: one leader and four staff in each grid, 156 units joined", () => {
    const dataset = datasetOf("jinta");
    const kinds = new Map(dataset.posts.map((post) => [post.id, post.kind]));
    for (const grid of dataset.areas.filter((area) => area.level === "grid")) {
      const found = dataset.postAreas.filter((row) => row.areaId === grid.id).map((row) => kinds.get(row.postId));
      expect(found.filter((kind) => kind === "grid_leader")).toHaveLength(1);
      expect(found.filter((kind) => kind === "full_time" || kind === "part_time")).toHaveLength(4);
    }
    const joined = dataset.organisationRoles.filter((role) => role.role === "joint").map((role) => role.organisationId);
    expect(new Set(joined).size).toBe(figureOf(DEMO_PROFILES.jinta.profile, "units"));
    const levels = new Map(dataset.organisations.map((row) => [row.id, row.unitLevel]));
    for (const role of dataset.organisationRoles)
      if (role.role === "responsible") expect(levels.get(role.organisationId)).toBe(1);
  });
  it("Gucheng: 111 contracted leaders, one for each of the 111 grids", () => {
    const dataset = datasetOf("gucheng");
    const leaders = new Set(dataset.posts.filter((post) => post.kind === "contracted_leader").map((post) => post.id));
    expect(leaders.size).toBe(111);
    const areas = dataset.postAreas.filter((row) => leaders.has(row.postId)).map((row) => row.areaId);
    expect(areas).toHaveLength(111);
    expect(new Set(areas).size).toBe(111);
  });
  it("Decheng: at least ten staff in each community; leader and worker of a grid stand in for each other", () => {
    const dataset = datasetOf("decheng");
    const community = new Map<string, Set<string>>();
    const codes = new Map(dataset.areas.map((area) => [area.id as string, area.code]));
    const kinds = new Map(dataset.posts.map((post) => [post.id as string, post.kind]));
    for (const row of dataset.postAreas) {
      if (!["grid_leader", "full_time", "community_worker"].includes(kinds.get(row.postId) ?? "")) continue;
      const place = (codes.get(row.areaId) as string).slice(0, 12);
      community.set(place, (community.get(place) ?? new Set()).add(row.postId));
    }
    expect(community.size).toBe(64);
    for (const posts of community.values()) expect(posts.size).toBeGreaterThanOrEqual(10);
    for (const post of dataset.posts) {
      const slots = dataset.postHolders.filter((holder) => holder.postId === post.id).map((holder) => holder.slot);
      expect(slots).toEqual(["A", "B"]);
    }
  });
});
