import { useEffect, useState } from "react";
import { useView } from "../app/view-state.ts";
import type { ChartStyle } from "./types.ts";

function readStyle(): ChartStyle {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    rem: Number.parseFloat(style.fontSize),
    font: style.fontFamily,
    text: token("text"),
    muted: token("muted"),
    line: token("line"),
    surface: token("surface"),
    accent: token("accent"),
    good: token("good"),
    soon: token("soon"),
    late: token("late"),
    idle: token("idle"),
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
}

/** Colours and sizes of charts as they are now: follows the theme and the size of the screen. */
export function useChartStyle(): ChartStyle {
  const theme = useView((view) => view.theme);
  const [style, setStyle] = useState(readStyle);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens change with the theme
  useEffect(() => {
    const update = () => setStyle(readStyle());
    // The theme's attribute is set by an effect of the page, which runs after those of its children.
    const frame = requestAnimationFrame(update);
    addEventListener("resize", update);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("resize", update);
    };
  }, [theme]);
  return style;
}
