import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { inject } from "vitest";
import type { ViewState } from "../../web/app/view-state.ts";
import { createSmallTown, SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import { staffOperations } from "../fixtures/small-town-staff.ts";
import { whistleOperations } from "../fixtures/small-town-whistles.ts";
import type { HarnessRequest } from "../render/harness/main.tsx";
import { watchPage } from "./browser.ts";
import { type CountyAnswers, countyAnswers } from "./county-answers.ts";
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

/**
 * The map alone in a real browser, fed with the small town. The browser and the built page are the project's
 * (`render-setup.ts`); the server is the file's own.
 *
 * @param change replaces answers of the town, for counties that lack a layer
 */
export async function startMapHarness(change: Partial<CountyAnswers> = {}): Promise<MapHarness> {
  const shared = inject("render");
  if (!shared) throw new Error("no Chromium to test with");
  const data = createSmallTown();
  const answers = { ...countyAnswers(data, SMALL_TOWN_AS_OF), ...change };
  const server = await serveHarness(shared.folder, answers, {
    ...staffOperations(data),
    ...whistleOperations(data),
  });
  const browser: Browser = await chromium.connect(shared.browser);
  const contexts: BrowserContext[] = [];
  return {
    server,
    async open(width, height, request) {
      // A picture then has the pixels that the map was drawn with: none is blown up, sent and read only to be averaged away.
      const deviceScaleFactor = Math.min(1, request.pixelRatio ?? 1);
      const context = await browser.newContext({
        viewport: { width, height },
        reducedMotion: "reduce",
        deviceScaleFactor,
      });
      contexts.push(context);
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
      for (const context of contexts) await context.close();
      // Leaves the shared browser; it stays up for the next file.
      await browser.close();
      await server.close();
    },
  };
}
