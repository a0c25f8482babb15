import { rm } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import type { ViewState } from "../../web/app/view-state.ts";
import { createSmallTown, SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import { staffOperations } from "../fixtures/small-town-staff.ts";
import type { HarnessRequest } from "../render/harness/main.tsx";
import { launchChromium, watchPage } from "./browser.ts";
import { buildHarness } from "./build-harness.ts";
import { countyAnswers } from "./county-answers.ts";
import { type HarnessServer, serveHarness } from "./harness-server.ts";

/** Drawing in software takes seconds, and the first frame compiles shaders. */
const IDLE_TIMEOUT_MS = 90_000;

export interface OpenPage {
  readonly page: Page;
  /** What the page did that it must not. */
  readonly complaints: string[];
  /** Changes the view and waits until nothing is left to draw. */
  show(view: Partial<ViewState>): Promise<void>;
  idle(): Promise<void>;
}

export interface MapHarness {
  readonly server: HarnessServer;
  open(width: number, height: number, request: Partial<HarnessRequest>): Promise<OpenPage>;
  close(): Promise<void>;
}

/** The map alone in a real browser, fed with the small town. */
export async function startMapHarness(): Promise<MapHarness> {
  const data = createSmallTown();
  const folder = await buildHarness();
  const server = await serveHarness(folder, countyAnswers(data, SMALL_TOWN_AS_OF), staffOperations(data));
  const browser: Browser = await launchChromium();
  return {
    server,
    async open(width, height, request) {
      const context = await browser.newContext({ viewport: { width, height }, reducedMotion: "reduce" });
      const page = await context.newPage();
      const { complaints } = watchPage(page, server.origin);
      const full: HarnessRequest = {
        seat: "desk",
        rem: 16,
        ...request,
        view: { area: SMALL_TOWN, ...request.view, county: SMALL_TOWN },
      };
      await page.goto(`${server.origin}/#${encodeURIComponent(JSON.stringify(full))}`);
      const idle = async (): Promise<void> => {
        await page.waitForFunction(() => window.__jingweiIdle?.(), undefined, { timeout: IDLE_TIMEOUT_MS });
      };
      return {
        page,
        complaints,
        idle,
        show: async (view) => {
          await page.evaluate((patch) => window.__jingweiView.getState().set(patch), view);
          // React, MapLibre and deck.gl each take a frame before the page counts as busy.
          await page.evaluate(
            () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
          );
          await idle();
        },
      };
    },
    async close() {
      await browser.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
