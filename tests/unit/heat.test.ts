import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countByArea, ratesByArea } from "../../data/columns/area-rate.ts";
import {
  binPoints,
  cellsPer100Households,
  cellsPerKm2,
  densityPerKm2,
  niceCeiling,
  positiveQuantile,
  rasterBbox,
  rasterOver,
  ratePer100Households,
  smooth,
} from "../../data/columns/heat.ts";
import type { IncidentColumns } from "../../data/columns/incident-columns.ts";
import { Prng } from "../../data/demo/prng.ts";
import type { Bbox } from "../../data/model/geometry.ts";

const BOX: Bbox = [112.68, 39.98, 112.74, 40.03];

interface Town {
  readonly buildings: { lon: Int32Array; lat: Int32Array; households: Uint16Array; grid: Uint32Array };
  readonly grids: readonly string[];
}

/** Buildings of 4 communities × 3 grids, dense in one corner and sparse in another. */
function createTown(prng: Prng): Town {
  const grids: string[] = [];
  for (let community = 1; community <= 4; community++)
    for (let grid = 1; grid <= 3; grid++) grids.push(`14022600100${community}00${grid}`);
  const lon: number[] = [];
  const lat: number[] = [];
  const households: number[] = [];
  const grid: number[] = [];
  grids.forEach((_, g) => {
    const west = BOX[0] + (0.06 * (g % 4)) / 4;
    const south = BOX[1] + (0.05 * Math.floor(g / 4)) / 3;
    const blocks = 6 + 4 * (g % 3);
    for (let b = 0; b < blocks; b++) {
      lon.push(Math.round((west + 0.014 * prng.float()) * 1e7));
      lat.push(Math.round((south + 0.016 * prng.float()) * 1e7));
      households.push(prng.int(24, 96));
      grid.push(g);
    }
  });
  return {
    grids,
    buildings: {
      lon: Int32Array.from(lon),
      lat: Int32Array.from(lat),
      households: Uint16Array.from(households),
      grid: Uint32Array.from(grid),
    },
  };
}

