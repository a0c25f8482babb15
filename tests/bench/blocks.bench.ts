import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build, type Rollup } from "vite";
import { generateGeography } from "../../data/demo/geography/generate-geography.ts";
import { Prng } from "../../data/demo/prng.ts";
import { DEMO_SLUGS, type DemoSlug } from "../../data/demo/profile.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { chromiumPath, launchChromium } from "../helpers/browser.ts";
import { divideCounty } from "../helpers/divided-county.ts";
import { arterials } from "./arterials-picture.ts";
import { blocksFile } from "./blocks-file.ts";
import type { Figure } from "./figure.ts";

const INSTANCES = process.env["BENCH_PLAN_INSTANCES"] ?? "../shared/plan-instances";
const QUICK = Boolean(process.env["BENCH_QUICK"]);
const RUNS = QUICK ? 3 : 7;
/** Whole demo counties are a minute of their own. */
const COUNTIES: readonly DemoSlug[] = QUICK ? ["jinta"] : DEMO_SLUGS;
const NODE_RUN = fileURLToPath(new URL("blocks-in-node.ts", import.meta.url));
const WORKER = fileURLToPath(new URL("blocks-worker.ts", import.meta.url));

/**
 * From 10,000 polygons on disk to a proposal: in Node by the command's own steps, each run in a fresh process (CPU time), and
 * in Chromium in a fresh worker with the picture drawn (time on the clock, from asking for the file to the frame after).
 */
export async function* blocks(): AsyncIterable<Figure> {
  yield* arterials();
  for (const anew of [false, true]) for (const slug of COUNTIES) yield* demoCounty(slug, anew);
  const instance = join(INSTANCES, "syn-v-10000.json");
  if (!existsSync(instance)) {
    console.error(`blocks: left out, ${instance} is not there`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "jingwei-bench-blocks-"));
  try {
    const file = join(folder, "blocks.geojson");
    writeFileSync(file, blocksFile(instance));
    yield* inNode(file);
    if (chromiumPath() === undefined) console.error("blocks: no Chromium, the browser's figures are left out");
    else yield* inBrowser(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A whole demo county by the desk's steps: what must hold of its compounds and of walking in its grids. */
function* demoCounty(slug: DemoSlug, anew: boolean): Generator<Figure> {
  const profile = DEMO_PROFILES[slug];
  const { county } = profile.profile;
  const geography = generateGeography(profile, new Prng(`${county}/jingwei/geography`));
  const { figures, units, compounds, split, apart } = divideCounty(geography, county, anew);
  const of = `${slug}, ${anew ? "anew by its streets" : "from its grids"}`;
  const none = (name: string, value: number, unit: string): Figure => ({
    ...{ bench: "blocks", name: `${of}: ${name}`, value, unit },
    ...{ goal: "<= 0", ok: value === 0 },
  });
  yield { bench: "blocks", name: `${of}: grids, of ${units} units`, value: figures.parts, unit: "grids" };
  yield none(`compounds up to a grid's households that are split, of ${compounds}`, split.length, "compounds");
  yield none("grids that must be left to walk through them", apart.length, "grids");
  yield none("grids in pieces", figures.inPieces, "grids");
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const figure = (name: string, value: number, unit: string, most?: number): Figure => ({
  bench: "blocks",
  name: `10,000 polygons: ${name}`,
  value: Math.round(value),
  unit,
  ...(most === undefined ? {} : { goal: `<= ${most}`, ok: value <= most }),
});

interface NodeRun {
  readonly graphCpu: number;
  readonly graphWall: number;
  readonly allCpu: number;
  readonly allWall: number;
  readonly borders: number;
  readonly avoidable: number;
}

function* inNode(file: string): Generator<Figure> {
  const runs = Array.from(
    { length: RUNS },
    () =>
      JSON.parse(execFileSync(process.execPath, ["--import", "tsx", NODE_RUN, file], { encoding: "utf8" })) as NodeRun,
  );
  const middle = (of: (run: NodeRun) => number): number => median(runs.map(of));
  yield figure(
    "from disk to graph, cold process",
    middle((run) => run.graphCpu),
    "ms CPU",
  );
  yield figure(
    "from disk to graph, cold process, on the clock",
    middle((run) => run.graphWall),
    "ms",
  );
  yield figure(
    "from disk to proposal, cold process",
    middle((run) => run.allCpu),
    "ms CPU",
    1500,
  );
  yield figure(
    "from disk to proposal, cold process, on the clock",
    middle((run) => run.allWall),
    "ms",
  );
  yield figure(
    "pairs of neighbours",
    middle((run) => run.borders),
    "borders",
  );
  yield figure(
    "grids out of range that need not be",
    middle((run) => run.avoidable),
    "grids",
    0,
  );
}

/** Where the bench's page stands; nothing of it leaves the machine. */
const ORIGIN = "http://bench.invalid";

async function* inBrowser(file: string): AsyncGenerator<Figure> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, target: "es2022", lib: { entry: WORKER, formats: ["iife"], name: "blocks" } },
  });
  const [bundle] = [built].flat() as Rollup.RollupOutput[];
  const bodies: Readonly<Record<string, readonly [body: string | Buffer, contentType: string]>> = {
    "/": ["<!doctype html><canvas id=map width=1366 height=768></canvas>", "text/html"],
    "/worker.js": [bundle?.output[0].code ?? "", "text/javascript"],
    "/blocks.geojson": [readFileSync(file), "application/geo+json"],
  };
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.route(`${ORIGIN}/**`, (route) => {
      const [body, contentType] = bodies[new URL(route.request().url()).pathname] ?? ["", "text/plain"];
      return route.fulfill({ body, contentType });
    });
    await page.goto(`${ORIGIN}/`);
    const runs: BrowserRun[] = [];
    for (let n = 0; n < RUNS; n++) runs.push(await onScreen(page));
    const all = runs.map(({ total }) => total);
    yield figure("from file to proposal on screen, first in the browser, on the clock", all[0] as number, "ms", 1500);
    yield figure("from file to proposal on screen, fresh worker, on the clock", median(all), "ms", 1500);
    yield figure("of which dividing", median(runs.map(({ proposeMs }) => proposeMs)), "ms");
    yield figure("of which drawing", median(runs.map(({ drawMs }) => drawMs)), "ms");
  } finally {
    await browser.close();
  }
}

