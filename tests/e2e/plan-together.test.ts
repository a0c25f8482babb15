import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAccount, PASSWORD } from "../helpers/sign-in.ts";
import { done, middleOf, opened, type Spot, savedAs } from "./plan-hand.ts";
import { type Stage, stageOf } from "./plan-stage.ts";
import { ANCHOR, openSeats, type Seats } from "./seat-server.ts";

/** Half the pixels each way: drawn in software, pixels are most of what these tests cost. */
const SMALL = { viewport: { width: 820, height: 600 }, deviceScaleFactor: 0.5, webGl: true } as const;

let seats: Seats;
let plan = "";
beforeAll(async () => {
  seats = await openSeats();
  await makeAccount(seats.database, "140226", "second-planner", [["planner", "140226"]], Date.parse(ANCHOR));
}, 240_000);
afterAll(() => seats?.close());

/** Makes a plan of a community and goes near. */
async function makePlan(page: Page): Promise<Stage> {
  await page.getByRole("button", { name: "东延路社区", exact: true }).click();
  await page.getByRole("button", { name: "新建并打开" }).click();
  await opened(page);
  const { pathname, searchParams } = new URL(page.url());
  const stage = stageOf(seats.dataset, searchParams.get("area") ?? "");
  searchParams.set("at", stage.at);
  plan = `${pathname}?${searchParams}`;
  await page.goto(seats.origin + plan);
  await opened(page);
  return stage;
}

