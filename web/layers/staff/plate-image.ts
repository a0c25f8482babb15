import { type MapPalette, rgb } from "../../map/palette.ts";

/** Name under which the map knows the plate behind names of a theme. */
export const plateName = (palette: MapPalette): string => `plate-${palette.theme}`;

const PLATE_PX = 24;
const RADIUS_PX = 6;
const EDGE_PX = 1.5;
/** How much of the map the plate hides, 0 … 1: what is below is felt, not read. */
const COVER = 0.86;

/** A rounded plate as RGBA pixels, drawn twice as fine; its middle stretches to the text. */
export function plateImage(palette: MapPalette) {
  const data = new Uint8ClampedArray(PLATE_PX * PLATE_PX * 4);
  const half = PLATE_PX / 2;
  for (let y = 0; y < PLATE_PX; y++) {
    for (let x = 0; x < PLATE_PX; x++) {
      // Signed distance to a rounded square, negative inside.
      const dx = Math.max(0, Math.abs(x + 0.5 - half) - (half - RADIUS_PX));
      const dy = Math.max(0, Math.abs(y + 0.5 - half) - (half - RADIUS_PX));
      const inside = Math.min(1, Math.max(0, RADIUS_PX - Math.hypot(dx, dy) + 0.5));
      const edge = Math.min(1, Math.max(0, Math.hypot(dx, dy) - (RADIUS_PX - EDGE_PX) + 0.5));
      const [line, ground] = [rgb(palette.outline), rgb(palette.panel)];
      for (let i = 0; i < 3; i++)
        data[(y * PLATE_PX + x) * 4 + i] = Math.round(
          (ground[i] as number) + ((line[i] as number) - (ground[i] as number)) * edge,
        );
      data[(y * PLATE_PX + x) * 4 + 3] = Math.round(255 * COVER * inside);
    }
  }
  return { width: PLATE_PX, height: PLATE_PX, data };
}

/** Which part of the plate stretches and holds the text. */
export const PLATE_OPTIONS = {
  pixelRatio: 2,
  stretchX: [[RADIUS_PX, PLATE_PX - RADIUS_PX]] as [number, number][],
  stretchY: [[RADIUS_PX, PLATE_PX - RADIUS_PX]] as [number, number][],
  content: [RADIUS_PX, RADIUS_PX, PLATE_PX - RADIUS_PX, PLATE_PX - RADIUS_PX] as [number, number, number, number],
};
