import { useEffect, useState } from "react";
import type { LonLat } from "../../../../data/model/geometry.ts";

export interface Position {
  readonly state: "asking" | "known" | "none";
  readonly place?: LonLat;
  /** Metres within which it is likely to be right. */
  readonly accuracyM?: number;
}

/** How long the phone may look for itself, ms, and how old a position may be. */
const PATIENCE_MS = 12_000;
const AGE_MS = 15_000;

/**
 * Where the phone is, asked once while `wanted`: browsers give it to pages over https and on the machine itself only. Kept in
 * this component, sent nowhere.
 */
export function usePosition(wanted: boolean): Position {
  const [position, setPosition] = useState<Position>({ state: "asking" });
  useEffect(() => {
    if (!wanted) return;
    if (!window.isSecureContext || !("geolocation" in navigator)) {
      setPosition({ state: "none" });
      return;
    }
    let stopped = false;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (!stopped)
          setPosition({ state: "known", place: [coords.longitude, coords.latitude], accuracyM: coords.accuracy });
      },
      () => {
        if (!stopped) setPosition({ state: "none" });
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: AGE_MS },
    );
    return () => {
      stopped = true;
    };
  }, [wanted]);
  return position;
}
