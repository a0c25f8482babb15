import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CoverageMember, checkCoverage } from "../../data/coverage/check-coverage.ts";
import { fromLattice, type LonLat, type Ring } from "../../data/model/geometry.ts";

const STEP = 1000;
const ORIGIN: readonly [number, number] = [1127000000, 400000000];

/** Lattice point of a small grid near Zuoyun; one unit = 1000 lattice units. */
const at = (x: number, y: number): LonLat => [
  fromLattice(ORIGIN[0] + Math.round(x * STEP)),
  fromLattice(ORIGIN[1] + Math.round(y * STEP)),
];

const ring = (...corners: readonly (readonly [number, number])[]): Ring => {
  const points = corners.map(([x, y]) => at(x, y));
  return [...points, points[0] as LonLat];
};

const square = (code: string, x: number, y: number, size = 1): CoverageMember => ({
  code,
  geometry: [[ring([x, y], [x + size, y], [x + size, y + size], [x, y + size])]],
});

/** A chessboard of n × n cells and its outline with all corners. */
function createBoard(n: number): { members: CoverageMember[]; parent: CoverageMember } {
  const members: CoverageMember[] = [];
  for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) members.push(square(`c${x}-${y}`, x, y));
  const rim: [number, number][] = [];
  for (let k = 0; k < n; k++) rim.push([k, 0]);
  for (let k = 0; k < n; k++) rim.push([n, k]);
  for (let k = 0; k < n; k++) rim.push([n - k, n]);
  for (let k = 0; k < n; k++) rim.push([0, n - k]);
  return { members, parent: { code: "parent", geometry: [[ring(...rim)]] } };
}

const kinds = (members: readonly CoverageMember[], parent?: CoverageMember): string[] =>
  [...new Set(checkCoverage(members, parent).map((issue) => issue.kind))].sort();

describe("a sound coverage", () => {
  it("has no issue, with and without its parent, whatever way the rings turn", () => {
    const { members, parent } = createBoard(4);
    expect(checkCoverage(members, parent)).toEqual([]);
    expect(checkCoverage(members)).toEqual([]);
    const turned = members.map((m) => ({ ...m, geometry: m.geometry.map((p) => p.map((r) => [...r].reverse())) }));
    expect(checkCoverage(turned, parent)).toEqual([]);
  });

  it("may have an enclave: a hole filled by another area", () => {
    const outer = ring([0, 0], [3, 0], [3, 3], [0, 3]);
    const hole = ring([1, 1], [1, 2], [2, 2], [2, 1]);
    const members = [{ code: "ring", geometry: [[outer, hole]] }, square("core", 1, 1)];
    expect(checkCoverage(members, { code: "p", geometry: [[outer]] })).toEqual([]);
  });
});

