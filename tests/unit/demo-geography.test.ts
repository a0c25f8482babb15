import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkCoverage } from "../../data/coverage/check-coverage.ts";
import { generateGeography } from "../../data/demo/geography/generate-geography.ts";
import { Prng } from "../../data/demo/prng.ts";
import type { DemoProfile, DemoTown } from "../../data/demo/profile.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { areaM2 } from "../../data/geo/measure.ts";
import type { AreaRecord } from "../../data/model/area.ts";
import { levelOfCode, parentCode } from "../../data/model/codes.ts";
import type { CountyGeography } from "../../data/model/dataset.ts";
import type { LonLat, MultiPolygonRings } from "../../data/model/geometry.ts";

const inside = ([x, y]: LonLat, polygons: MultiPolygonRings): boolean => {
  let odd = false;
  for (const ring of polygons.flat()) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[ax, ay], [bx, by]] = [ring[i] as LonLat, ring[j] as LonLat];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
    }
  }
  return odd;
};

const childrenOf = (areas: readonly AreaRecord[]): Map<string, AreaRecord[]> => {
  const out = new Map<string, AreaRecord[]>();
  for (const area of areas) {
    const parent = parentCode(area.code);
    if (parent) out.set(parent, [...(out.get(parent) ?? []), area]);
  }
  return out;
};

