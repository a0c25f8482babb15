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
import { DIRECTORY_TABLES, KEPT_TABLES, TENANT_TABLES } from "../../db/tenant-tables.ts";
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

interface Session {
  readonly csrf: string;
}

/** The cookie that an answer set, as a browser sends it back. */
const cookieOf = (answer: Response): string => answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";

/** Waits until a text has been said. */
async function found(said: readonly string[], pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const [match] = pattern.exec(said.join("")) ?? [];
    if (match !== undefined) return match;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${pattern} was not said: ${said.join("")}`);
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
    const said: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (part: string) => said.push(part));
    try {
      const address = await new Promise<string>((told, fail) => {
        createInterface({ input: child.stdout }).on("line", (line) => {
          lines.push(line);
          told(line);
        });
        ended.then((code) => fail(new Error(`start ended with ${code}: ${said.join("")}`)), fail);
      });
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect(await (await fetch(`${address}/wall`)).text()).toContain("<!doctype html>");

      // Nobody has signed in yet: the link is on standard error, once, and leads to a password.
      expect((await fetch(`${address}/columns/areas?county=${county}`)).status).toBe(401);
      const link = await found(said, /https?:\S+\/auth\/first\?link=\S+/);
      expect(link.startsWith(address)).toBe(true);
      const first = await fetch(link, { redirect: "manual" });
      expect([first.status, first.headers.get("location")]).toEqual([303, "/account?first"]);
      expect((await fetch(link, { redirect: "manual" })).status).toBe(401);
      const cookie = cookieOf(first);
      const session = (await (await fetch(`${address}/auth/session`, { headers: { cookie } })).json()) as Session;
      // The folder holds a county: no demo is added to it, and no demo account.
      expect(session).toMatchObject({ viewer: { login: "admin", mustChangePassword: true }, methods: { demo: [] } });
      const changed = await fetch(`${address}/auth/password`, {
        method: "POST",
        headers: { cookie, origin: address, "content-type": "application/json", "x-jingwei-csrf": session.csrf },
        body: JSON.stringify({ next: "a password of the first start" }),
      });
      expect(changed.status, await changed.text()).toBe(204);
      const areas = await fetch(`${address}/columns/areas?county=${county}`, {
        headers: { cookie: cookieOf(changed) },
      });
      expect(areas.status).toBe(200);

      const { code, out, err } = await jingwei("county", "list", "--dir", dir);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain(`process ${child.pid}`);
      expect(err).toMatch(/what to do: Stop process/);
    } finally {
      child.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
    expect(lines).toHaveLength(1);
    expect(said.join("")).toMatch(/\[5\/5\][\s\S]+stopping/);
    expect(lines.join("")).not.toContain("link=");
  });

  test("says no way in any more once the administrator has a password", { timeout: 120_000 }, async () => {
    const { child, ended } = launch("start", "--port", "0", "--dir", dir);
    const said = text(child.stderr);
    createInterface({ input: child.stdout }).on("line", () => child.kill("SIGTERM"));
    const code = await ended;
    expect(code, await said).toBe(0);
    expect(await said).not.toContain("link=");
  });

  test("has no row of the removed demo in any table but the audit log, which stays", async () => {
    const tables = [...TENANT_TABLES, ...DIRECTORY_TABLES].filter((table) => !KEPT_TABLES.includes(table));
    const { database } = await openDatabase({ dir });
    const { county: demo } = GUCHENG.profile;
    try {
      const left = await database.transaction({ kind: "loader", county: demo }, (tx) =>
        tx.rows<{ table: string; rows: number }>(
          [
            ...tables.map((table) => `SELECT '${table}' AS table, count(*) AS rows FROM ${table} WHERE county = $1`),
            "SELECT 'county_outline', count(*) FROM county_outline WHERE code = $1",
          ].join(" UNION ALL "),
          [demo],
        ),
      );
      expect(left).toHaveLength(tables.length + 1);
      expect(left.filter(({ rows }) => rows > 0)).toEqual([]);
    } finally {
      await database.close();
    }
  });
});
