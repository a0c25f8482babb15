import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Filters } from "../../web/app/view-state.ts";
import { SMALL_TOWN } from "../fixtures/small-town.ts";
import { chromiumPath } from "../helpers/browser.ts";
import { compareScreens } from "../helpers/golden.ts";
import { type MapHarness, type OpenPage, startMapHarness } from "../helpers/map-harness.ts";

/** Names on screen and pairs of them that cover the same point (see the harness). */
const namesOnScreen = (open: OpenPage): Promise<{ names: string[]; clashes: string[] }> =>
  open.page.evaluate(() => window.__jingweiNames());

describe.skipIf(!chromiumPath())("map in a browser", () => {
  let harness: MapHarness;
  let open: OpenPage;
  beforeAll(async () => {
    harness = await startMapHarness();
    open = await harness.open(1280, 720, {
      widgets: true,
      view: { county: SMALL_TOWN, layers: ["context", "ownership", "outlines", "incidents", "labels"] },
    });
    await open.idle();
  });
  afterAll(() => harness?.close());

  const area = (): Promise<string> => open.page.evaluate(() => window.__jingweiView.getState().area);

  it("keeps one map and one canvas through StrictMode's double mount", async () => {
    expect(await open.page.locator("canvas").count()).toBe(1);
  });

  it("asks each part of the county once", () => {
    const asked = harness.server.log.map((path) => path.replace(/county=\d+&?/, ""));
    expect(asked.sort()).toEqual([
      "/columns/areas?levels=county,town,community",
      "/columns/areas?levels=grid,micro",
      "/columns/incidents/slabs?",
      "/columns/incidents?encoding=packed",
    ]);
  });

  it("filters and moves through time without another request", async () => {
    const before = harness.server.log.length;
    const count = async (): Promise<string> => (await open.page.locator(".time-range").textContent()) ?? "";
    const all = await count();
    await open.page.locator(".time-handle-from").focus();
    for (let i = 0; i < 4; i++) await open.page.keyboard.press("PageUp");
    await open.idle();
    const later = await count();
    expect(later).not.toBe(all);
    await open.page.evaluate(() => window.__jingweiView.getState().setFilters({ late: true }));
    await open.idle();
    expect(await count()).not.toBe(later);
    await open.page.evaluate(() =>
      window.__jingweiView.getState().setFilters({ late: undefined, from: undefined, to: undefined }),
    );
    await open.idle();
    expect(await count()).toBe(all);
    expect(harness.server.log.length).toBe(before);
  });

  it("draws other dots for other filters, and makes no layer anew for them", async () => {
    const filter = async (filters: Partial<Filters>): Promise<Buffer> => {
      await open.page.evaluate((patch) => window.__jingweiView.getState().setFilters(patch), filters);
      await open.idle();
      return open.page.locator("canvas").screenshot();
    };
    // Answers of the worker bring a scene of their own; the change itself does not.
    const all = await filter({ withClosed: true });
    const same = await open.page.evaluate(async () => {
      const { scene } = window.__jingweiBench;
      const before = scene();
      window.__jingweiView.getState().setFilters({ sources: [0] });
      await Promise.resolve();
      await Promise.resolve();
      return before !== undefined && scene() === before;
    });
    expect(same).toBe(true);
    const some = await filter({});
    expect(some.equals(all)).toBe(false);
    expect((await filter({ sources: undefined })).equals(all)).toBe(true);
    await filter({ withClosed: undefined });
  });

  it("plays the window along and stops when told", async () => {
    const range = open.page.locator(".time-range");
    await open.page.locator(".time-play").click();
    const first = await range.textContent();
    await expect.poll(() => range.textContent(), { timeout: 20_000 }).not.toBe(first);
    await open.page.locator(".time-play").click();
    await open.page.locator(".time-head button:last-child").click();
    await open.idle();
    expect(await open.page.evaluate(() => window.__jingweiView.getState().filters.from)).toBeUndefined();
  });

  it("draws names that do not overlap each other", async () => {
    const { names, clashes } = await namesOnScreen(open);
    expect(names.length).toBeGreaterThan(10);
    expect(clashes).toEqual([]);
  });

  it("drills down by click and up by Escape", async () => {
    const canvas = open.page.locator("canvas");
    await canvas.click({ position: { x: 560, y: 470 } });
    await open.idle();
    const town = await area();
    expect(town).toMatch(new RegExp(`^${SMALL_TOWN}00[12]$`));
    await canvas.focus();
    await open.page.keyboard.press("Escape");
    await open.idle();
    expect(await area()).toBe(SMALL_TOWN);
  });

  it("pans and zooms by keyboard and remembers where it is", async () => {
    const canvas = open.page.locator("canvas");
    await canvas.focus();
    await open.page.keyboard.press("ArrowRight");
    await open.idle();
    await open.page.keyboard.press("=");
    await open.idle();
    const camera = await open.page.evaluate(() => window.__jingweiView.getState().camera);
    expect(camera?.lon).toBeGreaterThan(112.7);
    await open.show({ camera: undefined });
  });

  it("says what is under the pointer", async () => {
    await open.show({ layers: ["outlines"] });
    await open.page.mouse.move(640, 300);
    await expect.poll(() => open.page.locator(".hover-card").textContent(), { timeout: 20_000 }).toContain("户");
  });

  it("folds its legend, remembers it, and starts folded on a narrow map", async () => {
    const fold = open.page.locator(".legend-fold");
    expect(await fold.getAttribute("aria-expanded")).toBe("true");
    expect(await open.page.locator(".legend-entry").count()).toBeGreaterThan(0);
    const narrow = await harness.open(640, 400, {
      widgets: true,
      pixelRatio: 0.5,
      view: { county: SMALL_TOWN, layers: ["outlines", "incidents"] },
    });
    await narrow.idle();
    const narrowFold = narrow.page.locator(".legend-fold");
    expect(await narrowFold.getAttribute("aria-expanded")).toBe("false");
    expect(await narrow.page.locator(".legend-entry").count()).toBe(0);
    await narrowFold.click();
    expect(await narrow.page.locator('[data-layer="incidents"]').textContent()).toContain("已办结仅显示近72小时");
    await narrow.page.reload();
    await narrow.idle();
    expect(await narrowFold.getAttribute("aria-expanded")).toBe("true");
    await narrow.page.context().close();
  });

  it("never asks for a phone on the wall", async () => {
    const wall = await harness.open(960, 540, {
      pixelRatio: 0.5,
      seat: "wall",
      view: { county: SMALL_TOWN, area: `${SMALL_TOWN}001002002`, layers: ["outlines", "staff", "labels"] },
    });
    const asked: string[] = [];
    wall.page.on("request", (request) => request.url().endsWith("/graphql") && asked.push(request.postData() ?? ""));
    await wall.show({ area: `${SMALL_TOWN}001002003` });
    await expect
      .poll(async () => (await namesOnScreen(wall)).names.some((text) => text.includes("岗位所在地")), {
        timeout: 30_000,
      })
      .toBe(true);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.join()).not.toContain("hone");
    expect((await namesOnScreen(wall)).names.join()).not.toContain("000-0000");
    await wall.page.context().close();
  });

  it("takes one graphics context of the browser, with none to try first", async () => {
    const counted = await harness.open(320, 180, { view: { county: SMALL_TOWN, layers: ["outlines", "incidents"] } });
    await counted.page.addInitScript(() => {
      const taken = new Set<HTMLCanvasElement>();
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...given: [string, object?]) {
        if (given[0].startsWith("webgl")) taken.add(this);
        return getContext.apply(this, given as never);
      } as typeof getContext;
      Object.assign(window, { canvasesTaken: () => taken.size });
    });
    await counted.page.reload();
    await counted.idle();
    expect(await counted.page.evaluate("canvasesTaken()")).toBe(1);
    await counted.page.context().close();
  });

  it("draws its cases again after the graphics context was lost", async () => {
    const lost = await harness.open(960, 540, {
      pixelRatio: 0.5,
      view: {
        county: SMALL_TOWN,
        layers: ["outlines", "incidents"],
        filters: { withSuspicious: false, withClosed: true },
      },
    });
    await lost.idle();
    const before = await lost.page.screenshot();
    await lost.page.evaluate(() => {
      const { engine, stats } = window.__jingweiBench;
      const context = engine().map.getCanvas().getContext("webgl2")?.getExtension("WEBGL_lose_context");
      stats.rows = 0;
      context?.loseContext();
      // Browsers refuse to restore a context in the task that lost it.
      setTimeout(() => context?.restoreContext(), 100);
    });
    await lost.page.waitForFunction(() => window.__jingweiBench.stats.rows > 0, undefined, { timeout: 60_000 });
    await lost.idle();
    expect(compareScreens(before, await lost.page.screenshot())).toBeLessThan(0.002);
    // The meter says what happened, in the page's language.
    await lost.page.keyboard.press("Alt+Shift+KeyD");
    await expect
      .poll(() => lost.page.locator(".debug-overlay").textContent(), { timeout: 20_000 })
      .toMatch(/图形环境丢失次数1/);
    await lost.page.context().close();
  });

  it("leaves the console clean and asks no other host", () => {
    expect(open.complaints).toEqual([]);
  });
});
