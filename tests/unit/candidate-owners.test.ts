import { beforeAll, describe, expect, it } from "vitest";
import { generateGeography } from "../../data/demo/geography/generate-geography.ts";
import { Prng } from "../../data/demo/prng.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { candidateOwners, NEAR_BORDER_M, type NearArea } from "../../data/dispatch/candidate-owners.ts";
import { distanceM } from "../../data/geo/measure.ts";
import { fromLattice, type LonLat, toLattice } from "../../data/model/geometry.ts";

/** Distances so near to 5 m that two ways of computing them may disagree, metres. */
const UNDECIDED_M = 1e-5;

const snap = ([lon, lat]: LonLat): LonLat => [fromLattice(toLattice(lon)), fromLattice(toLattice(lat))];
const between = ([x1, y1]: LonLat, [x2, y2]: LonLat, t: number): LonLat => [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t];

interface Edge {
  readonly code: string;
  readonly a: LonLat;
  readonly b: LonLat;
}

/** Metres to an edge (straight in longitude and latitude) by Vincenty's formula alone: the least along it, by thirds. */
function metresTo(point: LonLat, { a, b }: Edge): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const [one, two] = [low + (high - low) / 3, high - (high - low) / 3];
    if (distanceM(point, between(a, b, one)) < distanceM(point, between(a, b, two))) high = two;
    else low = one;
  }
  return Math.min(distanceM(point, between(a, b, low)), distanceM(point, a), distanceM(point, b));
}

/** Even-odd rule in degrees, apart from the product's own. */
function holds({ geometry }: NearArea, [x, y]: LonLat): boolean {
  let odd = false;
  for (const ring of geometry.flat())
    for (let i = 1; i < ring.length; i++) {
      const [x1, y1] = ring[i - 1] as LonLat;
      const [x2, y2] = ring[i] as LonLat;
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) odd = !odd;
    }
  return odd;
}

describe("owners near a border of a demo county", () => {
  const random = new Prng("candidate-owners");
  let areas: NearArea[] = [];
  let edges: Edge[] = [];

  beforeAll(() => {
    const jinta = DEMO_PROFILES.jinta;
    const all = generateGeography(jinta, new Prng("candidate-owners/geography")).areas;
    const parents = new Set(
      all.flatMap(({ code }) => [6, 9, 12, 15].filter((n) => n < code.length).map((n) => code.slice(0, n))),
    );
    areas = all.filter(({ code }) => !parents.has(code));
    edges = areas.flatMap(({ code, geometry }) =>
      geometry.flat().flatMap((ring) => ring.slice(1).map((b, i) => ({ code, a: ring[i] as LonLat, b }))),
    );
  });

  /** What a point may belong to, by brute force over every edge of every area. */
  function expected(point: LonLat): { readonly codes: string[]; readonly undecided: boolean } {
    // A degree of either kind is at least 60 km up to the polar circle: beyond this box nothing is within 6 m.
    const reach = 1e-4;
    const near = new Map<string, number>();
    for (const edge of edges) {
      const { code, a, b } = edge;
      if (Math.min(a[0], b[0]) > point[0] + reach || Math.max(a[0], b[0]) < point[0] - reach) continue;
      if (Math.min(a[1], b[1]) > point[1] + reach || Math.max(a[1], b[1]) < point[1] - reach) continue;
      near.set(code, Math.min(near.get(code) ?? Number.POSITIVE_INFINITY, metresTo(point, edge)));
    }
    for (const area of areas)
      if (holds(area, point) && (near.get(area.code) ?? 9) > UNDECIDED_M) near.set(area.code, 0);
    const codes = [...near].filter(([, metres]) => metres <= NEAR_BORDER_M).map(([code]) => code);
    const undecided = [...near.values()].some((metres) => Math.abs(metres - NEAR_BORDER_M) < UNDECIDED_M);
    return { codes: codes.sort(), undecided };
  }

  it("are all shown, for every point within 5 m, and nobody who is farther away", () => {
    let many = 0;
    let lonely = 0;
    for (let i = 0; i < 1500; i++) {
      const edge = random.pick(edges);
      const onEdge = between(edge.a, edge.b, random.float());
      // Up to about 9 m to either side: within 5 m, beyond it, and around corners where three meet.
      const point = snap([onEdge[0] + (random.float() - 0.5) * 1.6e-4, onEdge[1] + (random.float() - 0.5) * 1.6e-4]);
      const { codes, undecided } = expected(point);
      if (undecided) continue;
      expect(
        candidateOwners(areas, point).map(({ code }) => code),
        `${point}`,
      ).toEqual(codes);
      if (codes.length > 1) many++;
      if (codes.length === 1) lonely++;
    }
    expect(many).toBeGreaterThan(500);
    expect(lonely).toBeGreaterThan(200);
  });

  it("are all those that meet at a corner, at distance 0", () => {
    for (const { a } of random.shuffle(edges).slice(0, 200)) {
      const meeting = areas.filter(({ geometry }) => geometry.flat(2).some(([x, y]) => x === a[0] && y === a[1]));
      const found = candidateOwners(areas, a);
      const at = new Set(found.filter(({ distanceM: metres }) => metres === 0).map(({ code }) => code));
      expect([...at].sort()).toEqual(expect.arrayContaining(meeting.map(({ code }) => code).sort()));
    }
  });
});

it("a point on a long border has both its sides, where great circles would leave it by more than 5 m", () => {
  const line = [
    [100, 40],
    [100.4, 40],
  ] as const;
  const box = (south: number, north: number) => [
    [
      [
        [line[0][0], south],
        [line[1][0], south],
        [line[1][0], north],
        [line[0][0], north],
        [line[0][0], south],
      ] as LonLat[],
    ],
  ];
  const areas = [
    { code: "990001001002", geometry: box(40, 40.1) },
    { code: "990001001001", geometry: box(39.9, 40) },
  ];
  expect(candidateOwners(areas, [100.2, 40])).toEqual([
    { code: "990001001001", distanceM: 0 },
    { code: "990001001002", distanceM: 0 },
  ]);
  expect(candidateOwners(areas, [100.2, 40.0001])).toEqual([{ code: "990001001002", distanceM: 0 }]);
});
