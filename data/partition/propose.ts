import { Prng } from "../demo/prng.ts";
import { bisect } from "./bisect.ts";
import type { BlockGraph } from "./block-graph.ts";
import { checkGraph, checkOptions } from "./check-input.ts";
import { continueIds } from "./continue-ids.ts";
import { joinFragments } from "./join-fragments.ts";
import { type BaseLevel, baseLevel } from "./level.ts";
import { loadOf } from "./objectives.ts";
import { LUMPS_PER_GRID, type Pieces, piecesOf, targetOf } from "./pieces.ts";
import { placeFixed } from "./place-fixed.ts";
import { figuresOfParts, figuresOfPlan } from "./plan-figures.ts";
import type { Proposal, ProposeOptions } from "./proposal.ts";
import { reasonsOf } from "./reasons.ts";
import { Search } from "./search.ts";
import { settlePieces } from "./settle-pieces.ts";
import { unmetOf } from "./unmet.ts";
import { freezeGood, startFromToday } from "./warm-start.ts";

/** Share of the wanted number of grids that may go missing when grids join: fewer, larger grids always have less border. */
const FEWEST_SHARE = 0.99;
/** Where a grid has few blocks, how many grids there are is for the blocks to say: as many as fit. */
const FEWEST_SHARE_OF_LUMPS = 0.92;
/** `onProgress` is asked after so many visits of blocks, a few milliseconds. */
const VISITS_BETWEEN_REPORTS = 200_000;
/** Steps from a grid out of range to grids that may change with it, tried one after another. */
const MOST_STEPS = 4;

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
  const keeping = graph.current !== undefined && ((options.leastChange ?? 0) > 0 || options.onlyBad === true);
  if (keeping) startFromToday(graph, level, first.part);
  else {
    for (let i = 0; i < level.count; i++) level.part[i] = first.part[first.order[i] as number] as number;
    joinFragments(level);
  }
  const labels = (): Int32Array => namedParts(graph, level, pieces, options.min);
  let sweeps = 0;
  let stopped = false;
  let visits = 0;
  const onSweep = (): boolean => {
    sweeps++;
    visits += level.count;
    if (!options.onProgress || visits < VISITS_BETWEEN_REPORTS) return true;
    visits = 0;
    stopped = !options.onProgress({ done: Math.min(1, sweeps / (options.sweeps + 1)), sweeps, part: labels });
    return !stopped;
  };
  const range = {
    min: options.min,
    max: options.max,
    target: targetOf(options),
    loadTarget: loadTarget(level, pieces),
  };
  const random = { state: new Prng(`propose/${options.seed}`).uint32() | 1 };
  const search = new Search(level, range, fewestParts(pieces), random, onSweep);
  const balance = options.objective?.balance ?? 1;
  if (keeping) keepToday(search, options, balance, () => stopped);
  else search.fresh(options.sweeps, balance);
  const settled = stopped ? new Map() : settlePieces(level, search.sums, pieces, options);
  const part = labels();
  const parts = figuresOfParts(graph, part, load, options);
  return {
    part,
    parts,
    figures: figuresOfPlan(graph, part, parts, options, { sweeps, stopped }),
    moves: reasonsOf(graph, part, options),
    unmet: unmetOf(graph, pieces, part, settled, options),
  };
}

function keepToday(search: Search, options: ProposeOptions, balance: number, stopped: () => boolean): void {
  const leastChange = options.leastChange ?? 1;
  if (!options.onlyBad) {
    search.keep(options.sweeps, balance, leastChange, undefined);
    return;
  }
  for (let steps = 1; steps <= MOST_STEPS && search.outOfRange > 0 && !stopped(); steps++) {
    const frozen = freezeGood(search.level, search.sums, options, steps);
    search.mend(steps === 1 ? options.sweeps : options.sweeps >> 1, leastChange, frozen, steps === 1);
  }
}

function fewestParts({ pieces }: Pieces): number {
  return pieces.reduce((sum, { blocks, fewest, parts }) => {
    const share = blocks.length < LUMPS_PER_GRID * parts ? FEWEST_SHARE_OF_LUMPS : FEWEST_SHARE;
    return sum + Math.min(parts, Math.max(fewest, Math.ceil(share * parts)));
  }, 0);
}

/** Mean load of the grids to make. */
function loadTarget(level: BaseLevel, { pieces }: Pieces): number {
  const parts = pieces.reduce((sum, piece) => sum + piece.parts, 0);
  const total = level.load.reduce((sum, load) => sum + load, 0);
  return Math.max(1, total / Math.max(1, parts));
}

/** Grid of each block: free ones as searched, then blocks that stand alone, enclaves and grids that stay. */
function namedParts(graph: BlockGraph, level: BaseLevel, pieces: Pieces, min: number): Int32Array {
  const part = new Int32Array(graph.count).fill(-1);
  for (let i = 0; i < level.count; i++) part[level.blockOf[i] as number] = level.part[i] as number;
  placeFixed(graph, pieces, part, min, level.count + 1);
  return graph.current ? continueIds(part, graph.households, graph.current) : part;
}
