import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BlockGraph, borderRows } from "../../data/partition/block-graph.ts";
import { piecesOf } from "../../data/partition/pieces.ts";
import type { ProposeOptions } from "../../data/partition/proposal.ts";
import { propose } from "../../data/partition/propose.ts";
import type { Figure } from "./figure.ts";
import { proposalGap } from "./propose-gap.ts";
import { proposalGrowth } from "./propose-growth.ts";

const INSTANCES = process.env["BENCH_PLAN_INSTANCES"] ?? "../shared/plan-instances";
const SEEDS = process.env["BENCH_QUICK"] ? 3 : 20;

interface InstanceFile {
  readonly min: number;
  readonly max: number;
  readonly target: number;
  readonly nodes: readonly {
    pop: number;
    area: number;
    perimeter: number;
    x?: number;
    y?: number;
    community?: number;
    existing?: number;
  }[];
  readonly edges: readonly { i: number; j: number; sharedLength: number }[];
  readonly scenarios?: readonly { k: number; min: number; max: number; target: number }[];
}

interface Case {
  readonly file: string;
  readonly name: string;
  readonly sweeps: number;
  readonly k?: number;
  readonly communities?: boolean;
  readonly options?: Partial<ProposeOptions>;
  /** Most km of border, in METIS's best of ten where `peer`. */
  readonly border?: { readonly peer?: boolean; readonly most: number };
  /** Shortest border known, of 30,000 sweeps. */
  readonly knownKm?: number;
  readonly ms?: number;
}

const CASES: readonly Case[] = [
  { file: "syn-v-200", name: "200 blocks", sweeps: 400 },
  { file: "syn-b-2000", name: "2,000 blocks", sweeps: 400 },
  { file: "syn-coarse-b-200", name: "200 compounds", sweeps: 400 },
  { file: "syn-coarse-b-2000", name: "2,000 compounds", sweeps: 300 },
  { file: "syn-coarse-b-2000", name: "2,000 compounds in communities", sweeps: 300, communities: true },
  { file: "syn-v-10000", name: "10,000 blocks, short", sweeps: 240, border: { peer: true, most: 0.92 }, ms: 150 },
  {
    file: "syn-v-10000",
    name: "10,000 blocks, long",
    sweeps: 900,
    border: { peer: true, most: 0.91 },
    knownKm: 417.0,
    ms: 500,
  },
  { file: "syn-v-10000", name: "10,000 blocks, in communities", sweeps: 300, communities: true },
  {
    file: "syn-v-10000",
    name: "10,000 blocks, least change",
    sweeps: 120,
    options: { leastChange: 6, onlyBad: true },
    ms: 200,
  },
  { file: "real-cambridge2020", name: "Cambridge", sweeps: 1200, border: { most: 71 }, ms: 100 },
  {
    file: "real-pa-vtd",
    name: "Pennsylvania, 200 parts",
    sweeps: 850,
    k: 200,
    border: { peer: true, most: 0.9 },
    ms: 500,
  },
  {
    file: "real-pa-vtd",
    name: "Pennsylvania, 18 parts",
    sweeps: 1300,
    k: 18,
    border: { peer: true, most: 0.96 },
    ms: 500,
  },
];

/**
 * What a proposal costs (CPU ms of the call: best of all seeds, and the first one of this process) and how good it is, on
 * the instances beside the repository, with METIS in the same run where Debian's `metis` is installed.
 */
export async function* proposing(): AsyncIterable<Figure> {
  for (const one of CASES) {
    if (existsSync(join(INSTANCES, `${one.file}.json`))) yield* measure(one);
    else console.error(`propose: ${one.name} left out, ${INSTANCES}/${one.file}.json is not there`);
  }
  const coarse = join(INSTANCES, "syn-coarse-b-200.json");
  if (existsSync(coarse))
    yield* proposalGap(
      graphOf(JSON.parse(readFileSync(coarse, "utf8")) as InstanceFile, false, false),
      INSTANCES,
      SEEDS,
    );
  yield* proposalGrowth();
}

