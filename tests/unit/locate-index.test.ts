import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LocatableArea } from "../../data/geo/locate-index.ts";
import { LocateIndex } from "../../data/geo/locate-index.ts";
import { fromLattice, type LonLat, type MultiPolygonRings, type Ring } from "../../data/model/geometry.ts";

type Cell = readonly [x: bigint, y: bigint];

/** Even-odd rule in integers of any size, edge by edge: slow and plainly right. */
function naive(rings: readonly (readonly Cell[])[], x: bigint, y: bigint): "in" | "on" | "out" {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [x1, y1] = ring[i] as Cell;
      const [x2, y2] = ring[i + 1] as Cell;
      const cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1);
      const within = (x - x1) * (x - x2) <= 0n && (y - y1) * (y - y2) <= 0n;
      if (cross === 0n && within) return "on";
      if (y1 > y !== y2 > y && (y2 > y1 ? cross > 0n : cross < 0n)) inside = !inside;
    }
  }
  return inside ? "in" : "out";
}

const degrees = (ring: readonly Cell[]): Ring =>
  ring.map(([x, y]): LonLat => [fromLattice(Number(x)), fromLattice(Number(y))]);
const area = (code: string, ...rings: (readonly Cell[])[]): LocatableArea => ({ code, geometry: [rings.map(degrees)] });
const box = (x1: number, y1: number, x2: number, y2: number): readonly Cell[] =>
  (
    [
      [x1, y1],
      [x2, y1],
      [x2, y2],
      [x1, y2],
      [x1, y1],
    ] as const
  ).map(([x, y]): Cell => [BigInt(x), BigInt(y)]);

const code = (i: number): string => `9250000010010${String(i).padStart(2, "0")}`;

describe("LocateIndex", () => {
  test("agrees with an integer test on random overlapping polygons, vertices and edge points included", () => {
    const span = 40;
    const coordinate = fc.integer({ min: 0, max: span });
    const ring = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(
        fc.array(ring, { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.integer({ min: -3, max: span + 3 }), fc.integer({ min: -3, max: span + 3 })), {
          minLength: 20,
          maxLength: 60,
        }),
        fc.constantFrom(1, 7, 1000, 9_999_991),
        fc.integer({ min: 1, max: 40 }),
        (rings, points, scale, cells) => {
          const offset = 1_100_000_000;
          const at = (v: number): bigint => BigInt(offset + v * scale);
          const closed = rings.map((r) => [...r, r[0] as [number, number]].map(([x, y]): Cell => [at(x), at(y)]));
          const index = new LocateIndex(closed.map((r, i) => area(code(i), r)).reverse(), cells);
          for (const [px, py] of [...points, ...rings.flat()]) {
            const sides = closed.map((r) => naive([r], at(px), at(py)));
            const owners = sides.flatMap((side, i) =>
              side === "out" || closed[i]?.every((c) => c[0] === closed[i]?.[0]?.[0] && c[1] === closed[i]?.[0]?.[1])
                ? []
                : [code(i)],
            );
            const hit = index.locateLattice(Number(at(px)), Number(at(py)));
            expect(hit.owners.map((o) => index.codes[o])).toEqual(owners);
            expect(hit.owner < 0 ? undefined : index.codes[hit.owner]).toBe(owners[0]);
            expect(hit.border).toBe(owners.length > 1 && sides.includes("on"));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a point on a shared border belongs to the lowest code, whatever order the areas came in", () => {
    const index = new LocateIndex([area(code(2), box(10, 0, 20, 10)), area(code(1), box(0, 0, 10, 10))]);
    const hit = index.locateLattice(10, 5);
    expect(index.codes[hit.owner]).toBe(code(1));
    expect(hit.border).toBe(true);
    expect(index.locateLattice(11, 5)).toEqual({ owner: 1, owners: [1], border: false });
    expect(index.locateLattice(9, 5)).toEqual({ owner: 0, owners: [0], border: false });
  });

  test("the outer line of a single area holds its points without being a border of grids", () => {
    const index = new LocateIndex([area(code(1), box(0, 0, 10, 10))]);
    expect(index.locateLattice(0, 5)).toEqual({ owner: 0, owners: [0], border: false });
    expect(index.locateLattice(11, 5).owner).toBe(-1);
  });

  test("a hole is outside, its line is not", () => {
    const ringed = area(code(1), box(0, 0, 100, 100), [...box(40, 40, 60, 60)].reverse());
    const index = new LocateIndex([ringed], 50);
    expect(index.locateLattice(50, 50).owner).toBe(-1);
    expect(index.locateLattice(40, 50).owner).toBe(0);
    expect(index.locateLattice(10, 50).owner).toBe(0);
  });

  test("no areas, or areas without extent, hold nothing", () => {
    expect(new LocateIndex([]).locate(112, 40).owner).toBe(-1);
    const empty: MultiPolygonRings = [];
    expect(new LocateIndex([{ code: code(1), geometry: empty }]).locate(112, 40).owner).toBe(-1);
  });
});
