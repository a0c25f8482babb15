import { basename } from "node:path";
import type { Proposal, Unmet } from "../../../data/partition/proposal.ts";
import { requireReadable } from "../../services/importing/input-files.ts";
import { nameGrids } from "../../services/planning/name-grids.ts";
import { type DivideSource, type ProposedFile, proposeFile } from "../../services/planning/propose-file.ts";
import { writeProposal } from "../../services/planning/write-proposal.ts";
import {
  type Command,
  type CommandCall,
  type CommandIo,
  EXIT,
  printResult,
  requiredFlag,
  textFlag,
  UsageError,
} from "../command.ts";

export const PROPOSE_USAGE = `jingwei plan propose --blocks FILE --households FIELD [--min 300] [--max 500] [--current FIELD] [--within FIELD]
        [--barriers FILE,…] [--homes FILE] [--seed N] -o FILE [--json]
jingwei plan propose --streets FILE,… [--outline FILE] [--homes FILE --households FIELD | --total N] … -o FILE

  --blocks      polygons or points that are never split: compounds, street blocks, buildings; any format that can be imported
  --households  column with the households of a block, whole numbers from 0
  --min, --max  households of a grid
  --current     column with the grid of today: as little as possible changes, and grids keep their names
  --within      column with the community: no grid reaches across
  --barriers    roads, rivers, railways: borders are drawn along arterial roads; rivers and railways are not crossed. A column
                "weight" (0.4, or barrier) says otherwise
  --homes       buildings: blocks with more than --max households are cut along them, and listed
  --streets     instead of --blocks: streets, rivers and railways that cut the blocks
  --outline     with --streets: what is divided; the outermost streets where it is left out
  --total       with --streets: households in all, spread over the buildings by floor area, or over the blocks by area
  --gap         blocks with streets between them: how many metres these are wide at most
  --seed        another number gives another division; the same one the same, to the byte (default 1)
  --sweeps      how long to look (default 1000)
  --change      what moving a grid's worth of households costs beside a grid's border (default 1 with --current; 0 draws anew)
  -o            GeoJSON with the same blocks and their "grid"

Needs no database. What cannot be met is listed, with the proof where there is one.`;

/** Options that only this action has. */
export const PROPOSE_OPTIONS = {
  blocks: { type: "string" },
  households: { type: "string" },
  min: { type: "string" },
  max: { type: "string" },
  current: { type: "string" },
  barriers: { type: "string" },
  gap: { type: "string" },
  homes: { type: "string" },
  streets: { type: "string" },
  outline: { type: "string" },
  total: { type: "string" },
  seed: { type: "string" },
  sweeps: { type: "string" },
  change: { type: "string" },
  output: { type: "string", short: "o" },
} as const satisfies Command["options"];

/** Households of a grid in town (domain.md section 2.1). */
const [MIN, MAX] = [300, 500];
const SWEEPS = 1000;
/** Things that are told one by one; --json has them all. */
const SHOWN = 10;

/** Divides the blocks of a file into grids. */
export async function planPropose(call: CommandCall, io: CommandIo): Promise<number> {
  const source = sourceOf(call);
  const output = requiredFlag(call, "output");
  if (!/\.(geo)?json$/i.test(output))
    throw new UsageError(`"${output}" is no GeoJSON file`, "Give -o a name that ends with .geojson.");
  const barriers = filesOf(call, "barriers");
  const [min, max] = [whole(call, "min", MIN), whole(call, "max", MAX)];
  if (min > max) throw new UsageError(`--min ${min} is more than --max ${max}`);
  if (max === 0) throw new UsageError("--max is 0");
  const request = {
    source,
    crs: textFlag(call, "crs"),
    min,
    max,
    seed: whole(call, "seed", 1),
    sweeps: whole(call, "sweeps", SWEEPS),
    leastChange: number(call, "change") ?? ("current" in source && source.current !== undefined ? 1 : 0),
    barriers,
    gapM: number(call, "gap"),
  };
  const given = "streets" in source ? [...source.streets, source.outline] : [source.file];
  for (const path of [...given, source.homes, ...barriers]) if (path !== undefined) await requireReadable(path);
  const file = "streets" in source ? source.streets.join(",") : source.file;
  const proposed = await proposeFile(request);
  const names = nameGrids(proposed.proposal, proposed.graph, proposed.currentNames);
  const gridOf = (block: number): string | number => names.get(proposed.proposal.part[block] as number) ?? "";
  await writeProposal(output, proposed.blocks, gridOf);
  const report = reportOf(proposed, names, { min, max, seed: request.seed, file, output });
  printResult(call, io, report, reportText(report));
  return EXIT.done;
}

