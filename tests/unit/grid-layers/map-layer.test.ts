import fc from "fast-check";
import { expect, test } from "vitest";
import { areaM2 } from "../../../data/geo/measure.ts";
import type { GroundHolder } from "../../../data/grid-layers/layer.ts";
import { layerKindOf } from "../../../data/grid-layers/layer.ts";
import { layerConflicts } from "../../../data/grid-layers/layer-conflicts.ts";
import { mapLayer } from "../../../data/grid-layers/map-layer.ts";
import type { LonLat } from "../../../data/model/geometry.ts";

/** Degrees of a small square; four by four of them make a base grid. */
const SQUARE = 0.0005;
const ACROSS = 4;
const at = (x: number, y: number): LonLat => [112 + x * SQUARE, 30 + y * SQUARE];
type Box = readonly [west: number, south: number, east: number, north: number];
const holder = (id: string, [west, south, east, north]: Box): GroundHolder => ({
  id,
  code: id,
  geometry: [[[at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]]],
});
/** Three by three base grids. */
const BOXES: readonly Box[] = Array.from({ length: 9 }, (_, n): Box => {
  const [x, y] = [(n % 3) * ACROSS, Math.floor(n / 3) * ACROSS];
  return [x, y, x + ACROSS, y + ACROSS];
});
const BASE = BOXES.map((box, n) => holder(`g${n}`, box));
const sizes = (holders: readonly GroundHolder[]) => holders.map(({ id, geometry }) => ({ id, m2: areaM2(geometry) }));
const inside = ([west, south, east, north]: Box, x: number, y: number): boolean =>
  x >= west && x < east && y >= south && y < north;

const drawn = fc
  .tuple(
    fc.integer({ min: -2, max: 11 }),
    fc.integer({ min: -2, max: 11 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([x, y, w, h]): Box => [x, y, x + w, y + h]);

test("the mapping and its conflicts equal a count of small squares, whatever is drawn", () => {
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 6 }), (boxes) => {
      const areas = boxes.map((box, n) => holder(`a${n}`, box));
      const pairs = mapLayer(BASE, areas, []);
      const count = new Map<string, { all: number; sole: number; owned: number }>();
      const ofGrid = BASE.map(() => ({ unowned: 0, double: 0 }));
      BOXES.forEach(([west, south, east, north], grid) => {
        for (let x = west; x < east; x++)
          for (let y = south; y < north; y++) {
            const claims = boxes.flatMap((box, n) => (inside(box, x, y) ? [n] : []));
            if (claims.length === 0) (ofGrid[grid] as { unowned: number }).unowned++;
            if (claims.length > 1) (ofGrid[grid] as { double: number }).double++;
            for (const [k, n] of claims.entries()) {
              const key = `a${n} g${grid}`;
              const sum = count.get(key) ?? { all: 0, sole: 0, owned: 0 };
              count.set(key, sum);
              sum.all++;
              if (claims.length === 1) sum.sole++;
              if (k === 0) sum.owned++;
            }
          }
      });
      const squares = (m2: number, gridM2: number): number => (m2 / gridM2) * ACROSS * ACROSS;
      expect(pairs.map(({ areaId, gridId }) => `${areaId} ${gridId}`).sort()).toEqual([...count.keys()].sort());
      for (const { areaId, gridId, m2, soleM2, ownedM2, gridM2 } of pairs) {
        const told = count.get(`${areaId} ${gridId}`);
        expect(squares(m2, gridM2)).toBeCloseTo(told?.all ?? -1, 2);
        expect(squares(soleM2, gridM2)).toBeCloseTo(told?.sole ?? -1, 2);
        expect(squares(ownedM2, gridM2)).toBeCloseTo(told?.owned ?? -1, 2);
      }
      // Every base grid that anything lies in says which grid of the layer answers for it, and only one.
      for (const { id } of BASE) {
        const own = pairs.filter(({ gridId }) => gridId === id);
        expect(own.filter(({ main }) => main).length).toBe(own.length > 0 ? 1 : 0);
      }
      const conflicts = layerConflicts(sizes(BASE), sizes(areas), pairs);
      for (const kind of ["unowned", "double"] as const)
        BASE.forEach(({ id }, grid) => {
          const found = conflicts.find((one) => one.kind === kind && one.gridId === id);
          expect((found?.share ?? 0) * ACROSS * ACROSS).toBeCloseTo(ofGrid[grid]?.[kind] ?? -1, 2);
        });
    }),
    { numRuns: 150 },
  );
});

test("a layer that is the base grids has nothing to say", () => {
  const pairs = mapLayer(BASE, BASE, []);
  expect(layerConflicts(sizes(BASE), sizes(BASE), pairs)).toEqual([]);
  expect(pairs.every(({ areaId, gridId, main }) => areaId === gridId && main)).toBe(true);
});

test("households decide who answers for a base grid, ground where none are known", () => {
  // A holds three quarters of the ground of g0, B the quarter in which most live; of g1 nothing is known.
  const areas = [holder("A", [0, 0, 3, 4]), holder("B", [3, 0, 5, 4]), holder("C", [5, 0, 8, 4])];
  const pairs = mapLayer(BASE, areas, [
    { point: at(1, 1), households: 40, exact: true },
    { point: at(3.5, 1), households: 90, exact: true },
    { point: at(3.5, 2), households: 1, exact: false },
  ]);
  const pair = (areaId: string, gridId: string) => pairs.find((one) => one.areaId === areaId && one.gridId === gridId);
  expect(pair("A", "g0")).toMatchObject({ main: false, basis: "households", households: { count: 40, exact: true } });
  expect(pair("B", "g0")).toMatchObject({ main: true, households: { count: 91, exact: false } });
  expect(pair("B", "g1")).toMatchObject({ main: false, basis: "ground", households: undefined });
  expect(pair("C", "g1")).toMatchObject({ main: true });
  const kinds = layerConflicts(sizes(BASE.slice(0, 2)), sizes(areas), pairs).map(({ kind, gridId, areaIds }) => [
    kind,
    gridId ?? areaIds[0],
  ]);
  expect(kinds).toEqual(
    expect.arrayContaining([
      ["cut", "g0"],
      ["cut", "g1"],
      ["spread", "B"],
    ]),
  );
});

test("a layer's name tells whose it is", () => {
  expect(["党建网格", "综治网格", "城管单元网格", "人社", "市场监管", "警务网格", "河长"].map(layerKindOf)).toEqual([
    "party",
    "governance",
    "urban",
    "hr",
    "market",
    "police",
    "other",
  ]);
});
