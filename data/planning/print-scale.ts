import { metresPerDegree } from "../geo/measure.ts";
import type { Bbox, LonLat } from "../model/geometry.ts";

/** Scales that a printed map may have: round ones, so that a ruler works. */
const DENOMINATORS = [
  500, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000, 10_000, 12_500, 15_000, 20_000, 25_000, 30_000, 40_000,
  50_000, 75_000, 100_000, 150_000, 200_000, 300_000, 500_000, 1_000_000,
] as const;
/** Lengths of a scale bar, metres. */
const BARS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000] as const;
/** A scale bar is no longer than this part of its map. */
const BAR_PART = 0.4;

/** A map of a place on paper. */
export interface PrintScale {
  /** n of 1 : n. */
  readonly denominator: number;
  /** Millimetres right and down from the upper left corner. */
  readonly place: (at: LonLat) => readonly [x: number, y: number];
  /** What the paper shows, degrees. */
  readonly shown: Bbox;
  readonly barMetres: number;
  readonly barMm: number;
}

/**
 * The largest round scale at which a place fits on paper, its middle in the middle. Metres east and north are those of the middle's
 * latitude: over a county the length of a line is right to a thousandth.
 *
 * @param extent what must be seen, degrees
 * @param marginMm kept free on all sides
 */
export function printScale(
  [west, south, east, north]: Bbox,
  widthMm: number,
  heightMm: number,
  marginMm: number,
): PrintScale {
  const middle: LonLat = [(west + east) / 2, (south + north) / 2];
  const metres = metresPerDegree(middle[1]);
  const needed = Math.max(
    ((east - west) * metres.lon) / (widthMm - 2 * marginMm),
    ((north - south) * metres.lat) / (heightMm - 2 * marginMm),
  );
  // Metres on the ground for a millimetre of paper, times a thousand, is the scale.
  const largest = DENOMINATORS[DENOMINATORS.length - 1] as number;
  const denominator = DENOMINATORS.find((one) => one >= needed * 1000) ?? Math.max(largest, Math.ceil(needed * 1000));
  const perMm = denominator / 1000;
  const [halfWidth, halfHeight] = [(widthMm * perMm) / 2 / metres.lon, (heightMm * perMm) / 2 / metres.lat];
  const barMetres = [...BARS].reverse().find((one) => one / perMm <= widthMm * BAR_PART) ?? BARS[0];
  return {
    denominator,
    place: ([lon, lat]) => [
      widthMm / 2 + ((lon - middle[0]) * metres.lon) / perMm,
      heightMm / 2 - ((lat - middle[1]) * metres.lat) / perMm,
    ],
    shown: [middle[0] - halfWidth, middle[1] - halfHeight, middle[0] + halfWidth, middle[1] + halfHeight],
    barMetres,
    barMm: barMetres / perMm,
  };
}