/** Moves what stands so far from the middle of the map, which stays while banners come and go; drawn to nothing. */
async function move(page: Page, corner: Spot, by: Spot, whileHeld?: () => Promise<void>): Promise<void> {
  const middle = await middleOf(page);
  const [x, y] = [middle[0] + corner[0], middle[1] + corner[1]];
  await page.keyboard.press("n");
  await page.keyboard.down("Alt");
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + by[0] / 2, y + by[1] / 2, { steps: 3 });
  await whileHeld?.();
  // A banner may have made the map smaller meanwhile.
  const now = await middleOf(page);
  await page.mouse.move(now[0] + corner[0] + by[0], now[1] + corner[1] + by[1], { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up("Alt");
}

/** Whether a corner stands so far from the middle of the map. */
async function standsAt(page: Page, [dx, dy]: Spot): Promise<boolean> {
  const middle = await middleOf(page);
  await page.keyboard.press("n");
  await page.mouse.move(middle[0] + dx - 60, middle[1] + dy - 60);
  await page.mouse.move(middle[0] + dx, middle[1] + dy);
  await page.waitForTimeout(150);
  const note = page.locator(".plan-pointer");
  return (await note.count()) > 0 && (await note.innerText()).includes("顶点");
}

/**
 * Waits until a corner stands there: what was heard or undone is drawn with the next frame, which takes its time in
 * software. A failure says what the page shows instead.
 */
async function comesToStand(page: Page, spot: Spot): Promise<void> {
  let found = false;
  const until = Date.now() + 20_000;
  while (!found && Date.now() < until) found = await standsAt(page, spot);
  if (found) return;
  const pointer = await page.locator(".plan-pointer").allInnerTexts();
  const status = await page.locator('.plan-save, [role="status"], [role="alert"]').allInnerTexts();
  expect.fail(`no corner at ${spot.join(", ")}: ${JSON.stringify({ pointer, status })}`);
}

const cut = (page: Page): Promise<unknown> => page.route("**/graphql", (route) => route.abort());
const plug = (page: Page): Promise<void> => page.unroute("**/graphql");
const plus = ([x, y]: Spot, [dx, dy]: Spot): Spot => [x + dx, y + dy];
const changed = async (page: Page): Promise<number> => (await done(page))[1];
const offlineWords = /graphql|Failed to load resource|ERR_INTERNET_DISCONNECTED/;

describe("planners at one plan", () => {
  it("merges what is apart unasked, names the borders that both moved, and goes on with the answers", async () => {
    const { page: a, watch } = await seats.open("/plan?county=140226&theme=light", { ...SMALL, as: "planner" });
    const {
      corners: [west, east],
    } = await makePlan(a);
    const second = { login: "second-planner", password: PASSWORD };
    const { page: b } = await seats.open(plan, { ...SMALL, as: second });
    await opened(b);

    // Apart: both have both, and nobody was asked. Who holds what is seen meanwhile.
    await move(a, west, [9, 8]);
    await savedAs(a, "saved");
    await expect.poll(() => changed(b), { timeout: 20_000 }).toBe(await changed(a));
    await a.keyboard.press("v");
    const middle = await middleOf(a);
    await a.mouse.click(middle[0] + west[0] + 20, middle[1] + west[1] + 20);
    await expect.poll(() => b.getByTestId("plan-present").innerText(), { timeout: 20_000 }).toContain("规划员");
    await move(b, east, [8, -9]);
    await savedAs(b, "saved");
    await comesToStand(a, plus(east, [8, -9]));
    for (const page of [a, b]) await comesToStand(page, plus(west, [9, 8]));
    expect((await a.getByTestId("plan-conflicts").count()) + (await b.getByTestId("plan-conflicts").count())).toBe(0);

    // The same corner, each for himself: the one whose save comes later is asked, border by border.
    const both = plus(west, [9, 8]);
    await cut(b);
    await move(b, both, [-24, 0]);
    await savedAs(b, "offline");
    await move(a, both, [24, 0]);
    await savedAs(a, "saved");
    await plug(b);
    const question = b.getByTestId("plan-conflicts");
    await question.waitFor();
    const lines = question.locator("li[data-conflict]");
    for (const line of await lines.all()) {
      expect(await line.locator("legend").innerText()).toContain("东延路社区");
      await line.locator('input[value="mine"]').check();
    }
    expect(await lines.filter({ hasText: "的界线" }).count()).toBeGreaterThan(0);
    await question.locator('[data-op="mergeConflicts"]').click();
    await question.waitFor({ state: "detached" });
    await savedAs(b, "saved");
    // Mine was heard everywhere: the corner stands where it was put here, for both.
    await comesToStand(b, plus(both, [-24, 0]));
    await comesToStand(a, plus(both, [-24, 0]));
    expect(watch.complaints.filter((text) => !offlineWords.test(text))).toEqual([]);
    await a.context().close();
    await b.context().close();
  });

  it("loses nothing with the network in mid-drag, nor with the tab", async () => {
    const { page, watch } = await seats.open("/plan?county=140226&theme=light", { ...SMALL, as: "planner" });
    const {
      corners: [corner],
    } = await makePlan(page);
    const context = page.context();
    await move(page, corner, [20, 0], async () => {
      await context.setOffline(true);
      await page.waitForTimeout(300);
    });
    expect((await done(page))[0]).toBe(1);
    await savedAs(page, "offline");
    await context.setOffline(false);
    await savedAs(page, "saved");
    await page.reload();
    await opened(page);
    await comesToStand(page, plus(corner, [20, 0]));
    const saved = await changed(page);
    expect(saved).toBeGreaterThan(1);
    expect(watch.complaints.filter((text) => !offlineWords.test(text))).toEqual([]);

    // The tab dies before the server heard of the last gesture; another one has it, sends it, and can take it back.
    await cut(page);
    await move(page, plus(corner, [20, 0]), [0, 22]);
    await savedAs(page, "offline");
    const died = page.waitForEvent("crash");
    page.goto("chrome://crash").catch(() => undefined);
    await died;
    await page.close();
    const next = await context.newPage();
    await next.goto(seats.origin + plan);
    await opened(next);
    expect((await done(next))[0]).toBe(1);
    await savedAs(next, "saved");
    await comesToStand(next, plus(corner, [20, 22]));
    await next.keyboard.press("Control+z");
    await comesToStand(next, plus(corner, [20, 0]));
    await savedAs(next, "saved");
    await context.close();
  });
});
