import { type BlocksToDivide, blocksToGraph } from "../../../data/blocks/blocks-to-graph.ts";
import { type GridApart, gridsApart, walkGround } from "../../../data/blocks/walk-check.ts";
import type { SkipGroup } from "../../../data/importers/report.ts";
import type { BlockGraph } from "../../../data/partition/block-graph.ts";
import type { Proposal } from "../../../data/partition/proposal.ts";
import { propose } from "../../../data/partition/propose.ts";
import { cutLarge } from "./cut-large.ts";
import { type BlockColumns, type ReadBlock, readBlocks } from "./read-blocks.ts";
import { readBorderLines } from "./read-border-lines.ts";
import { readHomes } from "./read-homes.ts";
import { readStreetBlocks, type StreetSource } from "./read-street-blocks.ts";

/** The blocks' own counts hold: of buildings only their shares of floor area count. */
const FLOOR_SHARES = 1_000_000;

/** What is divided. */
export type DivideSource =
  | ({
      /** Path of the blocks. */
      readonly file: string;
      /** Path of buildings along which blocks with too many households are cut. */
      readonly homes: string | undefined;
    } & BlockColumns)
  | StreetSource;

export interface ProposeRequest {
  readonly source: DivideSource;
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
  /** Blocks that were cut along buildings, as errors name them. */
  readonly cut: readonly string[];
  /** Buildings outside every block. */
  readonly homesOutside: number;
  /** Grids that cannot be walked through without leaving them. */
  readonly apart: readonly GridApart[];
}

/**
 * Divides the blocks of a file into grids.
 *
 * @throws AppError naming the file, column or block at fault
 */
export async function proposeFile(request: ProposeRequest): Promise<ProposedFile> {
  const { source, crs, max } = request;
  const barriers = await readBorderLines(request.barriers, crs);
  if ("streets" in source) {
    const { lines, ...read } = await readStreetBlocks(source, crs, max);
    return { ...read, ...divide(read.blocks, request, [...lines, ...barriers]) };
  }
  const read = await readBlocks(source.file, crs, source);
  const homes = source.homes === undefined ? undefined : await readHomes(source.homes, crs, { total: FLOOR_SHARES });
  const { blocks, cut } = homes ? cutLarge(read.blocks, homes, max) : { blocks: read.blocks, cut: [] };
  return { ...read, blocks, cut, homesOutside: 0, ...divide(blocks, request, barriers) };
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
): Pick<ProposedFile, "graph" | "proposal" | "currentNames" | "repairs" | "bridged" | "islands" | "apart"> {
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
  // Points have ground of one piece each: what is nearest to them.
  const walk =
    points.length > 0
      ? { pieces: divided.graph, blockOf: Int32Array.from(blocks.keys()) }
      : walkGround({
          grounds: blocks.map(({ ground }) => ground),
          households: divided.graph.households,
          graph: divided.graph,
          lines,
          gapM,
        });
  return { ...divided, proposal, currentNames: current.names, apart: gridsApart(walk, proposal.part) };
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
