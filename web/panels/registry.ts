import { classesPanel } from "./classes/classes.options.ts";
import { clocksPanel } from "./clocks/clocks.options.ts";
import type { CubePanelDefinition } from "./cube-types.ts";
import { ownershipPanel } from "./ownership/ownership.options.ts";
import { publishedPanel } from "./published/published.options.ts";
import { rankingPanel } from "./ranking/ranking.options.ts";
import { rhythmPanel } from "./rhythm/rhythm.options.ts";
import { sensitivePanel } from "./sensitive/sensitive.options.ts";
import { sourcesPanel } from "./sources/sources.options.ts";
import { statesPanel } from "./states/states.options.ts";
import { trendPanel } from "./trend/trend.options.ts";
import type { PanelDefinition } from "./types.ts";

/** Panels by name. A new one is a folder, a line here, and its texts in both languages (a test holds all three). */
export const PANEL_IDS = ["trend", "classes", "states", "rhythm", "ranking", "clocks", "ownership", "sources"] as const;
export type PanelId = (typeof PANEL_IDS)[number];

export const PANELS: Readonly<Record<PanelId, PanelDefinition>> = {
  trend: trendPanel,
  classes: classesPanel,
  states: statesPanel,
  rhythm: rhythmPanel,
  ranking: rankingPanel,
  clocks: clocksPanel,
  ownership: ownershipPanel,
  sources: sourcesPanel,
};

/** Panels of published numbers: fed by the cube alone, so visitors see them too. */
export const CUBE_PANEL_IDS = ["published", "sensitive"] as const;
export type CubePanelId = (typeof CUBE_PANEL_IDS)[number];

export const CUBE_PANELS: Readonly<Record<CubePanelId, CubePanelDefinition>> = {
  published: publishedPanel,
  sensitive: sensitivePanel,
};
