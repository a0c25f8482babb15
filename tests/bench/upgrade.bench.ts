import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareBackups } from "../helpers/compare-backups.ts";
import { type ArchiveProgram, type Ended, packCommit, packHere, programIn, unpack } from "./archive-program.ts";
import type { Figure } from "./figure.ts";
import { BENCH_COUNTY, benchGrids, writeBenchCases } from "./incident-csv.ts";

/** A released commit: its migrations end at 0059. */
const PREVIOUS = "4465e8d";
const CASES = process.env["BENCH_QUICK"] ? 2_000 : 100_000;

/** What a restore leaves as it is or moves on (docs/operations.md): sign-in links, places in the feed, versions of answers. */
const NOT_TAKEN_BACK = ["county_profile", "feed_head", "one_time_link"];

const figure = (name: string, value: number, unit = "", goal?: string, ok?: boolean): Figure => ({
  bench: "upgrade",
  name,
  value: Math.round(value * 100) / 100,
  unit,
  ...(goal === undefined || ok === undefined ? {} : { goal, ok }),
});
const shown = (name: string, ok: boolean): Figure => figure(name, ok ? 1 : 0, "", "= 1", ok);

function done(what: string, { code, err }: Ended): void {
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${err}`);
}

/** The county of the benchmarks in an embedded database, brought in by the program's own commands. */
async function fill(program: ArchiveProgram, dir: string, work: string): Promise<void> {
  const grids = join(work, "grids.geojson");
  const cases = join(work, "cases.csv");
  writeFileSync(grids, benchGrids());
  await writeBenchCases(cases, CASES);
  const add = ["county", "add", BENCH_COUNTY, "--name", "测县", "--timezone", "Asia/Shanghai"];
  done("county add", program.run(dir, ...add));
  done("import grids", program.run(dir, "import", "grids", grids, "--county", BENCH_COUNTY, "--map", "code=code"));
  done("import incidents", program.run(dir, "import", "incidents", cases, "--county", BENCH_COUNTY));
}

/**
 * An upgrade in place from the archive of an earlier commit: what it costs, that nothing is lost, that a migration which fails
 * leaves the old version running, and the ways back. `BENCH_PREVIOUS` names an archive of the earlier version that is there.
 */
export async function* upgrade(): AsyncIterable<Figure> {
  const work = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  try {
    const [oldFile, newFile] = [process.env["BENCH_PREVIOUS"] ?? join(work, "old.tar.gz"), join(work, "new.tar.gz")];
    if (!process.env["BENCH_PREVIOUS"]) packCommit(PREVIOUS, oldFile, work);
    packHere(newFile);
    const before = unpack(oldFile, join(work, "old"));
    const after = unpack(newFile, join(work, "new"));
    const dir = join(work, "data");
    await fill(before, dir, work);
    yield figure("incidents", CASES, "rows");
    const running = await before.start(dir);
    yield figure("start of the old version", running.seconds, "s");
    const stopped = performance.now();
    await running.stop();
    const stopSeconds = (performance.now() - stopped) / 1000;
    const kept = join(work, "before.backup");
    done("backup of the old version", before.run(dir, "backup", kept));
    cpSync(dir, join(work, "untouched"), { recursive: true });

    yield* failing(before, after, join(work, "failing"), join(work, "untouched"), kept);

    // The first command of the new version upgrades, and nothing else changes a row.
    const quiet = join(work, "quiet");
    cpSync(dir, quiet, { recursive: true });
    const now = join(work, "after.backup");
    done("backup of the new version", after.run(quiet, "backup", now));
    const { differing, widened, tables, rows } = await compareBackups(kept, now);
    yield figure("tables compared by hash", tables);
    yield figure("rows in them", rows, "rows");
    yield figure(`of them compared in their old columns (${widened.join(", ") || "none"})`, widened.length);
    yield figure(
      `tables that differ (${differing.join(", ") || "none"})`,
      differing.length,
      "",
      "= 0",
      differing.length === 0,
    );

    const upgraded = await after.start(dir);
    yield figure("downtime: stop, backup that is verified, migrations, start", stopSeconds + upgraded.seconds, "s");
    yield figure("of it processor time of the new version", upgraded.cpuSeconds, "s");
    await upgraded.stop();
    const again = await after.start(dir);
    yield figure("start of the new version afterwards", again.seconds, "s");
    await again.stop();

    const refused = before.run(dir, "start", "--port", "0");
    yield shown(
      "the old version refuses the upgraded data by name",
      refused.code === 1 && /newer version/.test(refused.err),
    );
    const backups = join(dir, "backups");
    const way = readdirSync(backups).find((name) => name.startsWith("before-upgrade-from-")) ?? "none";
    done("restore by the old version", before.run(dir, "restore", join(backups, way), "--replace"));
    const back = join(work, "back.backup");
    done("backup after the way back", before.run(dir, "backup", back));
    const moved = (await compareBackups(kept, back)).differing;
    const lost = moved.filter((name) => !NOT_TAKEN_BACK.includes(name));
    const named = lost.join(", ") || "none";
    yield figure(`tables that differ after the way back (${named})`, lost.length, "", "= 0", lost.length === 0);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A migration in the middle of the new ones fails: the old program goes on with what was there. */
async function* failing(
  before: ArchiveProgram,
  after: ArchiveProgram,
  folder: string,
  dir: string,
  kept: string,
): AsyncIterable<Figure> {
  cpSync(after.folder, folder, { recursive: true });
  const migrations = join(folder, "app", "db", "migrations");
  writeFileSync(join(migrations, "0997_half.sql"), "-- Up Migration\nDELETE FROM incident_event;\n");
  writeFileSync(join(migrations, "0998_fails.sql"), "-- Up Migration\nSELECT 1 / 0;\n");
  const failed = programIn(folder).run(dir, "start", "--port", "0", "--demo", "none");
  yield shown(
    "a failing migration ends the start and is named",
    failed.code !== 0 && /division by zero/.test(failed.err),
  );
  const file = `${kept}.failed`;
  done("backup after the failure", before.run(dir, "backup", file));
  const { differing } = await compareBackups(kept, file);
  yield figure(
    `tables that differ then (${differing.join(", ") || "none"})`,
    differing.length,
    "",
    "= 0",
    differing.length === 0,
  );
  const running = await before.start(dir);
  yield shown("the old version runs on what it left", (await fetch(`${running.address}/readyz`)).ok);
  await running.stop();
}
