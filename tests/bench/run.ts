import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";
import { BENCHES } from "./registry.ts";
import { saveResult, writeReport } from "./report.ts";

/** A fixed loop whose time says how busy the machine is; printed beside absolute figures. */
function calibration(): number {
  const started = process.hrtime.bigint();
  let sum = 0;
  for (let i = 0; i < 60_000_000; i++) sum = (sum + i) | 0;
  return Number(process.hrtime.bigint() - started) / 1e6 + (sum === 1 ? 1 : 0);
}

const USAGE = `Usage: npm run bench -- NAME… [--save] [--quick]   one JSON line per figure; --save keeps them for the report; --quick
                                         measures shorter, where the bench knows how (live)
       npm run bench -- --report         writes docs/benchmarks.md from what was kept
NAME = ${Object.keys(BENCHES).join(" | ")}`;

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    save: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
  },
});
if ((names.length === 0 && !values.report) || names.some((name) => !BENCHES[name])) {
  console.error(USAGE);
  process.exit(2);
}
if (values.quick) process.env["BENCH_QUICK"] = "1";
for (const name of names) {
  const calibrationMs = Math.round(calibration());
  const print = (figure: Figure): void => console.log(JSON.stringify(figure));
  print({ bench: name, name: "calibration", value: calibrationMs, unit: "ms" });
  const run = await BENCHES[name]?.load();
  const figures: Figure[] = [];
  for await (const figure of run?.() ?? []) {
    print(figure);
    figures.push(figure);
  }
  if (!values.save) continue;
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  saveResult({ bench: name, commit, calibrationMs, cpus: cpus().length, node: process.version, figures });
}
if (values.report) writeReport();
