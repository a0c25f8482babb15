import { BreachBody } from "./breach/breach-body.tsx";
import { FunnelBody } from "./funnel/funnel-body.tsx";
import type { LivePanelDefinition } from "./live-types.ts";
import { OnTimeBody } from "./on-time/on-time-body.tsx";

/** Panels of figures that the server alone has: clocks and orders. Apart from the others, since
 * these bring their own reading along: who only draws the plane's answers does not load it. */
export const LIVE_PANEL_IDS = ["funnel", "onTime", "breach"] as const;
export type LivePanelId = (typeof LIVE_PANEL_IDS)[number];

export const LIVE_PANELS: Readonly<Record<LivePanelId, LivePanelDefinition>> = {
  funnel: { id: "funnel", title: "panel.funnel.title", basis: "basis.period", Body: FunnelBody },
  onTime: { id: "onTime", title: "panel.onTime.title", basis: "basis.period", Body: OnTimeBody },
  breach: { id: "breach", title: "panel.breach.title", basis: "basis.breach", Body: BreachBody },
};
