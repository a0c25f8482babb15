import { Marker } from "maplibre-gl";
import { useEffect } from "react";
import type { MapEngine } from "./map-engine.ts";
import { usePickPoint } from "./pick-point.ts";

/** Shows the picked point as a pin while a form asks for one. */
export function usePointMarker(engine: MapEngine | undefined): void {
  const { on, at } = usePickPoint();
  useEffect(() => {
    if (!engine || !on || !at) return;
    const element = document.createElement("div");
    element.className = "picked-point";
    const marker = new Marker({ element, anchor: "center" }).setLngLat([at[0], at[1]]).addTo(engine.map);
    return () => {
      marker.remove();
    };
  }, [engine, on, at]);
}