interface BrowserRun {
  readonly total: number;
  readonly proposeMs: number;
  readonly drawMs: number;
}

/** One run in the page: fetch, worker, picture, until the frame after it. */
const onScreen = (page: Page): Promise<BrowserRun> =>
  page.evaluate(async () => {
    const began = performance.now();
    const worker = new Worker("/worker.js");
    const bytes = new Uint8Array(await (await fetch("/blocks.geojson")).arrayBuffer());
    const told = await new Promise<{ grounds: number[][][][][]; part: Int32Array; proposeMs: number }>(
      (resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(bytes, [bytes.buffer]);
      },
    );
    const answered = performance.now();
    worker.terminate();
    const context = (document.getElementById("map") as HTMLCanvasElement).getContext("2d");
    // No function may have a name here: the loader would mark it by a helper that the page lacks.
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [lon = 0, lat = 0] of told.grounds.flat(3)) {
      [west, east] = [Math.min(west, lon), Math.max(east, lon)];
      [south, north] = [Math.min(south, lat), Math.max(north, lat)];
    }
    const scale = Math.min(1366 / (east - west), 768 / (north - south));
    told.grounds.forEach((polygons, block) => {
      context?.beginPath();
      for (const ring of polygons.flat())
        ring.forEach(([lon = 0, lat = 0], n) => {
          if (n === 0) context?.moveTo((lon - west) * scale, (north - lat) * scale);
          else context?.lineTo((lon - west) * scale, (north - lat) * scale);
        });
      if (context) context.fillStyle = `hsl(${((told.part[block] ?? 0) * 47) % 360} 50% 60%)`;
      context?.fill("evenodd");
    });
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const ended = performance.now();
    return { total: ended - began, proposeMs: told.proposeMs, drawMs: ended - answered };
  });
