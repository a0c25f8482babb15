/** A picture: red, green, blue, alpha (not multiplied in) of each pixel, row by row from the north-west corner. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Source pixels that an output pixel is made of, and how much of each. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * Taps of each output pixel along one axis: its footprint on the source, widened to one source pixel where it is smaller.
 * A footprint of one pixel overlaps two neighbours as linear interpolation weighs them; a larger one averages. What lies
 * outside the source has no tap and counts as transparent.
 *
 * @param edges places of the output's edges in source pixels, rising; one more than output pixels
 */
function tapsAlong(edges: Float64Array, size: number): Taps[] {
  return Array.from({ length: edges.length - 1 }, (_, i) => {
    const [from, to] = [edges[i] as number, edges[i + 1] as number];
    const width = Math.max(1, to - from);
    const low = (from + to - width) / 2;
    const high = low + width;
    const first = Math.max(0, Math.floor(low));
    const last = Math.min(size - 1, Math.ceil(high) - 1);
    const weights = new Float64Array(Math.max(0, last - first + 1));
    for (let at = first; at <= last; at++) weights[at - first] = (Math.min(high, at + 1) - Math.max(low, at)) / width;
    return { first, weights };
  });
}

/**
 * Draws a source anew on another grid whose axes run along its own: bilinear where it is enlarged, averaged where it is
 * reduced. Colours are weighed by their alpha, so that what is transparent does not darken its neighbours.
 *
 * @param columns, rows places of the output's edges in pixels of the source; rising, one more than output pixels
 */
export function resample(source: RgbaImage, columns: Float64Array, rows: Float64Array): RgbaImage {
  const across = tapsAlong(columns, source.width);
  const down = tapsAlong(rows, source.height);
  const [width, height] = [across.length, down.length];
  const needed = down.filter(({ weights }) => weights.length > 0);
  const top = Math.min(...needed.map(({ first }) => first), source.height);
  const bottom = Math.max(...needed.map(({ first, weights }) => first + weights.length), 0);
  const wide = squeezeAcross(source, across, top, bottom);
  const data = new Uint8ClampedArray(width * height * 4);
  const sums = new Float64Array(width * 4);
  for (let y = 0; y < height; y++) {
    const { first, weights } = down[y] as Taps;
    sums.fill(0);
    for (let n = 0; n < weights.length; n++) {
      const weight = weights[n] as number;
      const row = (first + n - top) * width * 4;
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + weight * (wide[row + i] as number);
    }
    for (let x = 0; x < width; x++) {
      const alpha = sums[x * 4 + 3] as number;
      if (alpha <= 0) continue;
      const at = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel++) data[at + channel] = (sums[x * 4 + channel] as number) / alpha;
      data[at + 3] = alpha * 255;
    }
  }
  return { width, height, data };
}

/** Rows `top` to `bottom` of a source on the output's columns; colours multiplied by alpha 0 … 1. */
function squeezeAcross({ width, data }: RgbaImage, across: readonly Taps[], top: number, bottom: number): Float32Array {
  const rows = Math.max(0, bottom - top);
  const out = new Float32Array(rows * across.length * 4);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < across.length; x++) {
      const { first, weights } = across[x] as Taps;
      let [red, green, blue, opaque] = [0, 0, 0, 0];
      for (let n = 0; n < weights.length; n++) {
        const from = ((top + y) * width + first + n) * 4;
        const alpha = ((data[from + 3] as number) / 255) * (weights[n] as number);
        red += (data[from] as number) * alpha;
        green += (data[from + 1] as number) * alpha;
        blue += (data[from + 2] as number) * alpha;
        opaque += alpha;
      }
      const to = (y * across.length + x) * 4;
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
      out[to + 3] = opaque;
    }
  }
  return out;
}