/** Incidents at a constant expected number per household, at their building. */
function createIncidents(town: Town, perHousehold: number, prng: Prng): IncidentColumns {
  const rows: number[] = [];
  town.buildings.households.forEach((households, b) => {
    for (let h = 0; h < households; h++) {
      // `perHousehold` draws of one half each: the variance of a binomial, below a Poisson's.
      for (let k = 0; k < perHousehold * 2; k++) if (prng.chance(0.5)) rows.push(b);
    }
  });
  const take = (values: ArrayLike<number>): number[] => rows.map((b) => values[b] as number);
  const n = rows.length;
  return {
    rows: n,
    lon: Int32Array.from(take(town.buildings.lon)),
    lat: Int32Array.from(take(town.buildings.lat)),
    opened: new Int32Array(n),
    closed: new Int32Array(n),
    due: new Int32Array(n),
    flags: new Uint8Array(n),
    classIndex: new Uint16Array(n),
    state: new Uint8Array(n),
    severity: new Uint8Array(n),
    source: new Uint8Array(n),
    grid: Uint32Array.from(take(town.buildings.grid)),
    ref: Uint32Array.from({ length: n }, (_, i) => i),
    classes: [],
    grids: town.grids,
    county: "140226",
    version: "test",
    asOf: 0,
  };
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

describe("rasters", () => {
  it("cover the box and keep every point", () => {
    const raster = rasterOver(BOX, 250);
    const [west, south, east, north] = rasterBbox(raster);
    expect(west).toBeLessThanOrEqual(BOX[0]);
    expect(south).toBeLessThanOrEqual(BOX[1]);
    expect(east).toBeGreaterThanOrEqual(BOX[2]);
    expect(north).toBeGreaterThanOrEqual(BOX[3]);
    const { buildings } = createTown(new Prng("raster"));
    expect(total(binPoints(raster, buildings))).toBe(buildings.lon.length);
    expect(total(binPoints(raster, { ...buildings, weight: buildings.households }))).toBe(
      buildings.households.reduce((sum, h) => sum + h, 0),
    );
  });

  it("count per km² what lies in a cell of known size", () => {
    const raster = rasterOver(BOX, 500);
    const counts = new Float64Array(raster.columns * raster.rows);
    counts[3] = 5;
    expect(cellsPerKm2(raster, counts)).toEqual([{ column: 3, row: 0, span: 1, count: 5, households: 0, value: 20 }]);
  });
});

describe("smooth density", () => {
  it("keeps the total and peaks where the points are", () => {
    const raster = rasterOver(BOX, 100, 2000);
    const counts = new Float64Array(raster.columns * raster.rows);
    const centre = Math.floor(raster.rows / 2) * raster.columns + Math.floor(raster.columns / 2);
    counts[centre] = 1000;
    const spread = smooth(raster, counts, 300);
    expect(total(spread)).toBeCloseTo(1000, 6);
    expect(spread.indexOf(Math.max(...spread))).toBe(centre);
    // A normal kernel's peak is 1 / (2πσ²) per m²: 1000 points give 1000 / (2π · 0.3²) per km².
    const peak = densityPerKm2(raster, counts, 300)[centre] as number;
    expect(peak / (1000 / (2 * Math.PI * 0.09))).toBeCloseTo(1, 2);
  });

  it("is in metres: twice the bandwidth, a quarter of the peak, whatever the cell", () => {
    for (const cellM of [50, 100]) {
      const raster = rasterOver(BOX, cellM, 3000);
      const counts = new Float64Array(raster.columns * raster.rows);
      counts[Math.floor(raster.rows / 2) * raster.columns + Math.floor(raster.columns / 2)] = 1;
      const ratio = Math.max(...densityPerKm2(raster, counts, 300)) / Math.max(...densityPerKm2(raster, counts, 600));
      expect(ratio).toBeCloseTo(4, 1);
    }
  });
});

describe("heat per household", () => {
  const prng = new Prng("flat");
  const town = createTown(prng);
  const columns = createIncidents(town, 4, prng);
  const rows = Uint32Array.from({ length: columns.rows }, (_, i) => i);
  const households = new Map<string, number>();
  town.buildings.grid.forEach((g, b) => {
    const grid = town.grids[g] as string;
    for (const code of [grid, grid.slice(0, 12), grid.slice(0, 9), grid.slice(0, 6)])
      households.set(code, (households.get(code) ?? 0) + (town.buildings.households[b] as number));
  });

  it("is flat by area where incidents come at a constant rate per household", () => {
    const counts = countByArea(columns, rows);
    const rates = [...ratesByArea(town.grids, counts, households).values()];
    expect(rates).toHaveLength(town.grids.length);
    expect(Math.min(...rates.map((rate) => rate.count))).toBeGreaterThan(600);
    const values = rates.map((rate) => rate.per100);
    expect(Math.max(...values) / Math.min(...values)).toBeLessThanOrEqual(1.2);
    // The same incidents per km² are anything but flat: the denominator is what makes the difference.
    const raster = rasterOver(BOX, 500);
    const perKm2 = cellsPerKm2(raster, binPoints(raster, { ...columns, rows })).map((cell) => cell.value);
    expect(Math.max(...perKm2) / Math.min(...perKm2)).toBeGreaterThan(2);
  });

  it("is flat in cells of at least 600 expected incidents and in the smooth field", () => {
    const raster = rasterOver(BOX, 500);
    const counts = binPoints(raster, { ...columns, rows });
    const homes = binPoints(raster, { ...town.buildings, weight: town.buildings.households });
    const values = cellsPer100Households(raster, counts, homes)
      .filter((cell) => cell.households * 4 >= 600)
      .map((cell) => cell.value);
    expect(values.length).toBeGreaterThan(10);
    expect(Math.max(...values) / Math.min(...values)).toBeLessThanOrEqual(1.2);
    const field = [...ratePer100Households(raster, counts, homes, 500)].filter((value) => !Number.isNaN(value));
    expect(Math.max(...field) / Math.min(...field)).toBeLessThanOrEqual(1.25);
  });

  it("merges areas under 20 households into their parent and leaves out what is still below", () => {
    const counts = new Map([
      ["140226001001001", 9],
      ["140226001001", 30],
    ]);
    const homes = new Map([
      ["140226001001001", 19],
      ["140226001001", 300],
    ]);
    expect(ratesByArea(["140226001001001"], counts, homes).get("140226001001001")).toMatchObject({
      code: "140226001001",
      per100: 10,
    });
    expect(ratesByArea(["140226001001001"], counts, new Map([["140226001001001", 19]])).size).toBe(0);
  });

  it("never paints a square of fewer than 20 households, and merges before it drops", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const random = new Prng(`cells-${seed}`);
        const raster = { ...rasterOver(BOX, 250), columns: 16, rows: 11 };
        const counts = Float64Array.from({ length: 16 * 11 }, () => (random.chance(0.3) ? random.int(1, 9) : 0));
        const homes = Float64Array.from({ length: 16 * 11 }, () => (random.chance(0.4) ? random.int(0, 60) : 0));
        const cells = cellsPer100Households(raster, counts, homes);
        const covered = new Uint8Array(16 * 11);
        for (const cell of cells) {
          expect(cell.households).toBeGreaterThanOrEqual(20);
          for (let y = cell.row; y < Math.min(11, cell.row + cell.span); y++) {
            for (let x = cell.column; x < Math.min(16, cell.column + cell.span); x++) {
              expect(covered[y * 16 + x]).toBe(0);
              covered[y * 16 + x] = 1;
            }
          }
        }
        // What is left out lies in a largest square (8 × 8) that is itself too empty.
        counts.forEach((count, at) => {
          if (count === 0 || covered[at]) return;
          const column = (at % 16) - ((at % 16) % 8);
          const row = Math.floor(at / 16) - (Math.floor(at / 16) % 8);
          let around = 0;
          for (let y = row; y < Math.min(11, row + 8); y++)
            for (let x = column; x < column + 8; x++) around += homes[y * 16 + x] as number;
          expect(around).toBeLessThan(20);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe("scales", () => {
  it("end at a number that people can read", () => {
    expect([0, 0.03, 1, 7.2, 99, 101, 2400].map(niceCeiling)).toEqual([1, 0.05, 1, 10, 100, 200, 2500]);
    expect(positiveQuantile([0, 0, 1, 2, 3, 4], 0.5)).toBe(3);
    expect(positiveQuantile([0, Number.NaN], 0.5)).toBe(0);
  });
});
