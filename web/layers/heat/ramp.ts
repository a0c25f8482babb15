import type { Theme } from "../../app/view-state.ts";

/**
 * Inferno (S. van der Walt and N. Smith, matplotlib 2015, CC0) at eleven equal steps: lightness grows evenly, so that
 * twice as bright means more for every eye, colour-blind or not. Dark screens read it from dark to light; on a light
 * ground it runs the other way, so that more is always further from the ground.
 */
const INFERNO: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [22, 11, 57],
  [66, 10, 104],
  [106, 23, 110],
  [147, 38, 103],
  [188, 55, 84],
  [221, 81, 58],
  [243, 120, 25],
  [252, 165, 10],
  [246, 215, 70],
  [252, 255, 164],
];

/** Share of the scale in which the fill fades in: low values tint the map, they do not hide it. */
const FADE = 0.22;
const OPAQUE = 0.86;

/** Red, green, blue, alpha (0–255) of a place `t` on the scale, 0 … 1. */
export function rampColour(t: number, theme: Theme): [number, number, number, number] {
  const clamped = Math.min(1, Math.max(0, t));
  // The darkest tenth of inferno is the ground itself on a dark screen, the lightest tenth on a light one.
  const along = theme === "dark" ? 0.12 + 0.88 * clamped : 0.92 - 0.82 * clamped;
  const at = along * (INFERNO.length - 1);
  const low = Math.min(INFERNO.length - 2, Math.floor(at));
  const from = INFERNO[low] as readonly [number, number, number];
  const to = INFERNO[low + 1] as readonly [number, number, number];
  const mix = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * (at - low));
  const alpha = Math.round(255 * OPAQUE * Math.min(1, clamped / FADE));
  return [mix(0), mix(1), mix(2), alpha];
}

/**
 * Place of a value on the scale. Densities spread over orders of magnitude; the square root keeps the suburbs visible
 * beside the centre, and the legend carries the numbers at the places where they stand.
 */
export const rampPosition = (value: number, max: number): number => Math.sqrt(Math.max(0, value) / max);

/** CSS gradient of the ramp, left to right. */
export function rampGradient(theme: Theme): string {
  const stops = Array.from({ length: 11 }, (_, i) => {
    const [r, g, b, a] = rampColour(i / 10, theme);
    return `rgb(${r} ${g} ${b} / ${(a / 255).toFixed(2)}) ${i * 10}%`;
  });
  return `linear-gradient(to right, ${stops.join(", ")})`;
}
