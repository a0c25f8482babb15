import { propose } from "../../data/partition/propose.ts";
import { voronoiBlocks } from "./data/voronoi-blocks.ts";
import type { Figure } from "./figure.ts";

const SIZES = process.env["BENCH_QUICK"] ? [1_000, 10_000] : [1_000, 10_000, 30_000, 100_000];
const OPTIONS = { min: 300, max: 500, target: 400 };
/** Blocks of a community of some 3,000 households. */
const COMMUNITY = 95;

const cpuMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const figure = (name: string, value: number, unit: string, most?: number): Figure => ({
  bench: "propose",
  name,
  value: Math.round(value * 1000) / 1000,
  unit,
  ...(most === undefined ? {} : { goal: `<= ${most}`, ok: value <= most }),
});

/** One community after another (CPU of each call), and cities of growing size made by their seed. */
export function* proposalGrowth(): Generator<Figure> {
  const communities = Array.from({ length: 100 }, (_, i) => voronoiBlocks(COMMUNITY, `propose/community/${i}`));
  for (const graph of communities.slice(0, 20)) propose(graph, { ...OPTIONS, seed: 0, sweeps: 200 });
  const times = communities
    .map((graph) => cpuMs(() => propose(graph, { ...OPTIONS, seed: 1, sweeps: 200 })))
    .sort((a, b) => a - b);
  yield figure("one community of 95 blocks: half of the calls", times[50] as number, "ms CPU");
  yield figure("one community of 95 blocks: 95 of 100 calls", times[94] as number, "ms CPU", 8);
  let perBlock = 0;
  for (const size of SIZES) {
    const graph = voronoiBlocks(size, `propose/city/${size}`);
    const each = Array.from({ length: 3 }, (_, seed) => cpuMs(() => propose(graph, { ...OPTIONS, seed, sweeps: 220 })));
    const ms = Math.min(...each);
    yield {
      ...figure(`${size} blocks by seed: best call`, ms, "ms CPU", size === 100_000 ? 10_000 : undefined),
      series: "proposal",
      x: size,
    };
    const now = (1000 * ms) / size;
    if (size > 10_000) yield figure(`${size} blocks by seed: time of a block against 10,000`, now / perBlock, "×", 1.5);
    else perBlock = now;
  }
}