function* measure({ file, name, sweeps, k, communities, options: more, border, knownKm, ms }: Case): Generator<Figure> {
  const data = JSON.parse(readFileSync(join(INSTANCES, `${file}.json`), "utf8")) as InstanceFile;
  const range = data.scenarios?.find((scenario) => scenario.k === k) ?? data;
  const graph = graphOf(data, communities === true, more?.leastChange !== undefined);
  const times: number[] = [];
  const proposals = Array.from({ length: SEEDS }, (_, i) => {
    const options = {
      min: Math.ceil(range.min),
      max: Math.floor(range.max),
      target: range.target,
      seed: i + 1,
      sweeps,
      ...more,
    };
    const before = process.cpuUsage();
    const proposal = propose(graph, options);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
    return proposal;
  });
  const mean = (of: (at: number) => number): number =>
    proposals.reduce((sum, _, i) => sum + of(i), 0) / proposals.length;
  const figures = (at: number) => (proposals[at] as (typeof proposals)[number]).figures;
  const avoidable = (at: number): number =>
    (proposals[at]?.unmet ?? []).reduce((sum, one) => sum + (one.kind === "not found" ? one.parts.length : 0), 0);
  const figure = (what: string, value: number, unit: string, most?: number): Figure => ({
    bench: "propose",
    name: `${name}: ${what}`,
    value: Math.round(value * 1000) / 1000,
    unit,
    ...(most === undefined ? {} : { goal: `<= ${most}`, ok: value <= most }),
  });
  yield figure("best call", Math.min(...times), "ms CPU", ms);
  yield figure("first call in this process", times[0] as number, "ms CPU");
  yield figure(
    "grids out of range without proof, most of all seeds",
    Math.max(...proposals.map((_, i) => avoidable(i))),
    "grids",
    0,
  );
  yield figure(
    "grids in pieces, most of all seeds",
    Math.max(...proposals.map((_, i) => figures(i).inPieces)),
    "grids",
    0,
  );
  yield figure(
    "grids",
    mean((i) => figures(i).parts),
    "grids",
  );
  yield figure(
    "mean deviation from the target",
    mean((i) => figures(i).meanDeviation),
    "of the target",
  );
  const km = mean((i) => figures(i).borderLength) / 1000;
  yield figure("border", km, "km", border && !border.peer ? border.most : undefined);
  if (knownKm !== undefined) yield figure("border beside the best known", km / knownKm, "×", 1.01);
  if (more?.leastChange !== undefined) {
    yield figure(
      "households moved",
      mean((i) => figures(i).householdsMoved / figures(i).leastMoved),
      "lower bounds",
      1.5,
    );
    yield figure(
      "good grids touched",
      mean((i) => 1 - figures(i).untouched / figures(i).goodBefore),
      "of them",
      0.35,
    );
  }
  const metis = border?.peer ? metisBorder(graph, range, k) : undefined;
  if (!metis || !border) return;
  const ratio = km / metis.km;
  yield {
    ...figure("border beside METIS", km, "km"),
    peer: "METIS rb, best of ten",
    ratio,
    goal: `<= ${border.most} ×`,
    ok: ratio <= border.most,
  };
  const perRoot = ratio * Math.sqrt(metis.grids / mean((i) => figures(i).parts));
  yield { ...figure("border ÷ √grids beside METIS", perRoot, "×"), peer: "METIS rb, best of ten" };
}

function graphOf({ nodes, edges }: InstanceFile, communities: boolean, today: boolean): BlockGraph {
  const placed = nodes.every((node) => node.x !== undefined && node.y !== undefined);
  return {
    count: nodes.length,
    households: Int32Array.from(nodes, (node) => node.pop),
    area: Float64Array.from(nodes, (node) => node.area),
    perimeter: Float64Array.from(nodes, (node) => node.perimeter),
    x: placed ? Float64Array.from(nodes, (node) => node.x as number) : undefined,
    y: placed ? Float64Array.from(nodes, (node) => node.y as number) : undefined,
    ...borderRows(
      nodes.length,
      edges.map(({ i, j, sharedLength }) => ({ a: i, b: j, length: sharedLength })),
    ),
    group: communities ? Int32Array.from(nodes, (node) => node.community ?? 0) : undefined,
    current: today ? Int32Array.from(nodes, (node) => node.existing ?? -1) : undefined,
    pinned: undefined,
  };
}

/** Shortest border of ten seeds of `gpmetis -ptype=rb`, each piece by itself, oversize blocks apart as for us. */
function metisBorder(graph: BlockGraph, range: { min: number; max: number; target: number }, k: number | undefined) {
  if (spawnSync("gpmetis", ["-help"]).error) return undefined;
  const options = { min: Math.ceil(range.min), max: Math.floor(range.max), target: range.target, seed: 1, sweeps: 0 };
  const { pieces, pieceOf } = piecesOf(graph, options);
  const folder = mkdtempSync(join(tmpdir(), "jingwei-metis-"));
  const file = join(folder, "graph");
  const results = Array.from({ length: 10 }, (_, seed) => {
    const part = new Int32Array(graph.count).fill(-1);
    let grids = 0;
    for (const [id, { blocks, parts: wanted }] of pieces.entries()) {
      const parts = k !== undefined && pieces.length === 1 ? k : wanted;
      if (parts === 1 || blocks.length <= parts) for (const v of blocks) part[v] = grids;
      else {
        writeFileSync(file, metisText(graph, pieceOf, id, blocks));
        execFileSync("gpmetis", ["-ptype=rb", "-ufactor=30", `-seed=${seed + 1}`, file, String(parts)], {
          stdio: "ignore",
        });
        const lines = readFileSync(`${file}.part.${parts}`, "utf8").trim().split("\n");
        for (const [i, v] of blocks.entries()) part[v] = grids + Number(lines[i]);
      }
      grids += parts === 1 || blocks.length <= parts ? 1 : parts;
    }
    for (let v = 0; v < graph.count; v++) if (part[v] === -1) part[v] = grids++;
    let length = 0;
    for (let v = 0; v < graph.count; v++)
      for (let entry = graph.offsets[v] as number; entry < (graph.offsets[v + 1] as number); entry++)
        if (part[graph.neighbours[entry] as number] !== part[v]) length += graph.sharedLength[entry] as number;
    return { km: length / 2000, grids };
  });
  rmSync(folder, { recursive: true });
  return results.reduce((best, one) => (one.km < best.km ? one : best));
}

/** METIS's format: weights of blocks, then neighbour and decimetres in turn. */
function metisText(graph: BlockGraph, pieceOf: Int32Array, piece: number, blocks: Int32Array): string {
  const at = new Map([...blocks].map((v, i) => [v, i + 1]));
  let borders = 0;
  const lines = [...blocks].map((v) => {
    const line = [graph.households[v] as number];
    for (let entry = graph.offsets[v] as number; entry < (graph.offsets[v + 1] as number); entry++) {
      const u = graph.neighbours[entry] as number;
      if (pieceOf[u] !== piece) continue;
      borders++;
      line.push(at.get(u) as number, Math.max(1, Math.round((graph.sharedLength[entry] as number) * 10)));
    }
    return line.join(" ");
  });
  return `${blocks.length} ${borders / 2} 011\n${lines.join("\n")}\n`;
}
