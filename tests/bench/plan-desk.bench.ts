import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CDPSession, Page } from "playwright-core";
import { build } from "vite";
import { ensureDemoAccounts } from "../../api/auth/demo-accounts.ts";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { openTestApi } from "../helpers/api.ts";
import { launchChromium } from "../helpers/browser.ts";
import type { Figure } from "./figure.ts";

const NOW = "2026-01-15T10:30:00+08:00";
const VIEWPORT = { width: 1366, height: 768 };
const GESTURES = 14;
const EVENTS = 24;

/** What a page of the bench keeps of pointer events. */
interface Timed {
  /** Main-thread time of each move while pressed, from the first listener to the end of React's work, ms. */
  readonly events: number[];
  /** Main-thread time of each frame after one: the map's drawing as far as this thread does it, ms. */
  readonly frames: number[];
}

/** Times pointer moves in the page: from before all listeners until React and all that they queued is done. */
function timePointer(): void {
  const timed: Timed = { events: [], frames: [] };
  Object.assign(window, { timed });
  let from = 0;
  addEventListener(
    "pointermove",
    (event) => {
      from = event.buttons ? performance.now() : 0;
    },
    true,
  );
  addEventListener("pointermove", () => {
    if (from === 0) return;
    const began = from;
    // Queued last: what the listeners queued, React's rendering among it, comes before.
    queueMicrotask(() => queueMicrotask(() => timed.events.push(performance.now() - began)));
  });
  const real = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    real((at) => {
      const began = performance.now();
      callback(at);
      if (from !== 0) timed.frames.push(performance.now() - began);
    });
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** Processor time of the page's main thread so far, ms: what a shared machine does besides does not count. */
async function threadMs(client: CDPSession): Promise<number> {
  const { metrics } = await client.send("Performance.getMetrics");
  return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN);
}

/** Waits until what was asked for is drawn. */
const drawn = (page: Page): Promise<void> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));

/**
 * Drags borders about around the middle of the map, as a hand would.
 *
 * @returns processor time of the main thread for each event with the frame after it, less that of an idle frame, ms
 */
async function dragAbout(page: Page): Promise<number[]> {
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable", { timeDomain: "threadTicks" });
  const cost = async (work: () => Promise<void>): Promise<number> => {
    const before = await threadMs(client);
    await work();
    await drawn(page);
    return (await threadMs(client)) - before;
  };
  const idle: number[] = [];
  for (let n = 0; n < 15; n++) idle.push(await cost(async () => undefined));
  const rest = quantile(idle, 0.5);
  const spent: number[] = [];
  const box = await page.locator(".map-canvas").boundingBox();
  if (!box) throw new Error("no map");
  await page.keyboard.press("d");
  for (let gesture = 0; gesture < GESTURES; gesture++) {
    const turn = (gesture * 2 * Math.PI) / GESTURES;
    const [x, y] = [box.x + box.width / 2 + 90 * Math.cos(turn), box.y + box.height / 2 + 90 * Math.sin(turn)];
    // The nearest place that a border takes the hand at.
    let grip: readonly [number, number] | undefined;
    for (let step = 0; step < 40 && !grip; step++) {
      const at = [x + ((step * 7) % 60) - 30, y + ((step * 11) % 60) - 30] as const;
      await page.mouse.move(...at);
      const note = page.locator(".plan-pointer");
      if ((await note.count()) && (await note.innerText()).length > 0) grip = at;
    }
    if (!grip) continue;
    await page.mouse.down();
    for (let event = 1; event <= EVENTS; event++) {
      const [dx, dy] = [event * 0.6 * Math.sin(turn), event * 0.6 * Math.cos(turn)];
      spent.push((await cost(() => page.mouse.move(grip[0] + dx, grip[1] + dy))) - rest);
    }
    await page.mouse.up();
    await page.keyboard.press("Control+z");
  }
  return spent;
}

/**
 * What a drag costs the page's main thread on screen: figures, checks, React and the building of what is drawn. Chromium
 * draws in software here, in a process of its own: that is left out, as a graphics card would do it.
 */
export async function* planDesk(): AsyncIterable<Figure> {
  const dir = await mkdtemp(join(tmpdir(), "jingwei-plan-desk-"));
  const clientDir = join(dir, "client");
  await build({
    root: fileURLToPath(new URL("../../web", import.meta.url)),
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    logLevel: "error",
    mode: "production",
    build: { outDir: clientDir, emptyOutDir: true },
  });
  const dataset = generate(DEMO_PROFILES.zuoyun, "plan-desk", NOW);
  const api = await openTestApi({
    ...{ datasets: [dataset], classes: CLASS_CODES, now: NOW, clientDir, signIn: true },
    environment: { NODE_ENV: "production", JINGWEI_DIR: join(dir, "files") },
  });
  await ensureDemoAccounts(api.database, Date.parse(NOW));
  const origin = await api.listen();
  const browser = await launchChromium();
  try {
    // A community, as planners mostly draw, and the county as a whole: all its cells on one board.
    const community = dataset.areas.find(({ name }) => name === "林河路社区")?.code;
    for (const scope of [community, "140226"]) {
      if (!scope) continue;
      const context = await browser.newContext({ viewport: VIEWPORT });
      await context.request.post(`${origin}/auth/demo`, {
        data: { login: "zuoyun-planner" },
        headers: { origin },
      });
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      await page.addInitScript(timePointer);
      const centre = dataset.areas.find(({ code }) => code === community)?.label ?? [0, 0];
      await page.goto(`${origin}/plan?county=140226&area=${scope}&plan=draft&at=${centre.join(",")},15.5`);
      await page.locator('.plan-map[data-open="true"]').waitFor();
      await page.waitForTimeout(3000);
      const spent = await dragAbout(page);
      const { events, frames } = await page.evaluate(() => (window as unknown as { timed: Timed }).timed);
      const cells = await page.locator('[data-testid="plan-meters"] [data-cell="whole"] h3').innerText();
      const count = Number(/(\d+)/.exec(cells)?.[1] ?? Number.NaN);
      const figure = (name: string, value: number, most?: number): Figure => ({
        bench: "plan-desk",
        name: `${name}, ${count} cells`,
        value: Math.round(value * 100) / 100,
        unit: "ms",
        ...(most === undefined ? {} : { goal: `<= ${most}`, ok: value <= most }),
      });
      yield { ...figure("events timed", events.length), unit: "events" };
      const cpu = { unit: "ms CPU" } as const;
      yield { ...figure("drag: main thread for an event and its frame, p95", quantile(spent, 0.95), 8), ...cpu };
      yield { ...figure("drag: main thread for an event and its frame, median", quantile(spent, 0.5)), ...cpu };
      yield figure("drag: handlers and React, by the clock, p95", quantile(events, 0.95));
      yield figure("drag: handlers and React, by the clock, median", quantile(events, 0.5));
      yield figure("drag: frame's callbacks, by the clock, p95", quantile(frames, 0.95));
      yield figure("drag: frame's callbacks, by the clock, median", quantile(frames, 0.5));
      await context.close();
    }
  } finally {
    await browser.close();
    await api.close();
    await rm(dir, { recursive: true, force: true });
  }
}
