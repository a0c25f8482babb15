import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { ensureDemoAccounts } from "../../api/auth/demo-accounts.ts";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { openTestApi } from "../helpers/api.ts";
import { launchChromium } from "../helpers/browser.ts";
import { type DragCost, dragBorders, prepareDrag } from "./desk-drag.ts";
import type { Figure } from "./figure.ts";

const NOW = "2026-01-15T10:30:00+08:00";
const VIEWPORT = { width: 1366, height: 768 };
const GESTURES = 14;
const EVENTS = 24;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const PARTS: Readonly<Record<keyof DragCost, string>> = {
  event: "listeners, figures, checks, React",
  attributes: "attributes of what is drawn",
  layout: "style, layout, paint of the page",
  drawing: "drawing calls of the map (not in the goal)",
};

/**
 * What a pointer event of a drag costs the page's main thread on screen, by its processor time in Chromium's own trace. In the goal:
 * all listeners with meters, checks and React, deck.gl's attributes, and the page's style, layout and paint. Beside it: the map's
 * drawing calls, which each frame costs whatever has changed. Not there: Chromium's software renderer, in a process of its own.
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
      await prepareDrag(page);
      const centre = dataset.areas.find(({ code }) => code === community)?.label ?? [0, 0];
      await page.goto(`${origin}/plan?county=140226&area=${scope}&plan=draft&at=${centre.join(",")},15.5`);
      await page.locator('.plan-map[data-open="true"]').waitFor();
      await page.waitForTimeout(3000);
      const costs = await dragBorders(page, GESTURES, EVENTS);
      const cells = await page.locator('[data-testid="plan-meters"] [data-cell="whole"] h3').textContent();
      const count = Number(/(\d+)/.exec(cells ?? "")?.[1] ?? Number.NaN);
      const figure = (name: string, value: number, most?: number): Figure => ({
        bench: "plan-desk",
        name: `${name}, ${count} cells`,
        value: Math.round(value * 100) / 100,
        unit: "ms CPU",
        ...(most === undefined ? {} : { goal: `<= ${most}`, ok: value <= most }),
      });
      yield { ...figure("drag: events", costs.length), unit: "events" };
      const own = costs.map(({ event, attributes, layout }) => event + attributes + layout);
      yield figure("drag: main thread for a pointer event, p95", quantile(own, 0.95), 8);
      yield figure("drag: main thread for a pointer event, median", quantile(own, 0.5));
      for (const part of ["event", "attributes", "layout", "drawing"] as const) {
        const values = costs.map((cost) => cost[part]);
        yield figure(`drag: ${PARTS[part]}, p95`, quantile(values, 0.95));
        yield figure(`drag: ${PARTS[part]}, median`, quantile(values, 0.5));
      }
      await context.close();
    }
  } finally {
    await browser.close();
    await api.close();
    await rm(dir, { recursive: true, force: true });
  }
}
