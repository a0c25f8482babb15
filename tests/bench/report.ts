import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { curveSvg, type Point } from "./curve-svg.ts";
import type { Figure } from "./figure.ts";
import { BENCHES } from "./registry.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(root, "docs/benchmarks");
const REPORT = join(root, "docs/benchmarks.md");

/** A run of one benchmark as it is kept in `docs/benchmarks/<bench>.json`. */
export interface BenchResult {
  readonly bench: string;
  readonly commit: string;
  /** Time of the calibration loop before the run: 29 to 32 is a calm machine. */
  readonly calibrationMs: number;
  readonly cpus: number;
  readonly node: string;
  readonly figures: readonly Figure[];
}

/** A figure that was taken by hand or before results were kept (`docs/benchmarks/earlier.json`). */
interface EarlierFigure {
  readonly bench: string;
  readonly figure: string;
  readonly value: string;
  readonly goal: string;
  readonly commit: string;
}

export function saveResult(result: BenchResult): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${result.bench}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** True when one of the paths has a commit that is newer than the one measured; unknown commits count as old. */
function isStale(commit: string, paths: readonly string[]): boolean {
  try {
    const args = ["log", "--oneline", "-1", `${commit}..HEAD`, "--", ...paths];
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim() !== "";
  } catch {
    return true;
  }
}

const read = <Value>(file: string): Value => JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Value;
const cell = (text: string): string => text.replaceAll("|", "\\|");
const measuredAt = (bench: string, commit: string): string =>
  isStale(commit, BENCHES[bench]?.paths ?? ["."]) ? `${commit} (stale)` : commit;

function table(result: BenchResult): string[] {
  const when = measuredAt(result.bench, result.commit);
  return [
    `## ${result.bench}`,
    "",
    `At ${when}, ${result.cpus} cores, Node ${result.node}, calibration ${result.calibrationMs} ms.`,
    "",
    "| figure | value | to its peer | goal | met |",
    "|---|---|---|---|---|",
    ...result.figures.map(({ name, value, unit, peer, ratio, goal, ok }) => {
      const compared = ratio === undefined ? "" : `${ratio}× ${peer ?? ""}`.trim();
      const met = ok === undefined ? "" : ok ? "yes" : "no";
      return `| ${[cell(name), `${value} ${unit}`, compared, goal ?? "", met].join(" | ")} |`;
    }),
    "",
  ];
}

/** Draws the curves of a result. @returns lines that show them */
function curves({ bench, figures }: BenchResult): string[] {
  const byUnit = new Map<string, Map<string, Point[]>>();
  for (const { series, x, value, unit } of figures) {
    if (series === undefined || x === undefined) continue;
    const lines = byUnit.get(unit) ?? new Map<string, Point[]>();
    lines.set(series, [...(lines.get(series) ?? []), { x, y: value }]);
    byUnit.set(unit, lines);
  }
  return [...byUnit].flatMap(([unit, lines]) => {
    const file = `${bench}-${unit.replaceAll(/\W+/g, "-")}.svg`;
    writeFileSync(join(FOLDER, file), curveSvg(`${bench}, ${unit}`, lines));
    return [`![${bench}: ${unit} by size](benchmarks/${file})`, ""];
  });
}

const INTRODUCTION = `# Benchmarks

\`npm run bench -- NAME --save\` runs a benchmark and keeps its figures in \`benchmarks/NAME.json\`; \`npm run bench -- --report\`
writes this page from them. Processor time is that of the server and of the whole database, median of alternating rounds;
compression is not in it, bytes are listed apart. The calibration loop (60 million additions) takes 29–32 ms on a calm
machine: ratios hold on a busy one too, absolute figures do not. *Stale* = what is measured has changed since.
`;

/** Writes `docs/benchmarks.md` and its curves from the kept results. */
export function writeReport(): void {
  const results = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json") && name !== "earlier.json")
    .sort()
    .map((name) => read<BenchResult>(name));
  const earlier = existsSync(join(FOLDER, "earlier.json")) ? read<EarlierFigure[]>("earlier.json") : [];
  const kept = new Set(results.map(({ bench }) => bench));
  const lines = [INTRODUCTION, ...results.flatMap((result) => [...table(result), ...curves(result)])];
  const rows = earlier.filter(({ bench }) => !kept.has(bench));
  if (rows.length > 0)
    lines.push(
      "## Earlier figures",
      "",
      "| bench | figure | value | goal | commit |",
      "|---|---|---|---|---|",
      ...rows.map(({ bench, figure, value, goal, commit }) => {
        const when = bench === "–" ? commit : measuredAt(bench, commit);
        return `| ${[bench, cell(figure), value, goal, when].join(" | ")} |`;
      }),
      "",
    );
  writeFileSync(REPORT, `${lines.join("\n").trimEnd()}\n`);
}
