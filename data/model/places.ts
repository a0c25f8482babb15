/**
 * Kinds of stations (domain.md 2.6): 党群服务中心, 党群驿站, 暖蜂驿站, 零工小站, 红帆驿站, 邻里中心, 综治中心, 警务室,
 * 议事厅, 幸福食堂.
 */
export const STATION_KINDS = [
  "party_service",
  "party_post",
  "rest_stop",
  "casual_work",
  "enterprise_post",
  "neighbour_centre",
  "governance_centre",
  "police_room",
  "council_hall",
  "canteen",
  "other",
] as const;
export type StationKind = (typeof STATION_KINDS)[number];

/** 雨量站, 水位站. */
export const GAUGE_KINDS = ["rain", "water_level"] as const;
export type GaugeKind = (typeof GAUGE_KINDS)[number];

/** How a notice board (公示牌) was found last. */
export const BOARD_STATES = ["good", "damaged", "missing", "unknown"] as const;
export type BoardState = (typeof BOARD_STATES)[number];
