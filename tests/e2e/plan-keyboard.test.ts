import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MODE_IDS, type ModeId } from "../../web/seats/plan/modes/mode.ts";
import { MODES } from "../../web/seats/plan/modes/registry.ts";
import { done, opened, type Spot, steps } from "./plan-hand.ts";
import { type Stage, stageOf } from "./plan-stage.ts";
import { openSeats, type Seats } from "./seat-server.ts";

let seats: Seats;
beforeAll(async () => {
  seats = await openSeats();
}, 240_000);
afterAll(() => seats?.close());

/** The cross in the middle of the map, moved by the arrows. */
class Cross {
  readonly #page: Page;
  #at: Spot = [0, 0];

  constructor(page: Page) {
    this.#page = page;
  }

  /** @param to CSS pixels from where the middle of the map was at first, within half a step */
  async go([x, y]: Spot): Promise<void> {
    const run = async (by: number, less: string, more: string): Promise<number> => {
      const fine = Math.round(by / 8);
      const [far, near] = [Math.trunc(fine / 8), fine % 8];
      for (let n = 0; n < Math.abs(far); n++) await this.#page.keyboard.press(`Shift+${far < 0 ? less : more}`);
      for (let n = 0; n < Math.abs(near); n++) await this.#page.keyboard.press(near < 0 ? less : more);
      return fine * 8;
    };
    const [dx, dy] = [x - this.#at[0], y - this.#at[1]];
    const moved = [await run(dx, "ArrowLeft", "ArrowRight"), await run(dy, "ArrowUp", "ArrowDown")] as const;
    this.#at = [this.#at[0] + moved[0], this.#at[1] + moved[1]];
  }

  async press(...places: readonly Spot[]): Promise<void> {
    for (const place of places) {
      await this.go(place);
      await this.#page.keyboard.press(" ");
    }
  }
}

const plus = ([x, y]: Spot, [dx, dy]: Spot): Spot => [x + dx, y + dy];
const square = (at: Spot, half: number): Spot[] => [
  plus(at, [-half, -half]),
  plus(at, [half, -half]),
  plus(at, [half, half]),
  plus(at, [-half, half]),
];

describe("the boundary desk without a mouse", () => {
  it("takes every tool by its key, the arrows, the space bar, Enter and Escape", async () => {
    const { page, watch } = await seats.open("/plan?county=140226&theme=light", {
      ...{ viewport: { width: 900, height: 640 }, deviceScaleFactor: 0.5, as: "planner", webGl: true },
    });
    await page.getByRole("button", { name: "东延路社区", exact: true }).click();
    await page.getByRole("button", { name: "新建并打开" }).click();
    await opened(page);
    const url = new URL(page.url());
    const stage: Stage = stageOf(seats.dataset, url.searchParams.get("area") ?? "");
    url.searchParams.set("at", stage.at);
    await page.goto(url.href);
    await opened(page);
    await page.locator(".map-canvas canvas").first().focus();
    const cross = new Cross(page);
    const {
      corners: [corner],
      along,
    } = stage;
    const beside = plus(corner, [24, 16]);
    const note = page.locator(".plan-pointer");
    const chosen = page.locator(".plan-meters .plan-meter h3 small");
    /** The tool changed the plan by one step; the step is undone, so that the next tool meets the same. */
    const oneStep = async (): Promise<void> => {
      await steps(page, 1);
      expect((await done(page))[1]).toBeGreaterThan(0);
      await page.keyboard.press("Control+z");
      await steps(page, 0);
    };
    const middle: Spot = [(corner[0] + along[0]) / 2, (corner[1] + along[1]) / 2];
    const length = Math.hypot(along[0] - corner[0], along[1] - corner[1]);
    const aside = plus(middle, [(-18 * (along[1] - corner[1])) / length, (18 * (along[0] - corner[0])) / length]);

    const uses: Readonly<Record<ModeId, () => Promise<void>>> = {
      select: async () => {
        await cross.press(beside);
        await chosen.first().waitFor();
        await page.keyboard.press("Escape");
        await chosen.first().waitFor({ state: "detached" });
      },
      node: async () => {
        await cross.press(corner, plus(corner, [16, 8]));
        await oneStep();
        // Escape lets go without a step, and the next press takes again.
        await cross.press(corner);
        await cross.go(plus(corner, [0, 16]));
        await page.keyboard.press("Escape");
        await steps(page, 0);
        await cross.press(corner, plus(corner, [0, 16]));
        await oneStep();
        await page.keyboard.press("Escape");
      },
      border: async () => {
        await cross.press(corner, plus(corner, [-8, 16]));
        await oneStep();
      },
      reroute: async () => {
        await cross.press(corner, aside, along);
        await page.keyboard.press("Enter");
        await oneStep();
      },
      cut: async () => {
        await cross.press(plus(corner, [-420, 12]), plus(corner, [420, -12]));
        await page.keyboard.press("Backspace");
        await cross.press(plus(corner, [420, 20]));
        await page.keyboard.press("Enter");
        await oneStep();
      },
      lasso: async () => {
        await cross.press(beside, ...square(corner, 16));
        await page.keyboard.press("Enter");
        await oneStep();
        await page.keyboard.press("Escape");
      },
      block: async () => {
        // Whether a compound lies there is the county's business: the grid that receives is chosen, by the same press.
        await cross.press(beside);
        await chosen.first().waitFor();
        await page.keyboard.press("Escape");
      },
      draw: async () => {
        await cross.press(...square(corner, 16));
        await page.keyboard.press("Enter");
        await oneStep();
      },
      snap: async () => {
        await cross.press(middle);
        // The border that was taken is lit as a whole until Escape.
        await cross.go(plus(middle, [8, 8]));
        await note.waitFor();
        await page.keyboard.press("Escape");
      },
      measure: async () => {
        await cross.press(corner, along);
        await expect.poll(() => note.innerText()).toContain("长度");
        await page.keyboard.press("Escape");
      },
      comment: async () => {
        await cross.press(corner);
        await expect.poll(() => page.getByTestId("plan-review").innerText()).toContain("取下");
        await page.locator(".map-canvas canvas").first().focus();
        await page.keyboard.press("Escape");
      },
    };
    for (const id of MODE_IDS) {
      await page.keyboard.press(MODES[id].key);
      expect(await page.locator(`[data-mode="${id}"]`).getAttribute("aria-pressed"), id).toBe("true");
      await uses[id]().catch((error: Error) => {
        throw new Error(`${id}: ${error.message}`, { cause: error });
      });
    }
    expect(watch.complaints).toEqual([]);
    await page.context().close();
  });
});
