import type { Browser, BrowserContext, Page } from "playwright-core";
import { ROW_BUDGET } from "../../../web/plane/loader.ts";
import type { HarnessRequest } from "../../render/harness/main.tsx";
import { Meter } from "./measure.ts";
import { SLAB_ROWS, type WallServer } from "./server.ts";

/** A case's worth of patience: a million points drawn in software take seconds a frame. */
const PATIENCE_MS = 180_000;
/** A new window's own interface loads and draws for a second on the same cores: a page is opened in a window that stands. */
const WINDOW_MS = 2_000;

/** What it cost to open a page. */
export interface Opening {
  /** From the navigation to the first frame with cases, and to the last case: wall time, ms. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** CPU time of the main thread up to both, ms. */
  readonly firstCpuMs: number;
  readonly lastCpuMs: number;
  /** Compressed bytes that the first picture needs: page, areas, list of slabs and the newest; and of these the cases. */
  readonly firstBytes: number;
  readonly firstCaseBytes: number;
  readonly lastBytes: number;
  readonly heap: number;
}

export interface OpenWall {
  readonly page: Page;
  readonly meter: Meter;
  readonly opening: Opening;
  close(): Promise<void>;
}

const ofCases = (path: string): boolean => path.startsWith("/columns/incidents") || path === "/cases.bin";

/** Of what was sent, without the slabs after the newest: they come while the first picture is drawn, which needs none. */
function neededAtFirst(server: WallServer, casesOnly: boolean): number {
  const later = server.sent.filter(({ path }) => path.includes("&slab=")).slice(1);
  return server.sent
    .filter((one) => !later.includes(one) && (!casesOnly || ofCases(one.path)))
    .reduce((sum, one) => sum + one.bytes, 0);
}

const allBytes = (server: WallServer): number => server.sent.reduce((sum, one) => sum + one.bytes, 0);

async function open(
  browser: Browser,
  server: WallServer,
  address: string,
  isFirst: () => boolean,
  isLast: (rows: number) => boolean,
  rows: number,
): Promise<OpenWall> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const meter = await Meter.of(page);
  await page.waitForTimeout(WINDOW_MS);
  server.sent.length = 0;
  const began = performance.now();
  await page.goto(server.origin + address, { waitUntil: "commit" });
  await page.waitForFunction(isFirst, undefined, { polling: 20 });
  const firstMs = performance.now() - began;
  const [firstBytes, firstCaseBytes] = [neededAtFirst(server, false), neededAtFirst(server, true)];
  const firstCpuMs = (await meter.read()).taskMs;
  await page.waitForFunction(isLast, rows, { polling: 50 });
  const lastMs = performance.now() - began;
  const { taskMs: lastCpuMs, heap } = await meter.read();
  return {
    page,
    meter,
    opening: {
      firstMs,
      lastMs,
      firstCpuMs,
      lastCpuMs,
      firstBytes,
      firstCaseBytes,
      lastBytes: allBytes(server),
      heap,
    },
    close: () => context.close(),
  };
}

/** Opens the client's own map, with slider, legend and switcher, over the whole town. */
export async function openWall(browser: Browser, server: WallServer, county: string, rows: number): Promise<OpenWall> {
  const request: HarnessRequest = {
    seat: "desk",
    rem: 16,
    pixelRatio: 1,
    widgets: true,
    view: { county, area: county, layers: ["outlines", "incidents", "labels"] },
  };
  const wall = await open(
    browser,
    server,
    `/wall/#${encodeURIComponent(JSON.stringify(request))}`,
    () => (window.__jingweiBench?.stats.firstAt ?? 0) > 0,
    (wanted) => window.__jingweiBench.plane.getState().loaded >= wanted,
    // Beyond its budget a page holds the newest slabs that fit whole; older cases are the server's tiles and counts.
    rows <= ROW_BUDGET ? rows : ROW_BUDGET - SLAB_ROWS,
  );
  await idle(wall.page);
  return wall;
}

/** Opens another client, which draws all cases at once. */
export const openPeer = (
  browser: Browser,
  server: WallServer,
  rows: number,
  path: "/peer/" | "/kepler/" = "/peer/",
): Promise<OpenWall> =>
  open(
    browser,
    server,
    path,
    () => window.__peerDrawn > 0,
    (wanted) => window.__peerDrawn >= wanted,
    rows,
  );

/** Nothing moves, loads or waits to be drawn. */
export const idle = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => window.__jingweiIdle(), undefined, { polling: 20 });
};
