import { readBlocks } from "../../api/services/planning/read-blocks.ts";
import { blocksToGraph } from "../../data/blocks/blocks-to-graph.ts";
import { propose } from "../../data/partition/propose.ts";

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** One cold run in a process of its own: from a file on disk to the graph, and on to a proposal. Prints JSON. */
const [file = ""] = process.argv.slice(2);
const [cpu, wall] = [cpuMs(), performance.now()];
const { blocks } = await readBlocks(file, undefined, {
  households: "households",
  current: undefined,
  within: undefined,
});
const { graph } = blocksToGraph({
  grounds: blocks.map(({ ground }) => ground),
  nameOf: (block) => blocks[block]?.at ?? "",
  households: Int32Array.from(blocks, ({ households }) => households),
});
const graphCpu = cpuMs() - cpu;
const graphWall = performance.now() - wall;
const { figures } = propose(graph, { min: 300, max: 500, seed: 1, sweeps: 500 });
console.log(
  JSON.stringify({
    graphCpu,
    graphWall,
    allCpu: cpuMs() - cpu,
    allWall: performance.now() - wall,
    borders: graph.neighbours.length / 2,
    parts: figures.parts,
    avoidable: figures.avoidable,
  }),
);
