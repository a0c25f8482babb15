import type { LayerSpecification } from "maplibre-gl";
import type { FeatureCollection } from "../../../data/model/geojson.ts";
import type { Theme } from "../../app/view-state.ts";
import type { PublishedCell } from "../../data/cube-store.ts";
import type { AreaIndex } from "../../map/area-index.ts";
import { memoLast, type Scene, type StylePart } from "../../map/scene.ts";
import { collection, feature, NO_FEATURES } from "../feature.ts";
import { rampColour, rampPosition } from "../heat/ramp.ts";

/** Published density of ordinary cases, which are exact; sensitive cells would colour by what is withheld. */
export interface PublishedDensity {
  /** Cases per km² by code of area, at every level of the cube. */
  readonly perKm2: ReadonlyMap<string, number>;
  /** Largest value among communities: the end of the scale. */
  readonly max: number;
  /** Cases in the communities. */
  readonly cases: number;
}

const KM2 = 1e6;

/** What is published of each area per km². */
export const publishedDensity = memoLast((index: AreaIndex, cells: readonly PublishedCell[]): PublishedDensity => {
  const counts = new Map<string, number>();
  for (const { areaCode, sensitive, count } of cells)
    if (!sensitive && count != null) counts.set(areaCode, (counts.get(areaCode) ?? 0) + count);
  const perKm2 = new Map<string, number>();
  let max = 0;
  let cases = 0;
  for (const [code, count] of counts) {
    const area = index.byCode.get(code);
    if (!area || area.areaM2 <= 0) continue;
    const value = (count * KM2) / area.areaM2;
    perKm2.set(code, value);
    if (area.level !== "community") continue;
    max = Math.max(max, value);
    cases += count;
  }
  return { perKm2, max, cases };
});

/** Colour of an area on the scale, as CSS; transparent where nothing is published. */
export function publishedColour({ perKm2, max }: PublishedDensity, code: string, theme: Theme): string {
  const [r, g, b, a] = rampColour(max ? rampPosition(perKm2.get(code) ?? 0, max) : 0, theme);
  return `rgba(${r}, ${g}, ${b}, ${(a / 255).toFixed(2)})`;
}

const communities = memoLast((index: AreaIndex, density: PublishedDensity, theme: Theme): FeatureCollection => {
  const shown = index.areas.filter(({ level, code }) => level === "community" && density.perKm2.has(code));
  if (shown.length === 0) return NO_FEATURES;
  return collection(
    shown.map(({ code, geometry }) => feature(geometry, { code, fill: publishedColour(density, code, theme) })),
  );
});

const LAYERS: readonly LayerSpecification[] = [
  { id: "published-fill", type: "fill", source: "published", paint: { "fill-color": ["get", "fill"] } },
];

/** Communities by what is published of them, in the place of points and heat where no case is shown one by one. */
export function publishedStyle({ index, cube, palette }: Scene): StylePart {
  const density = publishedDensity(index, cube.cells);
  return { sources: { published: communities(index, density, palette.theme) }, layers: LAYERS };
}
