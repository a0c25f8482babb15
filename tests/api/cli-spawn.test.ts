import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../api/cli/doctor-checks.ts";
import { GUCHENG } from "../../data/demo/profiles/gucheng.ts";
import { openDatabase } from "../../db/open-database.ts";
import { TENANT_TABLES } from "../../db/tenant-tables.ts";
import type { CommandEnd } from "../helpers/command-runner.ts";
import { TEST_CACHE_DIR } from "../helpers/database.ts";

const PROGRAM = resolve("bin/jingwei.mjs");
const root = mkdtempSync(join(tmpdir(), "jingwei-cli-"));
const dir = join(root, "data");
const county = "140299";

beforeAll(async () => {
  await mkdir(dir);
  // Only the snapshot of an empty database is shared: the folder itself is as new as a person's.
  await mkdir(TEST_CACHE_DIR, { recursive: true });
  symlinkSync(TEST_CACHE_DIR, join(dir, "cache"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The program as a person runs it, from a folder that is not its own. */
function launch(...argv: readonly string[]) {
  const { DATABASE_URL: _url, JINGWEI_DIR: _dir, ...env } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...argv], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number>((done, fail) => {
    child.once("error", fail);
    child.once("close", (code, signal) => (signal ? fail(new Error(`ended by ${signal}`)) : done(code ?? -1)));
  });
  return { child, ended };
}

async function jingwei(...argv: readonly string[]): Promise<CommandEnd> {
  const { child, ended } = launch(...argv);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

describe("words and flags", () => {
  test("without a command the overview goes to standard output", async () => {
    const { code, out, err } = await jingwei();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/Usage: jingwei COMMAND[\s\S]+start[\s\S]+import/);
  });

  test.each([
    ["an unknown command", ["launch"], /"launch" is not a command[\s\S]+Usage: jingwei COMMAND/],
    ["an unknown flag", ["import", "areas", "x", "--colour"], /Unknown option '--colour'[\s\S]+jingwei import KIND/],
    ["a missing flag", ["import", "areas", "x"], /--county is missing[\s\S]+jingwei import KIND/],
  ] as const)("%s: exit code 2, what is wrong and the usage on standard error", async (_name, argv, message) => {
    const { code, out, err } = await jingwei(...argv, "--dir", dir);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  test("a file that is not there: exit code 1, said in one place for people and in one document with --json", async () => {
    const { code, out, err } = await jingwei(
      "import",
      "areas",
      "no.geojson",
      "--county",
      county,
      "--json",
      "--dir",
      dir,
    );
    expect(code).toBe(1);
    expect(err).toMatch(/no\.geojson does not exist[\s\S]+what to do/);
    expect(JSON.parse(out)).toMatchObject({ error: { kind: "DATA", at: "no.geojson" } });
  });
});

/** One folder through its life; each test goes on from the one before. */
describe("a folder", () => {
  test("is made by county add, without a start before", async () => {
    const { code, out, err } = await jingwei(
      ...["county", "add", county, "--name", "试验县", "--timezone", "Asia/Shanghai", "--json", "--dir", dir],
    );
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toEqual({ county, name: "试验县", timezone: "Asia/Shanghai" });
  });

  test("takes areas; --json prints the report and nothing else on standard output", async () => {
    const ring = [
      [112, 40],
      [113, 40],
      [113, 41],
      [112, 41],
      [112, 40],
    ];
    const feature = { type: "Feature", properties: { code: "a" }, geometry: { type: "Polygon", coordinates: [ring] } };
    writeFileSync(join(root, "towns.geojson"), JSON.stringify({ type: "FeatureCollection", features: [feature] }));
    const { code, out, err } = await jingwei(
      ...["import", "areas", "towns.geojson", "--county", county, "--level", "town", "--json", "--dir", dir],
    );
    expect(code, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: "areas", county, read: 1, loaded: 1, skipped: [] });
    expect(err).not.toBe("");
  });

  test("takes a demo county and gives back every row of it", { timeout: 180_000 }, async () => {
    const added = await jingwei("demo", "add", "gucheng", "--json", "--dir", dir);
    expect(added.code, added.err).toBe(0);
    const { county: demo } = GUCHENG.profile;
    expect(JSON.parse(added.out)).toMatchObject({ demos: [{ slug: "gucheng", county: demo, added: true }] });
    const removed = await jingwei("demo", "remove", "gucheng", "--json", "--dir", dir);
    expect(removed.code, removed.err).toBe(0);
    const counts = (JSON.parse(removed.out) as { removed: Record<string, number> }).removed;
    for (const table of ["area_version", "incident", "duty_staff", "camera", "county_profile", "county_outline"]) {
      expect(counts[table], table).toBeGreaterThan(0);
    }
  });

  test("is whole in the doctor's eyes", async () => {
    const { code, out, err } = await jingwei("doctor", "--json", "--dir", dir);
    expect(code, err).toBe(0);
    const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] };
    expect(ok).toBe(true);
    expect(findings.filter(({ level }) => level === "fault")).toEqual([]);
    expect(findings.map(({ name }) => name)).toEqual(expect.arrayContaining(["迁移 migrations", `试验县 ${county}`]));
    // One county stands beside it: two areas (the town and the county drawn around it), no incident, no demo left.
    expect(findings.find(({ name }) => name === `试验县 ${county}`)?.detail).toMatch(/^2 areas, 0 incidents/);
    expect(findings.some(({ detail }) => detail.includes("synthetic"))).toBe(false);
  });

  test("is served by start, which keeps other processes out and ends with exit code 0", {
    timeout: 240_000,
  }, async () => {
    const { child, ended } = launch("start", "--port", "0", "--dir", dir);
    const lines: string[] = [];
    const errors = text(child.stderr);
    try {
      const address = await new Promise<string>((found, fail) => {
        createInterface({ input: child.stdout }).on("line", (line) => {
          lines.push(line);
          found(line);
        });
        ended.then(async (code) => fail(new Error(`start ended with ${code}: ${await errors}`)), fail);
      });
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      const answer = await fetch(`${address}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query: "{ counties { code name } }" }),
      });
      // The folder holds a county: no demo is added to it.
      expect(await answer.json()).toEqual({ data: { counties: [{ code: county, name: "试验县" }] } });
      expect(await (await fetch(`${address}/wall`)).text()).toContain("<!doctype html>");

      const { code, out, err } = await jingwei("county", "list", "--dir", dir);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain(`process ${child.pid}`);
      expect(err).toMatch(/what to do: Stop process/);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
    expect(lines).toHaveLength(1);
    expect(await errors).toMatch(/\[4\/4\][\s\S]+stopping/);
  });

  test("has no row of the removed demo in any table", async () => {
    const { database } = await openDatabase({ dir });
    const { county: demo } = GUCHENG.profile;
    try {
      const left = await database.transaction({ kind: "county", county: demo }, (tx) =>
        tx.rows<{ table: string; rows: number }>(
          [
            ...TENANT_TABLES.map(
              (table) => `SELECT '${table}' AS table, count(*) AS rows FROM ${table} WHERE county = $1`,
            ),
            "SELECT 'county_outline', count(*) FROM county_outline WHERE code = $1",
          ].join(" UNION ALL "),
          [demo],
        ),
      );
      expect(left).toHaveLength(TENANT_TABLES.length + 1);
      expect(left.filter(({ rows }) => rows > 0)).toEqual([]);
    } finally {
      await database.close();
    }
  });
});
