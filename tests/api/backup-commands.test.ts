import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askForBackup, openControl } from "../../api/backup/control.ts";
import { backupOnce, startBackups } from "../../api/backup/schedule.ts";
import { readBackupStatus } from "../../api/backup/status.ts";
import { main } from "../../api/cli/main.ts";
import { forgetMoved, noteMoved, requireNotMoved } from "../../api/move/moved-mark.ts";
import type { Database } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_COUNTY, smallCounty } from "../fixtures/small-county.ts";
import { type CommandEnd, type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  openEmbeddedTestDatabase,
  openNativeTestDatabase,
  type TestDatabase,
} from "../helpers/database.ts";

const NOW = "2026-01-15T00:00:00Z";

describe("backup, restore and move on the command line", () => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-ops-"));
  const file = join(dir, "out", "all.backup");
  let test: TestDatabase;
  let database: Database;
  let commands: CommandRunner;

  beforeAll(async () => {
    test = nativeMissing() ? await openEmbeddedTestDatabase() : await openNativeTestDatabase(await nativeServer());
    database = test.database;
    commands = await commandRunner(database);
    await loadCounty(database, smallCounty(), { now: NOW });
  });
  afterAll(async () => {
    await test.dispose();
    rmSync(dir, { recursive: true, force: true });
  });

  it("writes a backup, verifies it, and notes both", async () => {
    const { code, out } = await commands.run("backup", file, "--dir", dir, "--json");
    expect(code).toBe(0);
    const report = JSON.parse(out) as { rows: number; takenAt: string; counties: { code: string }[] };
    expect(report.counties.map((county) => county.code)).toEqual([SMALL_COUNTY]);
    expect(report.rows).toBeGreaterThan(smallCounty().incidents.length);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readBackupStatus(dir)).toMatchObject({
      last: { file, takenAt: report.takenAt, verifiedAt: null },
      failure: null,
    });
    const verified = await commands.run("backup", "--verify", file, "--dir", dir);
    expect(verified.out).toContain(`完好 sound: ${file}`);
    expect(readBackupStatus(dir).last?.verifiedAt).toBe(new Date(commands.now).toISOString());
    // A county's backup is none of the database: the record stays.
    const own = join(dir, "county.backup");
    expect((await commands.run("backup", own, "--county", SMALL_COUNTY, "--dir", dir)).code).toBe(0);
    expect(readBackupStatus(dir).last?.file).toBe(file);
  });

  it("says what is wrong: words, places, damage", async () => {
    expect((await commands.run("backup")).code).toBe(2);
    expect((await commands.run("backup", join(file, "x"), "--dir", dir)).err).toContain(
      "a part of the path is no folder",
    );
    expect((await commands.run("backup", "--verify", join(dir, "none"))).err).toContain("it is not there");
    const bytes = readFileSync(file);
    const broken = join(dir, "broken.backup");
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    writeFileSync(broken, bytes);
    const { code, err } = await commands.run("backup", "--verify", broken, "--dir", dir);
    expect([code, err]).toEqual([1, expect.stringMatching(/is damaged in table [a-z_]+/)]);
    expect((await commands.run("move", "--to", "elsewhere")).code).toBe(2);
    expect((await commands.run("move", "--to", "embedded")).err).toContain("DATABASE_URL is missing");
    expect((await commands.run("restore")).code).toBe(2);
    expect((await commands.run("pack", "-o", join(dir, "x.tar.gz"), "--platform", "amiga")).code).toBe(2);
  });

  it("does not start on data that was moved to a server, until that is taken back", () => {
    const folder = join(dir, "left");
    mkdirSync(folder);
    requireNotMoved(folder, undefined);
    noteMoved(folder, "postgres://owner:secret@db.example:5432/jingwei", Date.parse(NOW));
    expect(() => requireNotMoved(folder, undefined)).toThrow("moved to postgres://owner@db.example:5432/jingwei");
    expect(readFileSync(join(folder, "moved.json"), "utf8")).not.toContain("secret");
    requireNotMoved(folder, "postgres://owner:secret@db.example:5432/jingwei");
    forgetMoved(folder);
    requireNotMoved(folder, undefined);
  });

  it("asks the server that holds the database; without one nobody answers", async () => {
    const asked = join(dir, "asked.backup");
    const quiet = (): void => undefined;
    expect(await askForBackup(dir, asked, undefined, quiet)).toBeUndefined();
    const close = await openControl(database, dir);
    try {
      const progress: string[] = [];
      const manifest = await askForBackup(dir, asked, undefined, (line) => progress.push(line));
      expect(manifest?.counties.map((county) => county.code)).toEqual([SMALL_COUNTY]);
      expect(progress).toContain(`incident: ${smallCounty().incidents.length}`);
      await expect(askForBackup(dir, asked, "110101", quiet)).rejects.toThrow("There is no county 110101");
    } finally {
      await close();
    }
    expect(await askForBackup(dir, asked, undefined, quiet)).toBeUndefined();
  });

  it("keeps so many of the schedule's files and touches no other; a failure is noted and the last good one stays", async () => {
    const folder = join(dir, "kept");
    let at = Date.parse(NOW);
    const plan = { everyHours: 24, keep: 2, folder };
    for (let day = 0; day < 3; day++) {
      await backupOnce(database, dir, plan, () => at);
      at += 86_400_000;
    }
    writeFileSync(join(folder, "mine.backup"), "");
    await backupOnce(database, dir, plan, () => at);
    expect(readdirSync(folder).sort()).toEqual([
      expect.stringMatching(/^contact-keys-[0-9a-f]{8}\.json$/),
      "jingwei-20260117T000000Z.backup",
      "jingwei-20260118T000000Z.backup",
      "mine.backup",
    ]);
    const { last } = readBackupStatus(dir);
    expect(last?.verifiedAt).not.toBeNull();
    // Due by the real moment of the last one, which the database tells; not before.
    const late = Date.parse(last?.takenAt ?? "") + 25 * 3_600_000;
    const logged: unknown[] = [];
    const fail = { everyHours: 24, keep: 2, folder: join(file, "x") };
    await startBackups(
      database,
      dir,
      fail,
      () => late - 2 * 3_600_000,
      (fields) => logged.push(fields),
    )();
    expect(logged).toEqual([]);
    await startBackups(
      database,
      dir,
      fail,
      () => late,
      (fields) => logged.push(fields),
    )();
    expect(logged).toHaveLength(1);
    expect(readBackupStatus(dir)).toMatchObject({ last, failure: { at: new Date(late).toISOString() } });
  });

  it.skipIf(nativeMissing())("restores into an empty database and refuses a full one", async () => {
    const server = await nativeServer();
    const url = await createNativeDatabase(server);
    const run = async (...argv: string[]): Promise<CommandEnd> => {
      const text = { out: "", err: "" };
      const code = await main(argv, {
        out: (chunk) => {
          text.out += chunk;
        },
        err: (chunk) => {
          text.err += chunk;
        },
        env: { DATABASE_URL: url },
        now: () => Date.parse(NOW),
        openDatabase: (folder) => openDatabase({ dir: folder, url }),
      });
      return { code, ...text };
    };
    try {
      const { code, out } = await run("restore", file, "--dir", dir, "--json");
      expect(code).toBe(0);
      const { tables } = JSON.parse(out) as { tables: { name: string; rows: number }[] };
      expect(tables.find(({ name }) => name === "incident")?.rows).toBe(smallCounty().incidents.length);
      const again = await run("restore", file, "--dir", dir);
      expect([again.code, again.err]).toEqual([1, expect.stringContaining("--replace")]);
    } finally {
      await dropNativeDatabase(server, url);
    }
  });
});