const filesOf = (call: CommandCall, name: string): string[] =>
  (textFlag(call, name) ?? "").split(",").filter((path) => path !== "");

function sourceOf(call: CommandCall): DivideSource {
  const streets = filesOf(call, "streets");
  const homes = textFlag(call, "homes");
  const total = number(call, "total");
  if (streets.length === 0) {
    for (const name of ["outline", "total"])
      if (textFlag(call, name) !== undefined) throw new UsageError(`--${name} belongs to --streets`);
    return {
      file: requiredFlag(call, "blocks"),
      homes,
      households: requiredFlag(call, "households"),
      current: textFlag(call, "current"),
      within: textFlag(call, "within"),
    };
  }
  for (const name of ["blocks", "current", "within"])
    if (textFlag(call, name) !== undefined) throw new UsageError(`--${name} does not go with --streets`);
  const column = textFlag(call, "households");
  if ((column === undefined) === (total === undefined))
    throw new UsageError("give either --households FIELD of the buildings or --total N");
  const counts = column === undefined ? { total: total ?? 0 } : { column };
  return { streets, outline: textFlag(call, "outline"), homes, counts };
}

function number(call: CommandCall, name: string): number | undefined {
  const text = textFlag(call, name);
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && Number.isFinite(value))) throw new UsageError(`--${name} is "${text}", not a number from 0`);
  return value;
}

function whole(call: CommandCall, name: string, otherwise: number): number {
  const value = number(call, name) ?? otherwise;
  if (!Number.isSafeInteger(value)) throw new UsageError(`--${name} is ${value}, not a whole number`);
  return value;
}

/** What `--json` prints. */
export interface ProposeReport {
  readonly blocks: string;
  readonly output: string;
  readonly read: number;
  readonly crs: string;
  readonly min: number;
  readonly max: number;
  readonly seed: number;
  readonly households: number;
  readonly graph: {
    /** Pairs of blocks that share a border. */
    readonly borders: number;
    /** Pieces of ground that were mended before borders fitted. */
    readonly mended: number;
    readonly bridged: number;
    /** Blocks without a neighbour. */
    readonly islands: readonly string[];
  };
  /** Blocks with more than `max` households that were cut along their buildings. */
  readonly cut: readonly string[];
  /** Buildings in no block. */
  readonly homesOutside: number;
  readonly skipped: ProposedFile["skipped"];
  readonly figures: Proposal["figures"];
  readonly grids: readonly (Omit<Proposal["parts"][number], "part"> & { readonly grid: string | number })[];
  readonly moves: readonly object[];
  /** Grids in which one cannot walk from every home to every other one. */
  readonly apart: readonly {
    readonly grid: string | number;
    readonly groups: number;
    readonly households: number;
  }[];
  readonly unmet: readonly (Omit<Unmet, "parts" | "blocks"> & {
    readonly grids: readonly (string | number)[];
    readonly blocks: readonly string[];
  })[];
}

