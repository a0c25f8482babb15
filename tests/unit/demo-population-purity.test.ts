import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bearingDeg, metresBetween, metresPerLonDegree, offsetMetres } from "../../data/demo/population/plane.ts";
import { DUTY_HOURS } from "../../data/demo/population/shifts.ts";
import { compactClusters, contiguousRuns } from "../../data/demo/population/spread.ts";
import type { LonLat } from "../../data/model/geometry.ts";

const folder = fileURLToPath(new URL("../../data/demo", import.meta.url));
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

describe("demo sources", () => {
  it("decide by arithmetic that every engine does alike, without clock, chance or locale", () => {
    expect(sources.length).toBeGreaterThan(30);
    const forbidden =
      /Math\.(?:sin|cos|tan|asin|acos|atan|atan2|exp|expm1|log|log2|log10|log1p|pow|cbrt|hypot|random)\b|Date\.now|new Date\(\)|performance\.|localeCompare|toLocale|Intl\.|[\w)\]] \*\* /;
    const wrong = sources.flatMap((name) => {
      const match = forbidden.exec(readFileSync(join(folder, name), "utf8"));
      return match ? [`${name}: ${match[0]}`] : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe("plane", () => {
  const point = fc.tuple(fc.double({ min: 97, max: 118, noNaN: true }), fc.double({ min: 25, max: 45, noNaN: true }));
  const metres = fc.double({ min: -5000, max: 5000, noNaN: true });
  it("moves by metres and measures the same way back, to the lattice's centimetre", () => {
    fc.assert(
      fc.property(point, metres, metres, (from, east, north) => {
        const [backEast, backNorth] = metresBetween(from, offsetMetres(from, east, north));
        expect(Math.abs(backEast - east)).toBeLessThan(0.02);
        expect(Math.abs(backNorth - north)).toBeLessThan(0.02);
      }),
    );
  });
  it("gives bearings within a degree of the arctangent, and the length of a degree of longitude", () => {
    fc.assert(
      fc.property(metres, metres, (east, north) => {
        fc.pre(Math.hypot(east, north) > 1);
        const exact = (Math.atan2(east, north) * 180) / Math.PI;
        const off = (((bearingDeg(east, north) - exact) % 360) + 540) % 360;
        expect(Math.abs(off - 180)).toBeLessThan(1);
        expect(bearingDeg(east, north)).toBeGreaterThanOrEqual(0);
        expect(bearingDeg(east, north)).toBeLessThan(360);
      }),
    );
    expect(Math.abs(metresPerLonDegree(40) / (111_195 * Math.cos((40 * Math.PI) / 180)) - 1)).toBeLessThan(1e-9);
  });
});

describe("spreading", () => {
  it("splits into runs that keep order and differ by one at most", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 60 }), (items, n) => {
        const runs = contiguousRuns(items, Math.min(n, items.length));
        expect(runs.flat()).toEqual(items);
        const sizes = runs.map((run) => run.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
  it("clusters hold every item once, none is empty, and each is smaller than the whole", () => {
    const items = Array.from({ length: 64 }, (_, i) => ({ i, label: [i % 8, Math.floor(i / 8)] as LonLat }));
    const clusters = compactClusters(items, 16);
    expect(clusters).toHaveLength(16);
    expect(
      clusters
        .flat()
        .map(({ i }) => i)
        .sort((a, b) => a - b),
    ).toEqual(items.map(({ i }) => i));
    for (const cluster of clusters) {
      expect(cluster).toHaveLength(4);
      const width =
        Math.max(...cluster.map(({ label }) => label[0])) - Math.min(...cluster.map(({ label }) => label[0]));
      const height =
        Math.max(...cluster.map(({ label }) => label[1])) - Math.min(...cluster.map(({ label }) => label[1]));
      expect(width + height).toBeLessThanOrEqual(3);
    }
  });
});

describe("duty hours", () => {
  it("fit the columns of the database", () => {
    for (const shift of Object.values(DUTY_HOURS).flat()) {
      expect(shift.weekdays).toBeGreaterThanOrEqual(1);
      expect(shift.weekdays).toBeLessThanOrEqual(127);
      expect(Number.isInteger(shift.startMinute) && shift.startMinute >= 0 && shift.startMinute < 1440).toBe(true);
      expect(shift.endMinute > shift.startMinute && shift.endMinute <= 2880).toBe(true);
    }
  });
});
