// `npm test`: static checks, a build of the client, then every project of vitest. Ends with the true totals.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureSystemPackages } from "./system-packages.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);
const only = process.argv.slice(2);

const projects = (...names) => names.flatMap((name) => ["--project", name]);

const run = (command, args, env = {}) => {
  console.error(`\n+ ${command.replace(`${root}node_modules/.bin/`, "")} ${args.join(" ")}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  console.error(`  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return status === 0;
};

ensureSystemPackages();

const totals = { passed: 0, failed: 0, skipped: {}, failures: [], unsteady: [] };
const count = (ok, what) => {
  if (ok) totals.passed++;
  else {
    totals.failed++;
    totals.failures.push(what);
  }
};

/**
 * Known vulnerabilities of what runs in production. A registry that knows of none to ask (mirrors, closed networks) is said
 * to be so; nothing is claimed then.
 */
const auditDependencies = () => {
  console.error("\n+ npm audit --omit=dev");
  const { stdout, error } = spawnSync(
    "npm",
    ["audit", "--omit=dev", "--json", "--fetch-retries=0", "--fetch-timeout=20000"],
    { cwd: root, encoding: "utf8" },
  );
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    report = undefined;
  }
  const found = report?.metadata?.vulnerabilities;
  if (!found) {
    const why = report?.message ?? report?.error?.summary ?? error?.message ?? "no answer";
    console.error(
      `  not checked: this registry has no audit (${String(why)
        .replace(/\S+:\/\/\S+/g, "")
        .trim()})`,
    );
    return undefined;
  }
  console.error(
    `  ${found.total} known: ${found.critical} critical, ${found.high} high, ${found.moderate} moderate, ${found.low} low`,
  );
  for (const [name, { severity, range }] of Object.entries(report.vulnerabilities ?? {}))
    console.error(`  ${severity}: ${name} ${range}`);
  return found.critical + found.high === 0;
};

if (only.length === 0) {
  count(run(bin("tsc"), ["-p", "."]), "tsc");
  count(run(bin("biome"), ["check", "."]), "biome");
  count(run(bin("knip"), []), "knip");
  const sound = auditDependencies();
  if (sound !== undefined) count(sound, "npm audit");
}
count(run(bin("vite"), ["build", "--logLevel", "warn"]), "vite build");

/**
 * Runs vitest and adds what it counted.
 *
 * @param quiet keeps what it prints until it has ended, so that two runs at a time stay readable
 */
const runVitest = async (args, quiet) => {
  const file = join(mkdtempSync(join(tmpdir(), "jingwei-test-")), "totals.json");
  console.error(`\n+ vitest run ${args.join(" ")}`);
  const started = Date.now();
  const child = spawn(
    bin("vitest"),
    ["run", "--reporter=default", `--reporter=${join(root, "tests/helpers/totals-reporter.ts")}`, ...args],
    {
      cwd: root,
      stdio: ["ignore", quiet ? "pipe" : "inherit", "inherit"],
      env: { ...process.env, TEST_TOTALS_FILE: file },
    },
  );
  const said = [];
  child.stdout?.on("data", (bytes) => said.push(bytes));
  const passed = await new Promise((done) => {
    child.on("close", (status) => done(status === 0));
    child.on("error", () => done(false));
  });
  process.stdout.write(Buffer.concat(said));
  console.error(`  vitest run ${args.join(" ")}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (!existsSync(file)) {
    totals.failed++;
    totals.failures.push(`vitest ${args.join(" ")} ended without totals`);
    return;
  }
  const tests = JSON.parse(readFileSync(file, "utf8"));
  totals.passed += tests.passed;
  totals.failed += tests.failed;
  totals.failures.push(...tests.failures);
  totals.unsteady.push(...tests.unsteady);
  for (const [why, times] of Object.entries(tests.skipped)) totals.skipped[why] = (totals.skipped[why] ?? 0) + times;
  if (!passed && tests.failed === 0) totals.failed++;
  if (tests.passed === 0) totals.failed++;
};

// Two lanes, since most of a run is waiting for one database or one browser: each lane runs one file at a time.
const lanes = only.length > 0 ? [only] : [projects("unit", "api"), projects("db", "fault", "render", "e2e")];
await Promise.all(lanes.map((lane, n) => runVitest(lane, n > 0)));

// Said again at the end, where a long run's reader looks first.
for (const name of totals.unsteady) console.log(`passed at the second try only: ${name}`);
for (const name of totals.failures) console.log(`failed: ${name}`);
const skips = Object.entries(totals.skipped);
const skipped = skips.reduce((sum, [, times]) => sum + times, 0);
// Where everything should be there, a skip is a failure: the thing was not tested.
if (process.env.CI) totals.failed += skipped;
console.log(
  `skipped: ${skipped}${skips.length ? ` (${skips.map(([why, times]) => `${why} × ${times}`).join("; ")})` : ""}`,
);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
