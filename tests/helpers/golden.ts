import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

/** Colour distance (YIQ, 0 … 1) under which two pixels are equal: forgives rounding, not a change of hue. */
const THRESHOLD = 0.1;
/** Share of pixels that may differ: a line that moved by one pixel, not a sign that is missing. */
const MAX_SHARE = 0.004;
/** Channels are kept in steps of this: invisible, and a quarter of the size in the repository. */
const STEP = 12;

/** Averages blocks of `factor` × `factor` pixels and drops the last bits; alpha is opaque in a screenshot. */
export function reduce(png: PNG, factor: number): PNG {
  const out = new PNG({ width: Math.floor(png.width / factor), height: Math.floor(png.height / factor) });
  for (let y = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      const to = (y * out.width + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let dy = 0; dy < factor; dy++)
          for (let dx = 0; dx < factor; dx++)
            sum += png.data[((y * factor + dy) * png.width + x * factor + dx) * 4 + channel] as number;
        out.data[to + channel] = Math.min(255, Math.round(sum / factor ** 2 / STEP) * STEP);
      }
      out.data[to + 3] = 255;
    }
  }
  return out;
}

const folder = fileURLToPath(new URL("../render/expected/", import.meta.url));

/**
 * Compares a screenshot, reduced, with the golden image of that name. `UPDATE_GOLDEN=1` writes it instead; without a
 * golden the test fails, so that a new layer cannot go unseen. What differs is left beside it as `<name>.actual.png`.
 *
 * @returns undefined when they match, otherwise what is wrong
 */
export function compareGolden(name: string, screenshot: Buffer, factor: number): string | undefined {
  const actual = reduce(PNG.sync.read(screenshot), factor);
  const path = `${folder}${name}.png`;
  const write = (to: string): void => {
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, PNG.sync.write(actual, { colorType: 2, deflateLevel: 9 }));
  };
  if (process.env["UPDATE_GOLDEN"]) {
    write(path);
    return undefined;
  }
  if (!existsSync(path)) return `no golden image ${name}.png: look at the picture, then run with UPDATE_GOLDEN=1`;
  const expected = PNG.sync.read(readFileSync(path));
  if (expected.width !== actual.width || expected.height !== actual.height)
    return `${name}: ${actual.width}×${actual.height}, expected ${expected.width}×${expected.height}`;
  const different = pixelmatch(expected.data, actual.data, undefined, actual.width, actual.height, {
    threshold: THRESHOLD,
  });
  const share = different / (actual.width * actual.height);
  if (share <= MAX_SHARE) return undefined;
  write(`${folder}${name}.actual.png`);
  return `${name}: ${(share * 100).toFixed(2)} % of the pixels differ (see ${name}.actual.png)`;
}

/** Share of pixels in which two screenshots of one size differ, 0 … 1. */
export function compareScreens(before: Buffer, after: Buffer): number {
  const [a, b] = [PNG.sync.read(before), PNG.sync.read(after)];
  return pixelmatch(a.data, b.data, undefined, a.width, a.height, { threshold: THRESHOLD }) / (a.width * a.height);
}
