import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkCoverage } from "../../data/coverage/check-coverage.ts";
import { type Arrangement, arrange, OUTSIDE } from "../../data/coverage/noding/arrangement.ts";
import { dissolve, NOBODY } from "../../data/coverage/noding/dissolve.ts";
import { crossesPixel, crossingPoint } from "../../data/coverage/noding/exact.ts";
import { PointTable } from "../../data/coverage/noding/point-table.ts";
import { doubleArea } from "../../data/coverage/noding/ring-area.ts";
import { fromLattice, type LonLat, type MultiPolygonRings } from "../../data/model/geometry.ts";

type Corner = readonly [x: number, y: number];

const ring = (corners: readonly Corner[]): LonLat[] =>
  [...corners, corners[0] as Corner].map(([x, y]) => [fromLattice(x), fromLattice(y)]);
const polygon = (...rings: readonly (readonly Corner[])[]): MultiPolygonRings => [rings.map(ring)];
const box = (west: number, south: number, east: number, north: number): Corner[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
];

/** Twice the area of a face. */
function faceArea({ points, borders }: Arrangement, face: number): number {
  return (borders[face] ?? []).reduce(
    (sum, corners) => sum + Number(doubleArea(points.xs, points.ys, [...corners])),
    0,
  );
}

const areasOf = (arrangement: Arrangement, owners: readonly number[]): number[] =>
  arrangement.owners
    .map((own, face) => ({ own, face }))
    .filter(({ own, face }) => face !== OUTSIDE && own.join() === owners.join())
    .map(({ face }) => faceArea(arrangement, face) / 2)
    .sort((a, b) => a - b);

const SIZE = 40;
const corner = fc.tuple(fc.integer({ min: 0, max: SIZE }), fc.integer({ min: 0, max: SIZE }));
const soup = fc.array(fc.array(corner, { minLength: 3, maxLength: 8 }), { minLength: 1, maxLength: 6 });

describe("faces of polygons", () => {
  it("two squares with a common border are two faces, and nothing else", () => {
    const squares = arrange([polygon(box(0, 0, 10, 10)), polygon(box(10, 0, 20, 10))]);
    expect(squares.owners).toEqual([[], [0], [1]]);
    expect(areasOf(squares, [0])).toEqual([100]);
    expect(squares.from.length).toBe(7);
  });

  it("an overlap belongs to both, a gap to nobody", () => {
    const both = arrange([polygon(box(0, 0, 10, 10)), polygon(box(8, 0, 20, 10))]);
    expect(areasOf(both, [0, 1])).toEqual([20]);
    const ringed = arrange([polygon(box(0, 0, 30, 30), box(10, 10, 20, 20)), polygon(box(10, 10, 20, 15))]);
    expect(areasOf(ringed, [])).toEqual([50]);
    expect(areasOf(ringed, [1])).toEqual([50]);
    expect(areasOf(ringed, [0])).toEqual([800]);
  });

  it("an island lies in the face around it, also across other islands", () => {
    const sea = arrange([polygon(box(0, 0, 100, 100)), polygon(box(10, 40, 20, 60)), polygon(box(30, 45, 40, 55))]);
    expect(areasOf(sea, [0])).toEqual([100 * 100 - 200 - 100]);
    expect(areasOf(sea, [0, 1])).toEqual([200]);
    expect(areasOf(sea, [0, 2])).toEqual([100]);
  });

  it("a corner on a neighbour's edge becomes a corner of both", () => {
    const tee = arrange([polygon(box(0, 0, 20, 10)), polygon(box(0, 10, 7, 20)), polygon(box(7, 10, 20, 20))]);
    const faces = tee.owners.map((own) => own.join());
    expect(faces.sort()).toEqual(["", "0", "1", "2"]);
    const own = tee.owners.findIndex((owners) => owners.join() === "0");
    expect(tee.borders[own]?.[0]).toHaveLength(5);
  });

  it("a ring that crosses itself owns both its loops; one drawn twice owns once", () => {
    const bow: Corner[] = [
      [0, 0],
      [10, 10],
      [10, 0],
      [0, 10],
    ];
    expect(areasOf(arrange([polygon(bow)]), [0])).toEqual([25, 25]);
    const twice = arrange([[...polygon(box(0, 0, 5, 5)), ...polygon(box(0, 0, 5, 5))]]);
    expect(areasOf(twice, [0])).toEqual([25]);
  });

  it("rings without extent and unclosed rings are borne", () => {
    const line: Corner[] = [
      [0, 0],
      [10, 0],
      [5, 0],
    ];
    expect(arrange([polygon(line)]).owners).toEqual([[]]);
    const open: MultiPolygonRings = [[ring(box(0, 0, 4, 4)).slice(0, 4)]];
    expect(areasOf(arrange([open]), [0])).toEqual([16]);
  });
});

