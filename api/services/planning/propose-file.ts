import { type BlocksToDivide, blocksToGraph } from "../../../data/blocks/blocks-to-graph.ts";
import type { SkipGroup } from "../../../data/importers/report.ts";
import type { BlockGraph } from "../../../data/partition/block-graph.ts";
import type { Proposal } from "../../../data/partition/proposal.ts";
import { propose } from "../../../data/partition/propose.ts";
import { type BlockColumns, type ReadBlock, readBlocks } from "./read-blocks.ts";
import { readBorderLines } from "./read-border-lines.ts";

export interface ProposeRequest extends BlockColumns {
  /** Path of the blocks. */
  readonly file: string;
  readonly crs: string | undefined;
  readonly min: number;
  readonly max: number;
  readonly seed: number;
  readonly sweeps: number;
  /** What a moved grid's worth of households costs (`ProposeOptions.leastChange`). */
  readonly leastChange: number;
  /** Paths of roads, rivers and railways. */
  readonly barriers: readonly string[];
  /** Widest strip between blocks, metres. */
  readonly gapM: number | undefined;
}

/** A division of a file's blocks. */
export interface ProposedFile {
  readonly blocks: readonly ReadBlock[];
  readonly graph: BlockGraph;
  readonly proposal: Proposal;
  /** Names of the grids of today, by their number. */
  readonly currentNames: readonly string[];
  readonly crs: string;
  readonly skipped: readonly SkipGroup[];
  readonly fields: readonly string[];
  readonly repairs: ReturnType<typeof blocksToGraph>["repairs"];
  readonly bridged: number;
  readonly islands: readonly number[];
}

/**
 * Divides the blocks of a file into grids.
 *
 * @throws AppError naming the file, column or block at fault
 */
export async function proposeFile(request: ProposeRequest): Promise<ProposedFile> {
  const read = await readBlocks(request.file, request.crs, request);
  const lines = await readBorderLines(request.barriers, request.crs);
  return { ...read, ...divide(read.blocks, request, lines) };
}

/** Divides blocks that are read. */
export function divide(
  blocks: readonly ReadBlock[],
  {
    min,
    max,
    seed,
    sweeps,
    leastChange,
    gapM,
  }: Pick<ProposeRequest, "min" | "max" | "seed" | "sweeps" | "leastChange" | "gapM">,
  lines: BlocksToDivide["lines"] = [],
): Pick<ProposedFile, "graph" | "proposal" | "currentNames" | "repairs" | "bridged" | "islands"> {
  const current = numbersOf(blocks.map((block) => block.current));
  const within = numbersOf(blocks.map((block) => block.within));
  const points = blocks.flatMap(({ point }) => (point ? [point] : []));
  const divided = blocksToGraph({
    grounds: points.length > 0 ? { points } : blocks.map(({ ground }) => ground),
    nameOf: (block) => blocks[block]?.at ?? String(block),
    households: Int32Array.from(blocks, ({ households }) => households),
    current: current.names.length > 0 ? current.numbers : undefined,
    group: within.names.length > 0 ? within.numbers : undefined,
    lines,
    gapM,
  });
  const proposal = propose(divided.graph, { min, max, seed, sweeps, leastChange });
  return { ...divided, proposal, currentNames: current.names };
}

/** Names as numbers in the order of their first appearance; −1 for none. */
function numbersOf(values: readonly (string | undefined)[]): {
  readonly names: readonly string[];
  readonly numbers: Int32Array;
} {
  const known = new Map<string, number>();
  const numbers = Int32Array.from(values, (value) => {
    if (value === undefined) return -1;
    const number = known.get(value) ?? known.size;
    known.set(value, number);
    return number;
  });
  return { names: [...known.keys()], numbers };
}
