import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaM2, bboxOf, distanceM, lengthM, ringAreaM2 } from "../../data/geo/measure.ts";
import type { LonLat, Ring } from "../../data/model/geometry.ts";

const box = (west: number, south: number, east: number, north: number): Ring => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

describe("area on the ellipsoid", () => {
  it("gives the whole earth: 510 065 621.7 km² (WGS 84)", () => {
    const km2 = (areaM2([[box(-180, -90, 0, 90)]]) + areaM2([[box(0, -90, 180, 90)]])) / 1e6;
    expect(km2).toBeCloseTo(510065621.724, 0);
  });

  it("is width times height for a small box, by the geodesic distances of its middle lines", () => {
    const area = areaM2([[box(112.7, 40, 112.71, 40.01)]]);
    const width = distanceM([112.7, 40.005], [112.71, 40.005]);
    const height = distanceM([112.705, 40], [112.705, 40.01]);
    expect(area / (width * height)).toBeCloseTo(1, 6);
  });

  it("is additive: a ring cut in two has the same area", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -170, max: 170, noNaN: true }),
        fc.double({ min: -80, max: 80, noNaN: true }),
        fc.double({ min: 1e-4, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 0.9, noNaN: true }),
        (lon, lat, size, cut) => {
          const whole = ringAreaM2(box(lon, lat, lon + size, lat + size));
          const parts =
            ringAreaM2(box(lon, lat, lon + size * cut, lat + size)) +
            ringAreaM2(box(lon + size * cut, lat, lon + size, lat + size));
          expect(Math.abs(whole - parts)).toBeLessThan(whole * 1e-7 + 1e-3);
          expect(whole).toBeGreaterThan(0);
          expect(ringAreaM2([...box(lon, lat, lon + size, lat + size)].reverse())).toBeCloseTo(-whole, 3);
        },
      ),
    );
  });

  it("takes holes off, whatever way they turn", () => {
    const outer = box(0, 0, 1, 1);
    const hole = box(0.2, 0.2, 0.4, 0.4);
    const expected = ringAreaM2(outer) - ringAreaM2(hole);
    expect(areaM2([[outer, hole]])).toBeCloseTo(expected, 3);
    expect(areaM2([[outer, [...hole].reverse()]])).toBeCloseTo(expected, 3);
  });
});

describe("geodesic distance", () => {
  it("gives the published Flinders Peak – Buninyong line (Geoscience Australia): 54 972.271 m", () => {
    const flinders: LonLat = [144 + 25 / 60 + 29.52442 / 3600, -(37 + 57 / 60 + 3.7203 / 3600)];
    const buninyong: LonLat = [143 + 55 / 60 + 35.38388 / 3600, -(37 + 39 / 60 + 10.15611 / 3600)];
    expect(distanceM(flinders, buninyong)).toBeCloseTo(54972.271, 2);
  });

  it("is symmetric, zero for one point, and sums along a line", () => {
    const [a, b, c]: LonLat[] = [
      [112.7, 40],
      [112.8, 40.1],
      [112.9, 40.05],
    ] as LonLat[];
    expect(distanceM(a as LonLat, a as LonLat)).toBe(0);
    expect(distanceM(a as LonLat, b as LonLat)).toBeCloseTo(distanceM(b as LonLat, a as LonLat), 6);
    expect(lengthM([a, b, c] as LonLat[])).toBeCloseTo(
      distanceM(a as LonLat, b as LonLat) + distanceM(b as LonLat, c as LonLat),
      6,
    );
  });

  it("refuses antipodal points instead of answering something", () => {
    expect(() => distanceM([0, 0.3], [179.7, -0.2])).toThrow(/antipodal/);
  });
});

it("finds the box of polygons, and none of nothing", () => {
  expect(bboxOf([[box(1, 2, 3, 4)], [box(-1, 3, 0, 5)]])).toEqual([-1, 2, 3, 5]);
  expect(bboxOf([])).toBeUndefined();
});
