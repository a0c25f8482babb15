import type { Page } from "playwright-core";
import { SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import type { Figure } from "./figure.ts";
import { CASES_SEED, syntheticCases } from "./wall/cases.ts";
import { median, percentile } from "./wall/measure.ts";
import { idle, type Opening, type OpenWall, openPeer } from "./wall/open-wall.ts";
import { keplerFigures, openInTurn } from "./wall/openings.ts";
import type { WallServer } from "./wall/server.ts";
import { startWallBench, type WallBench } from "./wall/wall-bench.ts";

/** `WALL_ROWS=10000,100000` for a shorter run. */
const SIZES = (process.env["WALL_ROWS"] ?? "10000,100000,1000000,10000000").split(",").map(Number);
const ROUNDS = 9;
/** A change of filters is over in a millisecond or two: it takes more rounds to tell. */
const HELD_ROUNDS = 25;
/** How long frames are held back around it, ms. */
const HOLD_MS = 30;
/** The other clients hold every case: beyond this they do not open. */
const MOST_FOR_PEERS = 1_000_000;
/** How much longer ten times as many cases may take to open (issue 4). */
const MOST_GROWTH = 1.5;

/** A figure that a growth curve is drawn of. */
const grown = (rows: number, series: string, name: string, value: number, unit: string): Figure => ({
  ...figure(rows, name, value, unit),
  series,
  x: rows,
});

const figure = (rows: number, name: string, value: number, unit: string, goal?: number): Figure => ({
  bench: "wall",
  name: `${rows.toLocaleString("en")}: ${name}`,
  value: Math.round(value * 100) / 100,
  unit,
  ...(goal === undefined ? {} : { goal: `<= ${goal}`, ok: value <= goal }),
});

type Turn = "repaint" | "scrub" | "pan";

/** Turns something in the page and waits until the map has drawn the next frame. */
const drawn = (page: Page, turn: Turn, round: number): Promise<void> =>
  page.evaluate(
    ([what, n]) =>
      new Promise<void>((done) => {
        const { engine, live, plane } = window.__jingweiBench;
        const { map } = engine();
        const { asOf } = plane.getState();
        map.once("render", () => done());
        if (what === "repaint") map.triggerRepaint();
        else if (what === "pan") map.panBy([n % 2 ? 60 : -60, 0], { animate: false });
        else if (what === "scrub") {
          const to = asOf - (n % 10) * 86_400;
          live({ from: to - 7 * 86_400, to });
        }
      }),
    [turn, round] as const,
  );

/** Main-thread CPU of one kind of change, median of rounds, each with a frame. */
async function costs({ page, meter }: OpenWall, turn: Turn): Promise<number> {
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round++) found.push(await meter.cost(() => drawn(page, turn, round)));
  return median(found);
}

/**
 * Changes the filters (nothing where `round` is undefined) while no frame may begin, so that what the page does at once can
 * be told from the drawing: state, React with its effects, what the map and the worker are told. The held frames follow.
 *
 * @returns what it took by the clock, ms: on two cores that draw in software, more than the thread's own work
 */
const changeFilters = (page: Page, round: number | undefined): Promise<number> =>
  page.evaluate(
    async ([n, hold]) => {
      const { plane } = window.__jingweiBench;
      const frame = window.requestAnimationFrame;
      const held: FrameRequestCallback[] = [];
      window.requestAnimationFrame = (callback) => held.push(callback);
      const began = performance.now();
      if (n !== undefined)
        window.__jingweiView.getState().setFilters({
          classes: [["06", "09", "01", "10"][n % 4] as string],
          from: plane.getState().asOf - (20 + n) * 86_400,
        });
      // React renders what a store's change asks for, with its effects, before the next task.
      await Promise.resolve();
      await Promise.resolve();
      const took = performance.now() - began;
      // A task of its own: it is no part of what is measured.
      setTimeout(() => {
        window.requestAnimationFrame = frame;
        for (const callback of held) frame(callback);
      }, hold);
      return took;
    },
    [round, HOLD_MS] as const,
  );

