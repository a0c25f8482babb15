import { SMALL_TOWN, SMALL_TOWN_AS_OF } from "../fixtures/small-town.ts";
import type { Figure } from "./figure.ts";
import { syntheticCases } from "./wall/cases.ts";
import { openWall } from "./wall/open-wall.ts";
import { startWallBench } from "./wall/wall-bench.ts";

/** The full form is an hour: `WALL_SOAK_SECONDS=3600`. */
const SECONDS = Number(process.env["WALL_SOAK_SECONDS"] ?? 120);
const ROWS = Number(process.env["WALL_ROWS"] ?? 100_000);
const SEED = 20_260_116;
const CHANGES_PER_SECOND = 50;
/** Changes are told as the client's feed tells them: gathered for a moment. */
const GATHER_MS = 300;
/** The heap is not looked at before: code is compiled, caches fill. */
const WARM_UP_SHARE = 0.25;
const READINGS = 16;
/** Bytes of heap an hour that count as flat: 1 MB is a day's 24, which a screen that is loaded anew each night can bear. */
const FLAT_MB_PER_HOUR = 5;

/** Slope of the least-squares line through points. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return over / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}

const figure = (name: string, value: number, unit: string, goal?: number): Figure => ({
  bench: "wall-soak",
  name,
  value: Math.round(value * 100) / 100,
  unit,
  ...(goal === undefined ? {} : { goal: `<= ${goal}`, ok: value <= goal }),
});

/** A page left open under live changes: what it holds must not grow. */
export async function* wallSoak(): AsyncIterable<Figure> {
  const bench = await startWallBench();
  try {
    const { server, lowest } = bench;
    server.serve(syntheticCases(ROWS, SEED, lowest, SMALL_TOWN_AS_OF / 1000));
    const { page, meter } = await openWall(bench.browser, server, SMALL_TOWN, ROWS);
    await page.evaluate(() => window.__jingweiView.getState().setFilters({ withClosed: true }));
    const began = performance.now();
    const cpu = (await meter.read()).taskMs;
    const heaps: [number, number][] = [];
    const nodes: [number, number][] = [];
    let told = 0;
    let next = 0;
    for (let passed = 0; passed < SECONDS; passed = (performance.now() - began) / 1000) {
      const due = Math.floor(passed * CHANGES_PER_SECOND);
      if (due > told) {
        const refs = server.change(due - told);
        await page.evaluate((numbers) => window.__jingweiBench.changed(numbers), refs);
        told = due;
      }
      if (passed >= SECONDS * (WARM_UP_SHARE + ((1 - WARM_UP_SHARE) * next) / READINGS)) {
        next++;
        const reading = await meter.settled();
        heaps.push([passed / 3600, reading.heap / 1e6]);
        nodes.push([passed / 3600, reading.nodes]);
      }
      await page.waitForTimeout(GATHER_MS);
    }
    const { lost, written, loaded } = await page.evaluate(() => {
      const { stats, plane, lost } = window.__jingweiBench;
      return { lost: lost(), written: stats.gpuWritten, loaded: plane.getState().loaded };
    });
    const spent = (await meter.read()).taskMs - cpu;
    yield figure("seconds", SECONDS, "s");
    yield figure("changes told", told, "changes");
    yield figure("cases on the page at the end", loaded, "cases");
    yield figure("heap at the end", heaps.at(-1)?.[1] ?? Number.NaN, "MB");
    yield figure("heap slope after warm-up", slope(heaps), "MB/h", FLAT_MB_PER_HOUR);
    yield figure("DOM nodes, slope after warm-up", slope(nodes), "nodes/h", 60);
    yield figure("written to the GPU per change", written / Math.max(1, told) / 1000, "kB");
    yield figure("main-thread CPU per second", spent / SECONDS, "ms");
    yield figure("graphics contexts lost", lost, "contexts", 0);
  } finally {
    await bench.close();
  }
}
