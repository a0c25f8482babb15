import type { DemoProfile } from "../profile.ts";

/** What makes one demo county look unlike another. */
export interface TerrainStyle {
  /** East–west stretch of the county's outline. */
  readonly stretch: number;
  /** How far the outline leaves an ellipse, part of its radius. */
  readonly outlineRoughness: number;
  /** Sideways swing of the river, metres, and its wave length, metres. */
  readonly meander: number;
  readonly meanderLength: number;
  /** Half the river's width in metres: least and greatest. */
  readonly riverHalfWidth: readonly [number, number];
  /** Distance of the river from the seat's centre, part of the seat's radius. */
  readonly riverOffset: number;
  /** Slope of the old town's main street; the new district is turned by `newDistrictTurn` more. */
  readonly streetSlope: number;
  readonly newDistrictTurn: number;
  /** Bend of the streets, part of a block's side. */
  readonly warp: number;
  /** Wiggle of rural borders, part of their length. */
  readonly wiggle: number;
  /** Part of the countryside under fields, and up to which distance from a village, metres. */
  readonly fieldShare: number;
  readonly fieldReach: number;
  /** Irrigation channels beside the river. */
  readonly channels: number;
  readonly lakes: number;
}

const loess: TerrainStyle = {
  stretch: 1.14,
  outlineRoughness: 0.26,
  meander: 560,
  meanderLength: 2100,
  riverHalfWidth: [22, 48],
  riverOffset: 0.5,
  streetSlope: 0.08,
  newDistrictTurn: 0.2,
  warp: 0.2,
  wiggle: 0.15,
  fieldShare: 0.72,
  fieldReach: 1500,
  channels: 0,
  lakes: 1,
};

export const TERRAIN_STYLES: Record<DemoProfile["terrain"], TerrainStyle> = {
  loess,
  mining: { ...loess, riverOffset: 0.3, streetSlope: -0.16, newDistrictTurn: 0.26, fieldShare: 0.55, lakes: 0 },
  hills: { ...loess, stretch: 1.25, streetSlope: 0.05, riverOffset: 0.42, fieldShare: 0.66, lakes: 3 },
  plain: {
    ...loess,
    stretch: 0.9,
    outlineRoughness: 0.2,
    meander: 420,
    meanderLength: 2900,
    riverHalfWidth: [30, 44],
    riverOffset: 0.55,
    streetSlope: 0.03,
    newDistrictTurn: 0.08,
    warp: 0.1,
    wiggle: 0.07,
    fieldShare: 0.9,
    channels: 1,
    lakes: 2,
  },
  canal: {
    ...loess,
    stretch: 1.1,
    outlineRoughness: 0.22,
    meander: 480,
    meanderLength: 2600,
    riverHalfWidth: [28, 36],
    riverOffset: 0.62,
    streetSlope: -0.06,
    newDistrictTurn: 0.14,
    warp: 0.12,
    wiggle: 0.08,
    fieldShare: 0.9,
    channels: 2,
    lakes: 1,
  },
  oasis: {
    ...loess,
    stretch: 1.3,
    outlineRoughness: 0.3,
    meander: 620,
    meanderLength: 2000,
    riverHalfWidth: [18, 70],
    riverOffset: 0.7,
    streetSlope: 0.1,
    newDistrictTurn: 0.1,
    wiggle: 0.13,
    fieldShare: 0.85,
    fieldReach: 900,
    channels: 4,
    lakes: 1,
  },
};
