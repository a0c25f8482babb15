import { Prng } from "../demo/prng.ts";
import { anneal } from "./anneal.ts";
import { bisect } from "./bisect.ts";
import type { BlockGraph } from "./block-graph.ts";
import { checkGraph, checkOptions } from "./check-input.ts";
import { continueIds } from "./continue-ids.ts";
import { energyTerms, partSums } from "./energy.ts";
import { joinFragments } from "./join-fragments.ts";
import { baseLevel, ENERGY_UNIT } from "./level.ts";
import { loadOf } from "./objectives.ts";
import { piecesOf, targetOf } from "./pieces.ts";
import { figuresOfParts, figuresOfPlan } from "./plan-figures.ts";
import type { Proposal, ProposeOptions } from "./proposal.ts";

/**
 * A division of the blocks into grids of `min` to `max` households, in one piece each, with short borders and even loads.
 * Same graph, options and seed: the same bytes in every engine (+ − × ÷, sqrt and integers only, no clock).
 * @throws USER error for options that contradict themselves, DATA error for a graph at fault
 */
export function propose(graph: BlockGraph, options: ProposeOptions): Proposal {
  checkOptions(options);
  checkGraph(graph);
  const load = loadOf(graph, options.objective);
  const pieces = piecesOf(graph, options);
  const first = bisect(graph, pieces);
  const level = baseLevel(graph, pieces, first.order, load);
  for (let i = 0; i < level.count; i++) level.part[i] = first.part[first.order[i] as number] as number;
  joinFragments(level);
  const sums = partSums(level, first.parts + 16);
  const target = targetOf(options);
  const terms = energyTerms(
    { min: options.min, max: options.max, target, loadTarget: target },
    { balance: 2, out: 0.6, excess: 4, leastChange: 0 },
  );
  const e1 = ENERGY_UNIT / (4 * Math.sqrt(Math.max(1, level.count / Math.max(1, first.parts))));
  const labels = (): Int32Array => {
    const part = new Int32Array(graph.count).fill(-1);
    for (let i = 0; i < level.count; i++) part[level.blockOf[i] as number] = level.part[i] as number;
    let next = sums.capacity;
    for (let v = 0; v < graph.count; v++) if (part[v] === -1) part[v] = next++;
    return continueIds(part, graph.households, graph.current);
  };
  let done = 0;
  let stopped = false;
  anneal({
    level,
    sums,
    terms,
    cooling: { hot: 2.8 * e1, cold: 0.11 * e1, sweeps: options.sweeps },
    fewestParts: 1,
    random: { state: new Prng(`propose/${options.seed}`).uint32() | 1 },
    onSweep: () => {
      done++;
      if (!options.onProgress || done % 20) return true;
      stopped = !options.onProgress({ done: done / options.sweeps, sweeps: done, part: labels });
      return !stopped;
    },
  });
  const part = labels();
  const parts = figuresOfParts(graph, part, load, options);
  return {
    part,
    parts,
    figures: figuresOfPlan(graph, part, parts, options, { sweeps: done, stopped }),
    moves: [],
    unmet: [],
  };
}