/** What a change of filters holds the main thread for: its CPU at once, by the clock, and the drawing of cases after it, ms. */
async function heldBy({ page, meter }: OpenWall): Promise<{ cpu: number; clock: number; draw: number }> {
  const [nothing, change, clock, draw]: number[][] = [[], [], [], []];
  await idle(page);
  for (let round = 0; round < HELD_ROUNDS; round++) {
    const released = async (): Promise<void> => {
      await page.waitForTimeout(2 * HOLD_MS);
      await idle(page);
    };
    nothing?.push(await meter.cost(() => changeFilters(page, undefined)));
    await released();
    change?.push(await meter.cost(async () => clock?.push(await changeFilters(page, round))));
    await released();
    draw?.push(await page.evaluate(() => window.__jingweiBench.stats.drawMs));
  }
  const [none, one, byClock, drawn] = [nothing, change, clock, draw].map((values) => median(values ?? []));
  return { cpu: (one ?? Number.NaN) - (none ?? Number.NaN), clock: byClock ?? Number.NaN, draw: drawn ?? Number.NaN };
}

/** A filter of the page: until the map has it, until every answer is on screen. */
async function* filterFigures(rows: number, wall: OpenWall, server: WallServer): AsyncIterable<Figure> {
  const { page, meter } = wall;
  const first = await heldBy(wall);
  const whole: number[] = [];
  const answered: number[] = [];
  const known = new Set(server.sent.map(({ path }) => path));
  const asked = server.sent.length;
  for (let round = 0; round < ROUNDS; round++) {
    await idle(page);
    const before = await meter.read();
    const waited = await page.evaluate(async (n) => {
      const { answers } = window.__jingweiBench;
      const began = performance.now();
      window.__jingweiView.getState().setFilters({ sources: [n % 9, (n + 1) % 9] });
      while (answers.getState().waiting) await new Promise((done) => setTimeout(done, 1));
      return performance.now() - began;
    }, round);
    answered.push(waited);
    await idle(page);
    whole.push((await meter.read()).taskMs - before.taskMs);
  }
  // What was asked before is asked again every 30 s, whatever one does: only other questions count.
  const requests = server.sent.slice(asked).filter(({ path }) => !known.has(path)).length;
  yield figure(
    rows,
    "filter change, main thread held (CPU at once, and the cases drawn)",
    first.cpu + first.draw,
    "ms",
    4,
  );
  yield figure(rows, "filter change, at once, by the clock", first.clock, "ms");
  yield figure(rows, "filter change, main-thread CPU until all is on screen, frames included", median(whole), "ms");
  yield figure(rows, "filter change, answers on screen, p95", percentile(answered, 0.95), "ms", 100);
  yield figure(rows, "requests by filter changes", requests, "requests", 0);
}

async function* ours(rows: number, bench: WallBench): AsyncIterable<Figure> {
  const openings = await openInTurn(bench, SMALL_TOWN, rows, rows <= MOST_FOR_PEERS && bench.noKepler === undefined);
  const { ours: opening, wall } = openings;
  const { page } = wall;
  try {
    yield figure(rows, "bytes that the first picture needs, page and data", opening.firstBytes / 1e6, "MB", 1.5);
    yield figure(rows, "bytes that the first picture needs, cases", opening.firstCaseBytes / 1e6, "MB");
    yield grown(rows, "first picture", "time to the first picture", opening.firstMs, "ms");
    yield grown(rows, "its CPU", "main-thread CPU to the first picture", opening.firstCpuMs, "ms");
    yield grown(rows, "last slab", "time to the last slab", opening.lastMs, "ms");
    yield grown(rows, "CPU to the last slab", "main-thread CPU to the last slab", opening.lastCpuMs, "ms");
    yield figure(rows, "bytes to the last slab", opening.lastBytes / 1e6, "MB");
    yield grown(rows, "heap", "heap of the main thread", opening.heap / 1e6, "MB");
    yield figure(
      rows,
      "buffers on the GPU",
      (await page.evaluate(() => window.__jingweiBench.stats.gpuBytes)) / 1e6,
      "MB",
    );
    const still = await costs(wall, "repaint");
    yield figure(rows, "plain repaint of the map, main-thread CPU", still, "ms");
    const scrub = await costs(wall, "scrub");
    yield figure(
      rows,
      "window scrub step, main-thread CPU beyond a plain repaint",
      Math.max(0, scrub - still),
      "ms",
      4,
    );
    await page.evaluate(() => window.__jingweiBench.live(undefined));
    yield* filterFigures(rows, wall, bench.server);
    yield figure(rows, "pan, main-thread CPU of a step", await costs(wall, "pan"), "ms");
    await idle(page);
    yield* playback(rows, wall);
    yield* keplerFigures(openings, (name, value, unit) => figure(rows, name, value, unit), rows >= 1_000_000);
    refreshed.set(rows, Math.max(scrub, 0.01));
    opened.set(rows, opening);
  } finally {
    await wall.close();
  }
}

