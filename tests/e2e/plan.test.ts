import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlanBase } from "../../data/planning/plan-base.ts";
import { MODE_IDS, type ModeId } from "../../web/seats/plan/modes/mode.ts";
import {
  done,
  dragBy,
  findUnder,
  fingerHand,
  type Hand,
  middleOf,
  mouseHand,
  opened,
  type Spot,
  savedAs,
  squareAround,
  steps,
} from "./plan-hand.ts";
import { placesOf } from "./plan-places.ts";
import { stageOf } from "./plan-stage.ts";
import { openSeats, type Seats } from "./seat-server.ts";

/** Half the pixels each way: drawn in software, pixels are most of what these tests cost. */
const COARSE = { deviceScaleFactor: 0.5 } as const;

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

describe("the boundary desk", () => {
  it("draws with figures in hand, undoes by key, saves by itself, comes back after a reload and is handed in", async () => {
    const { page, watch } = await seats.open("/plan?county=140226&theme=light", {
      viewport: { width: 900, height: 640 },
      ...COARSE,
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

  it("changes the plan with every tool, by mouse and by finger, and forms by keys", async () => {
    const { page, watch } = await seats.open("/plan?county=140226&theme=light", {
      ...{ viewport: { width: 1200, height: 700 }, ...COARSE, hasTouch: true, as: "planner", webGl: true },
    });
    await page.getByRole("button", { name: "东延路社区", exact: true }).click();
    await page.getByRole("button", { name: "新建并打开" }).click();
    await opened(page);
    const url = new URL(page.url());
    const community = url.searchParams.get("area") ?? "";
    const stage = stageOf(seats.dataset, community);
    const base = await page.context().request.get(`${seats.origin}/columns/plan-base?scope=${community}`);
    const places = placesOf((await base.json()) as PlanBase);
    const show = async (at: string): Promise<void> => {
      url.searchParams.set("at", at);
      await page.goto(url.href);
      await opened(page);
    };
    const chosen = page.locator(".plan-meters .plan-meter h3 small");
    const press = (op: string) => page.locator(`[data-op="${op}"]`).click();
    /** The plan changed by one step; the step is undone, so that the next tool meets the same. */
    const oneStep = async (): Promise<void> => {
      await steps(page, 1);
      expect((await done(page))[1]).toBeGreaterThan(0);
      await page.keyboard.press("Control+z");
      await steps(page, 0);
    };
    const from = (origin: Spot, dx: number, dy: number): Spot => [origin[0] + dx, origin[1] + dy];
    const [corner] = stage.corners;
    const beside = from(corner, 24, 16);
    // Along the border that begins at the corner, and off it to either side.
    const way: Spot = [stage.along[0] - corner[0], stage.along[1] - corner[1]];
    const length = Math.hypot(...way);
    const onBorder = (px: number, off = 0): Spot =>
      from(corner, (way[0] * px - way[1] * off) / length, (way[1] * px + way[0] * off) / length);
    const middle = await middleOf(page);
    const put = (spot: Spot): Spot => [middle[0] + spot[0], middle[1] + spot[1]];
    const stroke = (hand: Hand, ...spots: readonly Spot[]) => hand.stroke(spots.map(put));
    /** Taps so far apart in time that no two of them are a double one. */
    const tap = async (hand: Hand, ...spots: readonly Spot[]): Promise<void> => {
      for (const spot of spots) {
        await hand.tap(put(spot));
        await page.waitForTimeout(380);
      }
    };

    const uses: Readonly<Record<ModeId, readonly [at: string, use: (hand: Hand) => Promise<void>]>> = {
      select: [
        stage.at,
        async (hand) => {
          await tap(hand, beside);
          await chosen.first().waitFor();
        },
      ],
      node: [stage.at, (hand) => stroke(hand, corner, from(corner, 11, 8)).then(oneStep)],
      border: [stage.at, (hand) => stroke(hand, corner, from(corner, -8, 16)).then(oneStep)],
      reroute: [stage.at, (hand) => stroke(hand, corner, onBorder(50, 18), onBorder(110)).then(oneStep)],
      cut: [stage.at, (hand) => stroke(hand, [-330, corner[1] + 12], [330, corner[1] - 12]).then(oneStep)],
      lasso: [
        stage.at,
        async (hand) => {
          await tap(hand, beside);
          await stroke(hand, ...squareAround(corner, 16));
          await oneStep();
        },
      ],
      draw: [
        stage.at,
        async (hand) => {
          await tap(hand, ...squareAround(corner, 36).slice(0, 4));
          await press("finish");
          await oneStep();
        },
      ],
      measure: [
        stage.at,
        async (hand) => {
          await tap(hand, corner, beside);
          await expect.poll(() => page.locator(".plan-pointer").innerText()).toContain("长度");
          await press("drop");
        },
      ],
      comment: [
        stage.at,
        async (hand) => {
          await tap(hand, corner);
          await expect.poll(() => page.getByTestId("plan-review").innerText()).toContain("取下");
          await page.locator(".map-canvas canvas").first().focus();
        },
      ],
      block: [places.at, (hand) => tap(hand, ...places.block).then(oneStep)],
      snap: [places.at, (hand) => tap(hand, ...places.snap).then(oneStep)],
    };
    const hands = { mouse: mouseHand(page), finger: await fingerHand(page) };
    for (const at of [places.at, stage.at]) {
      await show(at);
      for (const [name, hand] of Object.entries(hands))
        for (const id of MODE_IDS.filter((one) => uses[one][0] === at)) {
          await page.locator(`[data-mode="${id}"]`).click();
          await uses[id][1](hand).catch((error: Error) => {
            throw new Error(`${name} ${id}: ${error.message}`, { cause: error });
          });
          await page.locator(".map-canvas canvas").first().focus();
          await page.keyboard.press("Escape");
        }
      // What the server has not heard of would come back as a step when the page is opened anew.
      await savedAs(page, "saved");
    }
    // Two grids that share a border become one; a key is held by a button. One alone goes to its neighbours.
    for (const hand of Object.values(hands)) {
      await page.locator('[data-mode="select"]').click();
      await tap(hand, onBorder(40, 12));
      await page.locator('[data-key="shift"]').click();
      await tap(hand, onBorder(40, -12));
      await page.locator('[data-key="shift"]').click();
      await expect.poll(() => page.locator('[data-op="merge"]').getAttribute("aria-disabled")).toBe("false");
      await press("merge");
      await oneStep();
      await page.keyboard.press("Escape");
      await tap(hand, beside);
      await press("dissolve");
      await oneStep();
      await page.keyboard.press("Escape");
    }

    // By numbers: exactly ten metres, for all who meet there.
    await page.keyboard.press("n");
    await page.mouse.click(...put(corner));
    await page.keyboard.press("i");
    await page.getByLabel("向东 m").fill("10");
    await page.getByRole("button", { name: "按米移动" }).click();
    await steps(page, 1);
    await page.keyboard.press("Escape");
    // Names, by key.
    await page.keyboard.press("v");
    await page.mouse.click(...put(beside));
    await page.locator(".map-canvas canvas").first().focus();
    await page.keyboard.press("e");
    await page.keyboard.type("改");
    await page.keyboard.press("Enter");
    await steps(page, 2);
    await page.locator(".map-canvas canvas").first().focus();
    await page.keyboard.press("h");
    expect(await page.locator('[data-op="ghost"]').getAttribute("aria-pressed")).toBe("true");
    await press("isolate");
    expect(await page.locator('[data-op="isolate"]').getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("u");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");

    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });

  it("proposes divisions beside each other, takes one as a step of the plan, and undoes it by key", async () => {
    const { page, watch } = await seats.open("/plan?county=140226&theme=light", {
      viewport: { width: 1100, height: 720 },
      as: "planner",
      webGl: true,
    });
    await page.getByRole("button", { name: "林河路社区", exact: true }).click();
    await page.getByRole("button", { name: "只在本机试画" }).click();
    await opened(page);
    await page.locator('[data-op="propose"]').click();
    const sheet = page.getByTestId("propose");
    await sheet.getByLabel("每格至少").fill("600");
    expect(await sheet.getByRole("alert").innerText()).toContain("下限不能大于上限");
    await sheet.getByLabel("每格至少").fill("300");
    await sheet.getByRole("button", { name: "给出方案" }).click();
    await page.locator('[data-testid="propose"][data-state="done"]').waitFor();
    const cards = sheet.locator(".propose-stop");
    expect(await cards.count()).toBeGreaterThan(0);
    // Every grid is in range in every stop, and today's 8 are as many afterwards.
    for (const text of await cards.locator('[data-figure="inRange"] dd').allInnerTexts()) {
      const [right, all] = text.split("/");
      expect(right).toBe(all);
    }
    // Today's grids may be in range as they are: the last stop, of the best shape, moves what it likes.
    const last = cards.last().getByRole("button");
    if ((await last.innerText()) === "在地图上看") await last.click();
    const shown = sheet.locator('.propose-stop[data-shown="true"]');
    expect(await shown.count()).toBe(1);
    // The small map is drawn: more than one colour stands in it.
    const colours = await shown.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const found = new Set<string>();
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] === 255) found.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
      return found.size;
    });
    expect(colours).toBeGreaterThan(4);
    const moved = Number((await shown.locator('[data-figure="moved"] dd').innerText()).replace(",", ""));
    expect(moved).toBeGreaterThan(0);
    expect((await done(page))[0]).toBe(0);
    await sheet.getByRole("button", { name: "全部采用" }).click();
    await steps(page, 1);
    expect((await done(page))[1]).toBeGreaterThan(0);
    expect(await sheet.getByRole("button", { name: "已采用" }).isDisabled()).toBe(true);
    await page.locator(".plan-map canvas").first().focus();
    await page.keyboard.press("Control+z");
    await steps(page, 0);
    expect((await done(page))[1]).toBe(0);
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});