describe("faults are named", () => {
  // +--+--+      +--+--+
  // |a |b |  →   |a |  |   b is missing
  // +--+--+      +--+--+
  it("gap: a missing area inside the parent", () => {
    const { members, parent } = createBoard(3);
    const missing = members.filter((m) => m.code !== "c1-1");
    const issues = checkCoverage(missing, parent);
    expect(issues.map((issue) => issue.kind)).toContain("gap");
    expect(issues.map((issue) => issue.kind)).toContain("area_mismatch");
    expect(kinds(missing)).toEqual(["gap"]);
  });

  it("gap at the rim: a missing corner area", () => {
    const { members, parent } = createBoard(3);
    expect(kinds(members.slice(1), parent)).toContain("gap");
  });

  it("overlap: the same ground twice, also when one lies wholly inside the other", () => {
    const { members, parent } = createBoard(3);
    expect(kinds([...members, square("again", 1, 1)], parent)).toContain("overlap");
    const inner = square("inner", 1.25, 1.25, 0.5);
    const found = checkCoverage([...members, inner], parent);
    expect(found.some((issue) => issue.kind === "overlap" && issue.codes.includes("inner"))).toBe(true);
    expect(checkCoverage([...members, inner]).some((issue) => issue.kind === "overlap")).toBe(true);
  });

  it("t_junction: a corner on a neighbour's plain edge", () => {
    const left = { code: "left", geometry: [[ring([0, 0], [1, 0], [1, 2], [0, 2])]] };
    const right = [square("low", 1, 0), square("high", 1, 1)];
    expect(kinds([left, ...right])).toContain("t_junction");
  });

  it("self_crossing: a bow tie", () => {
    expect(kinds([{ code: "bow", geometry: [[ring([0, 0], [2, 2], [2, 0], [0, 3])]] }])).toContain("self_crossing");
  });

  it("detached: an area in two pieces, and a layer in two pieces", () => {
    const two = { code: "two", geometry: [...square("a", 0, 0).geometry, ...square("b", 5, 5).geometry] };
    expect(kinds([two])).toContain("detached");
    expect(kinds([square("a", 0, 0), square("b", 5, 5)])).toEqual(["detached"]);
  });

  it("outside_parent: an area beyond the boundary", () => {
    const { members, parent } = createBoard(2);
    const issues = checkCoverage([...members, square("far", 2, 0)], parent);
    expect(issues.some((issue) => issue.kind === "outside_parent" && issue.codes.includes("far"))).toBe(true);
  });

  it("invalid_ring: bad numbers and degenerate rings are reported, never thrown", () => {
    const bad: CoverageMember[] = [
      { code: "nan", geometry: [[[[Number.NaN, 1], at(1, 1), at(0, 1), [Number.NaN, 1]]]] },
      { code: "far", geometry: [[[[1127, 40], at(1, 1), at(0, 1), [1127, 40]]]] },
      { code: "line", geometry: [[ring([0, 0], [1, 1])]] },
      { code: "flat", geometry: [[ring([0, 0], [1, 1], [2, 2])]] },
      { code: "none", geometry: [[[]]] },
      { code: "open", geometry: [[[at(0, 0), at(1, 0), at(1, 1)]]] },
    ];
    const issues = checkCoverage(bad);
    for (const { code } of bad) {
      expect(issues.some((issue) => issue.kind === "invalid_ring" && issue.codes.includes(code))).toBe(true);
    }
    expect(() => checkCoverage(bad, { code: "p", geometry: [] })).not.toThrow();
  });
});

describe("properties", () => {
  it("finds any corner of any area moved by as little as one lattice unit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: -1500, max: 1500 }),
        fc.integer({ min: -1500, max: 1500 }),
        (which, corner, dx, dy) => {
          fc.pre(dx !== 0 || dy !== 0);
          const { members, parent } = createBoard(4);
          const victim = members[which] as CoverageMember;
          const [[outer]] = victim.geometry as [[Ring]];
          const points = outer.slice(0, 4).map(([lon, lat], i): LonLat => {
            const [x, y] = [Math.round(lon * 1e7), Math.round(lat * 1e7)];
            return i === corner ? [fromLattice(x + dx), fromLattice(y + dy)] : [lon, lat];
          });
          const moved = { code: victim.code, geometry: [[[...points, points[0] as LonLat]]] };
          const issues = checkCoverage(
            members.map((member) => (member === victim ? moved : member)),
            parent,
          );
          expect(issues.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("finds any area left out or doubled", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 }), fc.boolean(), (which, double) => {
        const { members, parent } = createBoard(5);
        const changed = double
          ? [...members, { ...(members[which] as CoverageMember), code: "copy" }]
          : members.filter((_, i) => i !== which);
        expect(kinds(changed, parent)).toContain(double ? "overlap" : "gap");
      }),
    );
  });

  it("never throws on random polygons", () => {
    const corner = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));
    const polygon = fc.array(corner, { minLength: 3, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(polygon, { minLength: 1, maxLength: 4 }), (shapes) => {
        const members = shapes.map((corners, i) => ({ code: `p${i}`, geometry: [[ring(...corners)]] }));
        expect(() => checkCoverage(members)).not.toThrow();
      }),
    );
  });

  it("keeps to its limit per kind", () => {
    const { members, parent } = createBoard(6);
    const doubled = [...members, ...members.map((m) => ({ ...m, code: `${m.code} again` }))];
    const issues = checkCoverage(doubled, parent, { limitPerKind: 5 });
    expect(issues.filter((issue) => issue.kind === "overlap")).toHaveLength(5);
  });
});
