import { useState } from "react";
import { useMapState } from "./map-state.ts";

const KEY = "jingwei.legend";
/** On a map narrower than this (CSS pixels) an open legend would hide what it explains. */
export const LEGEND_OPEN_FROM_PX = 700;

function remembered(): boolean | undefined {
  try {
    const word = localStorage.getItem(KEY);
    return word === "open" ? true : word === "closed" ? false : undefined;
  } catch {
    // Storage may be switched off; the legend then follows the width alone.
    return undefined;
  }
}

/** Whether the legend is unfolded: what the viewer last chose on this machine, else by the width of the map. */
export function useLegendOpen(): readonly [open: boolean, set: (open: boolean) => void] {
  const roomy = useMapState((map) => map.width >= LEGEND_OPEN_FROM_PX);
  const [chosen, setChosen] = useState(remembered);
  const set = (open: boolean): void => {
    setChosen(open);
    try {
      localStorage.setItem(KEY, open ? "open" : "closed");
    } catch {
      // See above.
    }
  };
  return [chosen ?? roomy, set];
}
