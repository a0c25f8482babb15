import type { CDPSession, Page } from "playwright-core";
import { expect } from "vitest";

/** Hands for tests of the boundary desk: they look for places instead of knowing them, since demo data is none of theirs. */

export type Spot = readonly [x: number, y: number];

export const opened = (page: Page): Promise<void> => page.locator('.plan-map[data-open="true"]').waitFor();

/** Middle of the map, CSS pixels of the window. */
export async function middleOf(page: Page): Promise<Spot> {
  const box = await page.locator(".map-canvas").boundingBox();
  if (!box) throw new Error("no map");
  return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
}

/** Looks for a place that the tool in hand takes up, in rings around another. */
export async function findUnder(page: Page, [x, y]: Spot, word: string): Promise<Spot> {
  for (let radius = 4; radius < 260; radius += 12)
    for (let turn = 0; turn < 16; turn++) {
      const spot = [
        Math.round(x + radius * Math.cos((turn * Math.PI) / 8)),
        Math.round(y + radius * Math.sin((turn * Math.PI) / 8)),
      ] as const;
      await page.mouse.move(...spot);
      const note = page.locator(".plan-pointer");
      if ((await note.count()) && (await note.innerText()).includes(word)) return spot;
    }
  throw new Error(`nothing like ${word} on the map`);
}

/** Presses at a place and goes along a way, without letting go. */
export async function dragBy(page: Page, [x, y]: Spot, by: Spot): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= 6; i++) await page.mouse.move(x + (by[0] * i) / 6, y + (by[1] * i) / 6);
}

/** Number of steps and of changed grids, as the page says. */
export async function done(page: Page): Promise<[steps: number, grids: number]> {
  const [, steps, grids] = /已做 (\d+) 步 · 改动 (\d+) 个网格/.exec(await page.locator(".plan-save").innerText()) ?? [];
  return [Number(steps), Number(grids)];
}
export const steps = (page: Page, wanted: number): Promise<void> =>
  expect.poll(async () => (await done(page))[0], { timeout: 15_000 }).toBe(wanted);
export const savedAs = (page: Page, state: string): Promise<void> =>
  page.locator(`.plan-save[data-save="${state}"]`).waitFor();

/** A way to point: a place is tapped, a way is drawn with the button or the finger down. */
export interface Hand {
  readonly tap: (at: Spot) => Promise<void>;
  readonly stroke: (way: readonly Spot[]) => Promise<void>;
}

export const mouseHand = (page: Page): Hand => ({
  tap: ([x, y]) => page.mouse.click(x, y),
  stroke: async ([from, ...way]) => {
    if (!from) return;
    await page.mouse.move(...from);
    await page.mouse.down();
    for (const [x, y] of way) await page.mouse.move(x, y, { steps: 3 });
    await page.mouse.up();
  },
});

/** A finger, as Chromium's own input has it: the page gets pointer events of touch. */
export async function fingerHand(page: Page): Promise<Hand> {
  const client: CDPSession = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", at?: Spot): Promise<unknown> =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: at ? [{ x: at[0], y: at[1] }] : [] });
  return {
    tap: async (at) => {
      await touch("touchStart", at);
      await touch("touchEnd");
    },
    stroke: async ([from, ...way]) => {
      if (!from) return;
      await touch("touchStart", from);
      let [x, y] = from;
      for (const [toX, toY] of way) {
        for (let i = 1; i <= 3; i++) await touch("touchMove", [x + ((toX - x) * i) / 3, y + ((toY - y) * i) / 3]);
        [x, y] = [toX, toY];
      }
      await touch("touchEnd");
    },
  };
}

/** Corners of a square around a place, closed. */
export const squareAround = ([x, y]: Spot, half: number): Spot[] => [
  [x - half, y - half],
  [x + half, y - half],
  [x + half, y + half],
  [x - half, y + half],
  [x - half, y - half + 2],
];