describe("dissolving faces", () => {
  it("gives polygons back corner for corner where nothing was added", () => {
    const members = [
      polygon(box(0, 0, 30, 30), [
        [10, 10],
        [10, 20],
        [20, 20],
        [20, 10],
      ]),
      polygon(box(10, 10, 20, 20)),
    ];
    const arrangement = arrange(members);
    const owner = Int32Array.from(arrangement.owners, ([one]) => one ?? NOBODY);
    expect(dissolve(arrangement, owner, 2)).toEqual(members);
  });

  it("makes rings that touch in a point of ground that touches itself there", () => {
    // A hole that touches the exterior in (0, 10), and an island that touches the exterior in (30, 30).
    const hole: Corner[] = [
      [0, 10],
      [5, 15],
      [5, 5],
    ];
    const arrangement = arrange([[...polygon(box(0, 0, 30, 30), hole), ...polygon(box(30, 30, 40, 40))]]);
    const owner = Int32Array.from(arrangement.owners, ([one]) => one ?? NOBODY);
    const [polygons = []] = dissolve(arrangement, owner, 1);
    expect(polygons.map((rings) => rings.map(({ length }) => length - 1))).toEqual([[5, 3], [4]]);
  });

  it("of any soup of rings gives a coverage that the exact check finds sound, when each face has one owner", () => {
    fc.assert(
      fc.property(soup, (rings) => {
        const arrangement = arrange(rings.map((corners) => polygon(corners)));
        const owner = Int32Array.from(arrangement.owners, (own) => own[0] ?? NOBODY);
        const polygons = dissolve(arrangement, owner, rings.length);
        const members = polygons.flatMap((own, n) => own.map((one, i) => ({ code: `${n}/${i}`, geometry: [one] })));
        const kinds = new Set(checkCoverage(members).map(({ kind }) => kind));
        // Gaps are nobody's ground here, and pieces may lie apart.
        for (const kind of ["gap", "detached"] as const) kinds.delete(kind);
        expect([...kinds]).toEqual([]);
        const area = members.reduce((sum, { geometry }) => sum + latticeArea(geometry), 0);
        const faces = arrangement.owners.reduce(
          (sum, own, f) => sum + (own.length > 0 ? faceArea(arrangement, f) : 0),
          0,
        );
        expect(area).toBe(faces);
      }),
      { numRuns: 300 },
    );
  });
});

/** Twice the area of polygons in lattice units. */
const latticeArea = (polygons: MultiPolygonRings): number =>
  polygons.flat().reduce((sum, corners) => {
    for (let i = 0; i + 1 < corners.length; i++) {
      const [[ax, ay], [bx, by]] = [corners[i] as LonLat, corners[i + 1] as LonLat];
      sum += Math.round(ax * 1e7) * Math.round(by * 1e7) - Math.round(bx * 1e7) * Math.round(ay * 1e7);
    }
    return sum;
  }, 0);

/** True when two edges meet elsewhere than at common points, by plain integer arithmetic over small numbers. */
function meetBadly(p: Corner, q: Corner, r: Corner, s: Corner): boolean {
  const turn = (a: Corner, b: Corner, c: Corner): number =>
    Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
  const on = (a: Corner, b: Corner, c: Corner): boolean =>
    turn(a, b, c) === 0 &&
    Math.min(a[0], b[0]) <= c[0] &&
    c[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= c[1] &&
    c[1] <= Math.max(a[1], b[1]);
  const same = (a: Corner, b: Corner): boolean => a[0] === b[0] && a[1] === b[1];
  for (const [a, b, c] of [
    [p, q, r],
    [p, q, s],
    [r, s, p],
    [r, s, q],
  ] as const)
    if (on(a, b, c) && !same(a, c) && !same(b, c)) return true;
  return turn(p, q, r) * turn(p, q, s) < 0 && turn(r, s, p) * turn(r, s, q) < 0;
}

/** How often a ring goes around a place, and how near it comes. */
function around(corners: readonly Corner[], x: number, y: number): { winding: number; distance: number } {
  let [winding, distance] = [0, Infinity];
  corners.forEach((a, i) => {
    const b = corners[(i + 1) % corners.length] as Corner;
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / length));
    distance = Math.min(distance, Math.hypot(a[0] + t * dx - x, a[1] + t * dy - y));
    const turn = dx * (y - a[1]) - dy * (x - a[0]);
    if (a[1] <= y && b[1] > y && turn > 0) winding++;
    if (a[1] > y && b[1] <= y && turn < 0) winding--;
  });
  return { winding, distance };
}

