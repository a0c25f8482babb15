/** A rectangle of a picture, in its pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Blocks that a covered rectangle has along its longer side at most: of a face so coarse nothing is known again. */
const BLOCKS = 6;

/** The rectangle between two points, inside the picture. */
export function rectBetween(
  a: readonly [number, number],
  b: readonly [number, number],
  width: number,
  height: number,
): Rect {
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])].map((x) => Math.min(Math.max(x, 0), width)) as [
    number,
    number,
  ];
  const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])].map((y) => Math.min(Math.max(y, 0), height)) as [
    number,
    number,
  ];
  return {
    x: Math.floor(left),
    y: Math.floor(top),
    width: Math.ceil(right) - Math.floor(left),
    height: Math.ceil(bottom) - Math.floor(top),
  };
}

/**
 * Covers a rectangle of an image with blocks of their mean colour, in place.
 *
 * @param pixels RGBA, row by row
 * @param imageWidth pixels a row
 */
export function pixelate(pixels: Uint8ClampedArray, imageWidth: number, rect: Rect): void {
  const edge = Math.max(1, Math.ceil(Math.max(rect.width, rect.height) / BLOCKS));
  for (let top = rect.y; top < rect.y + rect.height; top += edge)
    for (let left = rect.x; left < rect.x + rect.width; left += edge)
      cover(pixels, imageWidth, {
        x: left,
        y: top,
        width: Math.min(edge, rect.x + rect.width - left),
        height: Math.min(edge, rect.y + rect.height - top),
      });
}

function cover(pixels: Uint8ClampedArray, imageWidth: number, { x, y, width, height }: Rect): void {
  const sums = [0, 0, 0];
  const each = (work: (at: number) => void): void => {
    for (let row = y; row < y + height; row++)
      for (let column = x; column < x + width; column++) work((row * imageWidth + column) * 4);
  };
  each((at) => {
    for (let n = 0; n < 3; n++) sums[n] = (sums[n] ?? 0) + (pixels[at + n] ?? 0);
  });
  const mean = sums.map((sum) => Math.round(sum / (width * height)));
  each((at) => {
    for (let n = 0; n < 3; n++) pixels[at + n] = mean[n] ?? 0;
  });
}