function reportOf(
  {
    blocks,
    graph,
    proposal,
    crs,
    skipped,
    repairs,
    bridged,
    islands,
    currentNames,
    cut,
    homesOutside,
    apart,
  }: ProposedFile,
  names: ReadonlyMap<number, string | number>,
  asked: {
    readonly min: number;
    readonly max: number;
    readonly seed: number;
    readonly file: string;
    readonly output: string;
  },
): ProposeReport {
  const nameOf = (grid: number): string | number => names.get(grid) ?? currentNames[grid] ?? grid;
  const blockName = (block: number): string => blocks[block]?.at ?? String(block);
  const { file, ...rest } = asked;
  return {
    blocks: file
      .split(",")
      .map((path) => basename(path))
      .join(", "),
    ...rest,
    output: basename(asked.output),
    read: blocks.length,
    crs,
    households: blocks.reduce((sum, { households }) => sum + households, 0),
    graph: { borders: graph.neighbours.length / 2, mended: repairs.length, bridged, islands: islands.map(blockName) },
    cut,
    homesOutside,
    skipped,
    figures: proposal.figures,
    grids: proposal.parts.map(({ part, ...figures }) => ({ grid: nameOf(part), ...figures })),
    moves: proposal.moves.map(({ block, from, to, cause, ...move }) => ({
      block: blockName(block),
      from: from < 0 ? null : nameOf(from),
      to: nameOf(to),
      cause: cause < 0 ? null : nameOf(cause),
      ...move,
    })),
    apart: apart.map(({ grid, ...more }) => ({ grid: nameOf(grid), ...more })),
    unmet: proposal.unmet.map(({ parts, blocks: concerned, ...unmet }) => ({
      ...unmet,
      grids: parts.map(nameOf),
      blocks: concerned.map(blockName),
    })),
  };
}

/** What cannot be met, in words. */
const UNMET_WORDS: Readonly<Record<Unmet["reason"], string>> = {
  oversize: "一个地块超过上限 one block holds more than the maximum",
  enclave: "四周无路可并 ground with too few households and no way out",
  count: "户数凑不成整数个网格 the households fit no number of grids",
  cover: "试过所有分法均不可行 every way to cut it was tried",
  pinned: "网格已锁定 the grid is to stay as it is",
  search: "未找到 not found within the sweeps",
};

function reportText({
  blocks,
  output,
  read,
  households,
  figures,
  graph,
  unmet,
  cut,
  homesOutside,
  skipped,
  apart,
}: ProposeReport): string {
  const km = (metres: number): string => `${(metres / 1000).toFixed(1)} km`;
  const lines = [
    `${blocks}: 地块 blocks ${read}  户 households ${households}  相邻 borders ${graph.borders}`,
    `  网格 grids ${figures.parts}  合规 in range ${figures.inRange}  界线 border ${km(figures.borderLength)}  紧凑度 compactness ${figures.meanCompactness.toFixed(3)}`,
  ];
  if (figures.onWeighted > 0) lines.push(`  沿主干道 along arterial roads ${km(figures.onWeighted)}`);
  if (figures.goodBefore > 0 || figures.householdsMoved > 0)
    lines.push(
      `  换网格 moved ${figures.householdsMoved} 户 households (至少 at least ${figures.leastMoved})  未动 untouched ${figures.untouched} of ${figures.goodBefore}`,
    );
  if (graph.mended > 0) lines.push(`  修补 mended ${graph.mended}: plan check lists them`);
  if (graph.bridged > 0) lines.push(`  隔路相邻 neighbours over a strip ${graph.bridged}`);
  if (graph.islands.length > 0)
    lines.push(`  孤立 without neighbour ${graph.islands.length}: ${graph.islands.slice(0, SHOWN).join(", ")}`);
  if (cut.length > 0) lines.push(`  沿楼栋拆分 cut along buildings ${cut.length}: ${cut.slice(0, SHOWN).join(", ")}`);
  if (homesOutside > 0) lines.push(`  楼栋不在任何地块 buildings in no block ${homesOutside}`);
  for (const { reason, count, samples } of skipped)
    lines.push(`  跳过 skipped ${count} × ${reason}: ${samples[0]?.at} ${samples[0]?.message}`);
  for (const one of unmet.slice(0, SHOWN))
    lines.push(
      `  ${one.kind === "impossible" ? "做不到 impossible" : "未解决 not found"}: ${UNMET_WORDS[one.reason]} – ${one.grids.join(", ")} (${one.households} 户)`,
    );
  for (const one of apart.slice(0, SHOWN))
    lines.push(
      `  格内不通 cannot be walked through without leaving it: ${one.grid} (${one.groups} 处 parts, ${one.households} 户 households apart)`,
    );
  if (unmet.length > SHOWN) lines.push(`  … ${unmet.length - SHOWN} more: --json lists all`);
  return [...lines, `  → ${output}`].join("\n");
}