describe("noding by snap rounding", () => {
  it("leaves no two edges that meet elsewhere than at common points, and faces that fit Euler's formula", () => {
    fc.assert(
      fc.property(soup, (rings) => {
        const arrangement = arrange(rings.map((corners) => polygon(corners)));
        const { points, from, to, owners } = arrangement;
        const at = (point: number): Corner => [points.x(point), points.y(point)];
        for (let e = 0; e < from.length; e++)
          for (let f = 0; f < e; f++)
            if (meetBadly(at(from[e] as number), at(to[e] as number), at(from[f] as number), at(to[f] as number)))
              throw new Error(
                `edges ${at(from[e] as number)}–${at(to[e] as number)} and ${at(from[f] as number)}–${at(to[f] as number)}`,
              );
        const group = new Map<number, number>();
        const root = (point: number): number => {
          const up = group.get(point) ?? point;
          return up === point ? point : root(up);
        };
        for (let e = 0; e < from.length; e++) {
          for (const point of [from[e] as number, to[e] as number]) if (!group.has(point)) group.set(point, point);
          group.set(root(from[e] as number), root(to[e] as number));
        }
        const pieces = [...group.keys()].filter((point) => root(point) === point).length;
        expect(group.size - from.length + owners.length).toBe(1 + pieces);
        const total = owners.reduce((sum, _, face) => sum + faceArea(arrangement, face), 0);
        expect(total).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps whose ground a place is wherever no border comes within a unit and a half of it", () => {
    fc.assert(
      fc.property(soup, fc.array(corner, { minLength: 20, maxLength: 20 }), (rings, places) => {
        const arrangement = arrange(rings.map((corners) => polygon(corners)));
        const { points, borders, owners } = arrangement;
        const loops = borders.map((own) => own.map((walk) => walk.map((p): Corner => [points.x(p), points.y(p)])));
        for (const [x, y] of places) {
          const seen = rings.map((corners) => around(corners, x + 0.5, y + 0.5));
          if (seen.some(({ distance }) => distance < 1.5)) continue;
          const face = loops.findIndex(
            (own, n) => n > 0 && own.reduce((sum, walk) => sum + around(walk, x + 0.5, y + 0.5).winding, 0) !== 0,
          );
          const expected = seen.flatMap(({ winding }, owner) => (winding === 0 ? [] : [owner]));
          expect(owners[Math.max(face, OUTSIDE)]).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("rounds crossings to the nearest lattice point, and a pixel holds its left and lower border only", () => {
    fc.assert(
      fc.property(corner, corner, corner, corner, (a, b, c, d) => {
        const turn = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0]);
        fc.pre(turn !== 0 && meetBadly(a, b, c, d));
        const t = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / turn;
        const [x, y] = crossingPoint(...a, ...b, ...c, ...d);
        expect(Math.abs(a[0] + t * (b[0] - a[0]) - x)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(Math.abs(a[1] + t * (b[1] - a[1]) - y)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(crossesPixel(...a, ...b, x, y)).toBe(true);
        expect(crossesPixel(...c, ...d, x, y)).toBe(true);
      }),
    );
    expect(crossesPixel(-2, -2, 1, 1, -1, 0)).toBe(false);
    expect(crossesPixel(-3, 2, 2, -3, 0, 0)).toBe(true);
    expect(crossesPixel(-2, 3, 3, -2, 0, 0)).toBe(false);
  });

  it("keeps each point once, however many come", () => {
    const table = new PointTable(1);
    const seen = new Map<string, number>();
    for (let n = 0; n < 5000; n++) {
      const [x, y] = [(n * 7919) % 97, -((n * 104_729) % 89)];
      const known = seen.get(`${x},${y}`);
      expect(table.find(x, y)).toBe(known ?? -1);
      const point = table.add(x, y);
      expect(point).toBe(known ?? seen.size);
      seen.set(`${x},${y}`, point);
    }
    expect(table.count).toBe(seen.size);
  });
});
