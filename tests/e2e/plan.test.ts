import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

type Spot = readonly [x: number, y: number];

const opened = (page: Page) => page.locator('.plan-map[data-open="true"]').waitFor();

/** Middle of the map, CSS pixels of the window. */
async function middleOf(page: Page): Promise<Spot> {
  const box = await page.locator(".map-canvas").boundingBox();
  if (!box) throw new Error("no map");
  return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
}

/** Looks for a place that the tool in hand takes up, in rings around another. */
async function findUnder(page: Page, [x, y]: Spot, word: string): Promise<Spot> {
  for (let radius = 16; radius < 260; radius += 12)
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

async function dragBy(page: Page, [x, y]: Spot, by: Spot): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= 6; i++) await page.mouse.move(x + (by[0] * i) / 6, y + (by[1] * i) / 6);
}

/** Number of steps and of changed grids, as the page says. */
const done = async (page: Page): Promise<[steps: number, grids: number]> => {
  const [, steps, grids] = /已做 (\d+) 步 · 改动 (\d+) 个网格/.exec(await page.locator(".plan-save").innerText()) ?? [];
  return [Number(steps), Number(grids)];
};
const steps = (page: Page, wanted: number) =>
  expect.poll(async () => (await done(page))[0], { timeout: 15_000 }).toBe(wanted);
const savedAs = (page: Page, state: string) => page.locator(`.plan-save[data-save="${state}"]`).waitFor();

describe("the boundary desk", () => {
  it("draws with figures in hand, undoes by key, saves by itself, comes back after a reload and is handed in", async () => {
    const { page, watch } = await seats.open("/plan?county=140226&theme=light", {
      viewport: { width: 900, height: 640 },
      as: "planner",
      webGl: true,
    });
    await page.getByRole("button", { name: "东延路社区", exact: true }).click();
    await page.getByRole("button", { name: "新建并打开" }).click();
    await opened(page);
    const middle = await middleOf(page);

    // A corner moves with the pointer: figures of both sides move before it is let go.
    await page.keyboard.press("n");
    const corner = await findUnder(page, middle, "顶点");
    await dragBy(page, corner, [9, 7]);
    const before = page.locator('[data-testid="plan-meters"] [data-figure="area"] s');
    await before.first().waitFor();
    expect(await before.count()).toBeGreaterThan(1);
    expect((await done(page))[0]).toBe(0);
    await page.mouse.up();
    await steps(page, 1);
    expect((await done(page))[1]).toBeGreaterThan(1);
    await page.keyboard.press("Control+z");
    await steps(page, 0);
    expect((await done(page))[1]).toBe(0);
    await page.keyboard.press("Control+Shift+z");
    await steps(page, 1);

    // A line in one stroke cuts what it crosses.
    await page.keyboard.press("c");
    await dragBy(page, [middle[0] - 90, middle[1] + 30], [180, -40]);
    await page.mouse.up();
    await steps(page, 2);
    const [, cut] = await done(page);
    expect(cut).toBeGreaterThan(3);

    // What is missing is said; then two grids become one.
    await page.keyboard.press("v");
    const merge = page.locator('[data-op="merge"]');
    const junction = [corner[0] + 9, corner[1] + 7] as const;
    const choose = async (dx: number, dy: number) => {
      await page.mouse.click(junction[0] + dx, junction[1] + dy);
      await page.waitForTimeout(150);
    };
    await choose(14, 14);
    expect(await merge.getAttribute("aria-disabled")).toBe("true");
    expect(await merge.getAttribute("title")).toContain("先选中两个或更多网格");
    // Which of the grids around a corner share a border depends on the county: those that only touch are refused.
    search: for (const reach of [14, 26, 40])
      for (let turn = 0; turn < 8; turn++) {
        await choose(14, 14);
        await page.keyboard.down("Shift");
        await choose(reach * Math.cos((turn * Math.PI) / 4), reach * Math.sin((turn * Math.PI) / 4));
        await page.keyboard.up("Shift");
        if ((await merge.getAttribute("aria-disabled")) === "true") continue;
        await page.keyboard.press("g");
        await page.waitForTimeout(300);
        if ((await done(page))[0] === 3) break search;
      }
    await steps(page, 3);

    await savedAs(page, "saved");
    const [, grids] = await done(page);
    await page.reload();
    await opened(page);
    expect((await done(page))[1]).toBe(grids);

    // Without the server the browser keeps what is drawn, and says so; it is sent when the server is back.
    await page.route("**/graphql", (route) => route.abort());
    await page.keyboard.press("n");
    await dragBy(page, await findUnder(page, middle, "顶点"), [-6, 5]);
    await page.mouse.up();
    await savedAs(page, "offline");
    await page.unroute("**/graphql");
    await savedAs(page, "saved");

    await page.locator('[data-step="SUBMIT"]').click();
    // Handed in, or refused by the referee in words: never silence.
    const review = page.getByTestId("plan-review");
    await review.and(page.locator('[data-state="SUBMITTED"]')).or(review.getByRole("alert")).first().waitFor();
    expect(watch.complaints.filter((text) => !/graphql|Failed to load resource/.test(text))).toEqual([]);
    await page.context().close();
  });
});
