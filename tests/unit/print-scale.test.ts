import fc from "fast-check";
import { expect, test } from "vitest";
import { distanceM } from "../../data/geo/measure.ts";
import type { LonLat } from "../../data/model/geometry.ts";
import { printScale } from "../../data/planning/print-scale.ts";

test("a ruler on the printed map measures the ground", () => {
  const place = fc.record({
    lon: fc.double({ min: 74, max: 134, noNaN: true }),
    lat: fc.double({ min: 18, max: 53, noNaN: true }),
    width: fc.double({ min: 0.0005, max: 0.3, noNaN: true }),
    height: fc.double({ min: 0.0005, max: 0.3, noNaN: true }),
  });
  fc.assert(
    fc.property(place, ({ lon, lat, width, height }) => {
      const scale = printScale([lon, lat, lon + width, lat + height], 130, 95, 4);
      const corners: LonLat[] = [
        [lon, lat],
        [lon + width, lat + height],
      ];
      const [[x1, y1], [x2, y2]] = corners.map(scale.place) as [readonly [number, number], readonly [number, number]];
      for (const v of [x1, x2]) expect(v >= 3.999 && v <= 126.001).toBe(true);
      for (const v of [y1, y2]) expect(v >= 3.999 && v <= 91.001).toBe(true);
      const paper = (Math.hypot(x2 - x1, y2 - y1) * scale.denominator) / 1000;
      expect(paper / distanceM(corners[0] as LonLat, corners[1] as LonLat)).toBeCloseTo(1, 2);
      expect((scale.barMm * scale.denominator) / 1000).toBeCloseTo(scale.barMetres, 6);
      expect(scale.barMm <= 130 * 0.4 + 1e-9).toBe(true);
    }),
    { numRuns: 200 },
  );
});