/** Everything that must hold for any county, whatever its profile. */
function expectSoundCounty(profile: DemoProfile, geography: CountyGeography): void {
  const { areas, buildings, compounds, gridCompounds } = geography;
  const children = childrenOf(areas);
  const byCode = new Map(areas.map((area) => [area.code, area]));
  expect(byCode.size).toBe(areas.length);

  for (const area of areas) {
    expect(levelOfCode(area.code)).toBe(area.level);
    expect(area.geometry, `${area.code} is one piece`).toHaveLength(1);
    expect(inside(area.label, area.geometry), `label of ${area.code}`).toBe(true);
    const below = children.get(area.code);
    if (!below) continue;
    expect(checkCoverage(below, area), `children of ${area.code}`).toEqual([]);
    expect(below.reduce((sum, child) => sum + (child.households ?? 0), 0)).toBe(area.households);
  }

  const lived = new Map<string, number>();
  for (const building of buildings) {
    const area = byCode.get(building.scopeCode);
    expect(area, building.scopeCode).toBeDefined();
    expect(children.has(building.scopeCode), "buildings stand in the deepest area").toBe(false);
    expect(inside(building.label, area?.geometry ?? [])).toBe(true);
    lived.set(building.scopeCode, (lived.get(building.scopeCode) ?? 0) + building.households);
  }
  for (const area of areas) if (!children.has(area.code)) expect(lived.get(area.code), area.code).toBe(area.households);

  const shares = new Map<string, number>();
  for (const { compoundId, share } of gridCompounds) {
    expect(share).toBeGreaterThan(0);
    shares.set(compoundId, (shares.get(compoundId) ?? 0) + share);
  }
  for (const compound of compounds) {
    expect(shares.get(compound.id)).toBeCloseTo(1, 9);
    const own = buildings.filter((building) => building.compoundId === compound.id);
    expect(own.reduce((sum, building) => sum + building.households, 0)).toBe(compound.households);
    for (const building of own) expect(inside(building.label, compound.geometry), compound.name).toBe(true);
  }

  // Each house, wall and piece of water or green is a polygon of its own right: simple and closed.
  const shapes = [...buildings, ...compounds].map(({ geometry }) => geometry);
  for (const { geometry } of geography.context) if (geometry.type === "MultiPolygon") shapes.push(geometry.coordinates);
  for (const polygon of shapes.flat()) expect(checkCoverage([{ code: "shape", geometry: [polygon] }])).toEqual([]);

  for (const town of profile.towns) {
    for (const community of town.communities) {
      const grids = children.get(community.code) ?? [];
      expect(grids.filter((grid) => grid.kind === "basic")).toHaveLength(community.grids);
      expect(grids.filter((grid) => grid.kind === "dedicated")).toHaveLength(community.dedicatedGrids);
      expect(grids.flatMap((grid) => children.get(grid.code) ?? [])).toHaveLength(community.microGrids);
      expect(compounds.filter((compound) => compound.communityCode === community.code)).toHaveLength(
        community.compounds,
      );
      expect(byCode.get(community.code)).toMatchObject({
        kind: "community",
        urban: true,
        households: community.households,
      });
    }
    for (const village of town.villages) {
      expect(children.get(village.code) ?? []).toHaveLength(village.grids);
      expect(byCode.get(village.code)).toMatchObject({ kind: "village", urban: false, households: village.households });
    }
  }
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** A made-up county with the given towns; codes are consistent, names are plain. */
function createProfile(terrain: DemoProfile["terrain"], towns: readonly Partial<DemoTown>[]): DemoProfile {
  const county = "990001";
  return {
    ...(DEMO_PROFILES.zuoyun as DemoProfile),
    terrain,
    centre: [112.7, 40],
    profile: { ...DEMO_PROFILES.zuoyun.profile, county, name: "测试县" },
    towns: towns.map((town, t) => {
      const code = `${county}${pad(t + 1, 3)}`;
      return {
        code,
        name: `第${t + 1}镇`,
        nameSort: `town${t + 1}`,
        kind: "town",
        ...town,
        communities: (town.communities ?? []).map((c, i) => ({ ...c, code: `${code}${pad(i + 1, 3)}` })),
        villages: (town.villages ?? []).map((v, i) => ({ ...v, code: `${code}${pad(i + 201, 3)}` })),
      };
    }),
  };
}

const community = (
  grids: number,
  extra: Partial<DemoTown["communities"][number]> = {},
): DemoTown["communities"][number] => ({
  code: "",
  name: "某社区",
  nameSort: "moushequ",
  grids,
  dedicatedGrids: 0,
  microGrids: 0,
  compounds: grids,
  households: grids * 400,
  ...extra,
});

const villages = (count: number, grids = 0): DemoTown["villages"] =>
  Array.from({ length: count }, () => ({ code: "", name: "某村", nameSort: "moucun", grids, households: 180 }));

describe("generateGeography", () => {
  for (const [slug, profile] of Object.entries(DEMO_PROFILES)) {
    it(`draws ${slug} as an exact coverage with all its figures`, () => {
      const geography = generateGeography(profile, new Prng(`demo/${slug}`));
      expectSoundCounty(profile, geography);
      expect(geography.buildings.length).toBeLessThan(12_000);
    });
  }

  it("gives equal bytes for equal arguments and another county for another seed", () => {
    const profile = DEMO_PROFILES.jinta;
    const digest = (seed: string): string =>
      createHash("sha256")
        .update(JSON.stringify(generateGeography(profile, new Prng(seed))))
        .digest("hex");
    expect(digest("a")).toBe(digest("a"));
    expect(digest("a")).not.toBe(digest("b"));
  });

  it("draws small and odd counties: no villages, no streets, one grid, grids beside micro-grids, every terrain", () => {
    const cases: DemoProfile[] = [
      createProfile("plain", [{ kind: "street", communities: [community(1)] }]),
      createProfile("canal", [
        { communities: [community(3, { dedicatedGrids: 1, microGrids: 40 })], villages: villages(5) },
      ]),
      createProfile("hills", [{ villages: villages(4) }, { villages: villages(3, 3) }]),
      createProfile("oasis", [
        { kind: "street", communities: [community(4), community(6, { compounds: 30 })] },
        { kind: "street", communities: [community(5)], villages: villages(2) },
        { kind: "township", communities: [community(1)], villages: villages(6, 2) },
      ]),
      createProfile("mining", [
        { kind: "street", communities: [community(4)], villages: villages(3) },
        { kind: "street", communities: [community(4)], villages: villages(3) },
        { kind: "street", communities: [community(4)], villages: villages(3) },
      ]),
    ];
    for (const profile of cases) {
      for (const seed of ["one", "two", "three"]) {
        expectSoundCounty(profile, generateGeography(profile, new Prng(seed)));
      }
    }
  });

  it("numbers grids from west to east, and micro-grids within their grid", () => {
    const { areas } = generateGeography(DEMO_PROFILES.zuoyun, new Prng("demo/zuoyun"));
    for (const [parent, below] of childrenOf(areas)) {
      const level = levelOfCode(parent);
      if (level !== "community" && level !== "grid") continue;
      const lons = [...below].sort((a, b) => (a.code < b.code ? -1 : 1)).map((area) => area.label[0]);
      expect(lons).toEqual([...lons].sort((a, b) => a - b));
    }
  });

  it("keeps the sizes a wall picture needs: Zuoyun about 14 km across, grids of a like size and household count", () => {
    const { areas, gridCompounds, compounds } = generateGeography(DEMO_PROFILES.zuoyun, new Prng("demo/zuoyun"));
    const km2 = areaM2((areas[0] as AreaRecord).geometry) / 1e6;
    expect(km2).toBeGreaterThan(100);
    expect(km2).toBeLessThan(260);
    const basic = areas.filter((area) => area.level === "grid" && area.kind === "basic");
    const sizes = basic.map((grid) => areaM2(grid.geometry)).sort((a, b) => a - b);
    expect((sizes.at(-1) as number) / (sizes[0] as number)).toBeLessThan(4);
    for (const grid of basic) {
      expect(grid.households).toBeGreaterThanOrEqual(250);
      expect(grid.households).toBeLessThanOrEqual(550);
    }
    for (const grid of areas.filter((area) => area.kind === "dedicated")) expect(grid.households).toBeLessThan(10);
    expect(gridCompounds.length, "some compounds straddle two grids").toBeGreaterThan(compounds.length);
  });

  it("gives the map its look: named arterials, a river, a railway, parks and fields", () => {
    const { context } = generateGeography(DEMO_PROFILES.zuoyun, new Prng("demo/zuoyun"));
    const has = (kind: string, rank: string): boolean =>
      context.some((item) => item.kind === kind && item.rank === rank);
    for (const [kind, rank] of [
      ["road", "arterial"],
      ["road", "collector"],
      ["road", "local"],
      ["water", "river"],
      ["water", "lake"],
      ["rail", "rail"],
      ["green", "park"],
      ["green", "field"],
    ] as const) {
      expect(has(kind, rank), `${kind} ${rank}`).toBe(true);
    }
    expect(context.some((item) => item.name === "云兴大街")).toBe(true);
  });
});