/** Two seconds of playback: what a frame costs with everything that follows it. */
async function* playback(rows: number, { page, meter }: OpenWall): AsyncIterable<Figure> {
  await page.locator(".time-play").click();
  const frames = await page.evaluate(() => window.__jingweiBench.stats.frames);
  const cost = await meter.cost(() => page.waitForTimeout(2000));
  const more = (await page.evaluate(() => window.__jingweiBench.stats.frames)) - frames;
  await page.locator(".time-play").click();
  yield figure(rows, `playback, main-thread CPU per frame (${more} frames in 2 s)`, cost / Math.max(1, more), "ms");
}

const refreshed = new Map<number, number>();
const opened = new Map<number, Opening>();
async function* peer(rows: number, bench: WallBench): AsyncIterable<Figure> {
  const page = await openPeer(bench.browser, bench.server, rows);
  try {
    const found: number[] = [];
    for (let round = 0; round < 5; round++) {
      const cost = page.meter.cost(async () => {
        await page.page.evaluate((n) => {
          const [from, to] = window.__peerSpan;
          window.__peerShow(from + n * 86_400, to, "");
        }, round);
        await page.page.waitForFunction(() => window.__peerDrawn > 0, undefined, { polling: 20 });
      });
      found.push(await cost);
    }
    const cost = median(found);
    yield figure(rows, "objects: main-thread CPU to open", page.opening.lastCpuMs, "ms");
    yield figure(rows, "objects: bytes", page.opening.lastBytes / 1e6, "MB");
    yield figure(rows, "objects: heap", page.opening.heap / 1e6, "MB");
    yield figure(rows, "objects: main-thread CPU to refresh", cost, "ms");
    const ratio = cost / (refreshed.get(rows) ?? Number.NaN);
    yield {
      bench: "wall",
      name: `${rows.toLocaleString("en")}: refresh, objects over ours (frame included on both sides)`,
      value: Math.round(ratio * 10) / 10,
      unit: "×",
      ...(rows >= 1_000_000 ? { goal: ">= 20", ok: ratio >= 20 } : {}),
    };
  } finally {
    await page.close();
  }
}

/** What the largest size takes to open against a tenth of it. */
function* growth(): Iterable<Figure> {
  const [most, less] = [SIZES.at(-1) ?? 0, SIZES.at(-2) ?? 0];
  const [large, small] = [opened.get(most), opened.get(less)];
  if (!large || !small) return;
  for (const [what, ratio] of [
    ["time to the first picture", large.firstMs / small.firstMs],
    ["main-thread CPU to the first picture", large.firstCpuMs / small.firstCpuMs],
  ] as const)
    yield {
      bench: "wall",
      name: `${what}, ${most.toLocaleString("en")} cases over ${less.toLocaleString("en")}`,
      value: Math.round(ratio * 100) / 100,
      unit: "×",
      goal: `<= ${MOST_GROWTH}`,
      ok: ratio <= MOST_GROWTH,
    };
}

/** The wall's figures by number of cases: ours, the client that keeps an object per case, and kepler.gl. */
export async function* wall(): AsyncIterable<Figure> {
  const bench = await startWallBench();
  try {
    if (bench.noKepler !== undefined)
      yield { bench: "wall", name: `left out: ${bench.noKepler}`, value: 0, unit: "ratio" };
    for (const rows of SIZES) {
      bench.server.serve(syntheticCases(rows, CASES_SEED, bench.lowest, SMALL_TOWN_AS_OF / 1000));
      yield* ours(rows, bench);
      if (rows > MOST_FOR_PEERS) continue;
      yield* peer(rows, bench);
    }
    yield* growth();
  } finally {
    await bench.close();
  }
}
