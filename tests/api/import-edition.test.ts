import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EditionReport } from "../../data/editions/edition-report.ts";
import type { Database } from "../../db/driver.ts";
import { settleDueEditions } from "../../db/import/settle-editions.ts";
import type { ImportBatch } from "../../db/repositories/import-repository.ts";
import { locateInCounty } from "../../db/repositories/locate-repository.ts";
import { testApiOver } from "../helpers/api.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-edition-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string, content: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
const area = (code: string, name: string, west: number, east: number): unknown => ({
  type: "Feature",
  properties: { code, name },
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [west, 40],
        [east, 40],
        [east, 40.1],
        [west, 40.1],
        [west, 40],
      ],
    ],
  },
});
const layer = (name: string, ...features: unknown[]): string =>
  file(name, JSON.stringify({ type: "FeatureCollection", features }));

interface BrowserJob {
  readonly state: string;
  readonly effective: string | null;
  readonly batch: string | null;
  readonly error: { readonly code: string } | null;
  readonly report: {
    readonly edition: {
      readonly open: number;
      readonly applied: boolean;
      readonly proposals: readonly { id: string; verdict: string; choices: string[]; reasonsZh: string[] }[];
    };
  } | null;
}
const BROWSER_JOB = `query ($id: ID!) { importJob(id: $id) { state effective batch error { code } report { edition {
  effective open applied counts { kind count } recoded { from to renumbered } leftOver { code name successors units posts accounts }
  proposals { id kind changes verdict confidence decision decided choices reasonsZh reasonsEn olds { code name at } nexts { code name at } } } } } }`;

const COUNTY = "140298";
const code = (tail: string): string => `${COUNTY}${tail}`;

/** What stands in areas, and the areas: everything that an undo must give back. */
const STATE = `SELECT
  (SELECT json_agg(v ORDER BY v.id)::text FROM area_version v WHERE v.county = $1) AS versions,
  (SELECT json_agg(a ORDER BY a.id)::text FROM area a WHERE a.county = $1) AS areas,
  (SELECT json_agg(l ORDER BY l.id)::text FROM area_lineage l WHERE l.county = $1) AS lineage,
  (SELECT json_agg(json_build_array(i.source_ref, i.scope_code, i.grid_code_at, i.grid_id) ORDER BY i.source_ref)::text
     FROM incident i WHERE i.county = $1) AS cases,
  (SELECT json_agg(json_build_array(e.id, e.scope_code) ORDER BY e.id)::text FROM incident_event e WHERE e.county = $1) AS steps,
  (SELECT json_agg(json_build_array(d.county, d.scope_code, d.count) ORDER BY d.scope_code, d.whole, d.day, d.class_code, d.state)::text
     FROM incident_day d WHERE d.county = $1 AND d.count > 0) AS days,
  (SELECT json_agg(json_build_array(p.id, p.scope_code) ORDER BY p.id)::text FROM post p WHERE p.county = $1) AS posts,
  (SELECT json_agg(json_build_array(s.name, s.scope_code) ORDER BY s.name)::text FROM duty_staff s WHERE s.county = $1) AS staff,
  (SELECT json_agg(json_build_array(b.code, b.scope_code, b.households) ORDER BY b.code)::text FROM building b WHERE b.county = $1) AS buildings`;

describeOnBothDatabases("a new edition of the areas", (open) => {
  let runner: CommandRunner;
  let database: Database;
  const state = async () => (await runner.rows<Record<string, string | null>>(COUNTY, STATE))[0] ?? {};
  const edition = (...argv: string[]): Promise<EditionReport> =>
    runner.report(...argv, "--county", COUNTY, "--edition") as Promise<EditionReport>;
  const at = async (lon: number, when: string): Promise<string | null> =>
    (
      await database.transaction({ kind: "county", county: COUNTY }, (tx) =>
        locateInCounty(tx, COUNTY, lon, 40.05, when),
      )
    ).deepest;
  const scopes = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (
        await runner.rows<{ ref: string; scope: string }>(
          COUNTY,
          "SELECT source_ref AS ref, scope_code AS scope FROM incident WHERE county = $1",
        )
      ).map(({ ref, scope }) => [ref, scope]),
    );
  const undoLast = async () => {
    const [last] = JSON.parse((await runner.run("import", "list", "--county", COUNTY, "--json")).out) as ImportBatch[];
    return runner.run("import", "undo", last?.id ?? "", "--county", COUNTY, "--json");
  };
  const ask = async (query: string): Promise<unknown> => {
    const api = await testApiOver(database, { datasets: [], classes: [], now: runner.now });
    try {
      const { data, errors } = await api.graphql(query, {}, viewerAs("planner", COUNTY));
      expect(errors).toBeUndefined();
      return data;
    } finally {
      await api.app.close();
    }
  };
  const tick = (when?: string): void => {
    runner.now = when ?? new Date(Date.parse(runner.now) + 60_000).toISOString();
  };

  beforeAll(async () => {
    database = (await open()).database;
    runner = await commandRunner(database);
    expect((await runner.run("county", "add", COUNTY, "--name", "试验县", "--timezone", "Asia/Shanghai")).code).toBe(0);
    const load = async (...argv: string[]): Promise<void> => {
      tick();
      await runner.report(...argv, "--county", COUNTY);
    };
    const towns = [area(code("001"), "城关镇", 112, 112.2), area(code("002"), "河西镇", 112.2, 112.3)];
    await load("areas", layer("towns.geojson", ...towns), "--level", "town");
    const communities = [area(code("001001"), "东风社区", 112, 112.2), area(code("002001"), "河西村", 112.2, 112.3)];
    await load("areas", layer("communities.geojson", ...communities), "--level", "community");
    const grids = [
      area(code("001001001"), "第一网格", 112, 112.1),
      area(code("001001002"), "第二网格", 112.1, 112.2),
      area(code("002001001"), "河西网格", 112.2, 112.3),
    ];
    await load("grids", layer("grids.geojson", ...grids));
    await load(
      "buildings",
      layer("buildings.geojson", area("b1", "", 112.07, 112.071), area("b2", "", 112.25, 112.251)),
    );
    await load("staff", file("staff.csv", `name,area\n甲,${code("001001001")}\n乙,${code("002001001")}\n`));
    const cases = "w,2026-01-03 08:00,112.02,40.05\ne,2026-01-03 08:00,112.08,40.05\nh,2026-01-03 08:00,112.25,40.05\n";
    await load("incidents", file("cases.csv", `id,opened,lon,lat\n${cases}`));
    tick();
  });

  test("waits for its date, then gives what lies in a split grid the new codes; an undo gives all back", async () => {
    const before = await state();
    const split = layer(
      "split.geojson",
      area(code("001001001"), "第一网格", 112, 112.05),
      area(code("001001003"), "第三网格", 112.05, 112.1),
      area(code("001001002"), "第二网格（新）", 112.1, 112.2),
      area(code("002001001"), "河西网格", 112.2, 112.3),
    );
    const proposed = await edition("grids", split, "--effective", "2026-02-01", "--dry-run");
    expect(proposed.edition).toMatchObject({
      effective: "2026-01-31T16:00:00.000Z",
      counts: { split: 1, renamed: 1, unchanged: 1 },
      open: 0,
    });
    expect(await state()).toEqual(before);
    await edition("grids", split, "--effective", "2026-02-01");
    expect(await scopes()).toEqual({ w: code("001001001"), e: code("001001001"), h: code("002001001") });
    expect(await at(112.08, "2026-01-31T15:59:59Z")).toBe(code("001001001"));
    expect(await at(112.08, "2026-01-31T16:00:00Z")).toBe(code("001001003"));
    expect(await settleDueEditions(database, COUNTY, Date.parse(runner.now))).toBe(0);
    const refused = await runner.run("import", "grids", split, "--county", COUNTY);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining("begin at 2026-01-31T16:00:00.000Z, after today"),
    });

    tick("2026-02-01T01:00:00Z");
    expect(await settleDueEditions(database, COUNTY, Date.parse(runner.now))).toBe(3);
    expect(await settleDueEditions(database, COUNTY, Date.parse(runner.now))).toBe(0);
    expect(await scopes()).toEqual({ w: code("001001001"), e: code("001001003"), h: code("002001001") });
    const after = await state();
    expect(after["buildings"]).toContain(code("001001003"));
    // Where a case fell stays as it was.
    expect(JSON.parse(after["cases"] ?? "[]").map((row: string[]) => row[2])).toEqual([
      code("001001001"),
      code("002001001"),
      code("001001001"),
    ]);
    tick();
    expect(await undoLast()).toMatchObject({ code: 0, err: "" });
    expect(await state()).toEqual(before);
  });

  test("a town that is merged takes along what lies below it, its cases, staff and posts", async () => {
    const before = await state();
    tick();
    const merged = layer("merged.geojson", area(code("001"), "城关镇", 112, 112.3));
    const report = await edition("areas", merged, "--level", "town", "--effective", "2026-02-01");
    expect(report.edition).toMatchObject({
      counts: { merged: 1 },
      applied: true,
      recoded: [
        { from: code("002001"), to: code("001002"), renumbered: true },
        { from: code("002001001"), to: code("001002001"), renumbered: false },
      ],
      leftOver: [],
    });
    expect(await scopes()).toEqual({ w: code("001001001"), e: code("001001001"), h: code("001002001") });
    expect((await state())["staff"]).toContain(code("001002001"));
    expect(await at(112.25, "2026-01-20T00:00:00Z")).toBe(code("002001001"));
    expect(await at(112.25, runner.now)).toBe(code("001002001"));
    const old = await ask(`{ grid(code: "${code("002001001")}") { code name validTo
      successors { totalCount edges { cursor } nodes { kind at fromCode toCode share area { code ancestors { code } predecessors { nodes { area { code } } } } } } } }`);
    expect(old).toMatchObject({
      grid: {
        code: code("002001001"),
        validTo: "2026-01-31T16:00:00.000Z",
        successors: {
          totalCount: 1,
          nodes: [
            {
              kind: "REPARENTED",
              fromCode: code("002001001"),
              toCode: code("001002001"),
              share: 1,
              area: {
                code: code("001002001"),
                ancestors: [{ code: COUNTY }, { code: code("001") }, { code: code("001002") }],
                predecessors: { nodes: [{ area: { code: code("002001001") } }] },
              },
            },
          ],
        },
      },
    });
    expect(
      await ask(
        `{ area(code: "${code("002")}") { successors(first: 1) { pageInfo { hasNextPage } nodes { kind area { code name } } } } }`,
      ),
    ).toEqual({
      area: {
        successors: {
          pageInfo: { hasNextPage: false },
          nodes: [{ kind: "MERGE", area: { code: code("001"), name: "城关镇" } }],
        },
      },
    });
    const lineage = await runner.rows(
      COUNTY,
      "SELECT from_code, to_code, kind FROM area_lineage WHERE county = $1 ORDER BY from_code, to_code",
    );
    expect(lineage).toEqual([
      { from_code: code("001"), to_code: code("001"), kind: "merge" },
      { from_code: code("002"), to_code: code("001"), kind: "merge" },
      { from_code: code("002001"), to_code: code("001002"), kind: "reparented" },
      { from_code: code("002001001"), to_code: code("001002001"), kind: "reparented" },
    ]);
    tick();
    expect(await undoLast()).toMatchObject({ code: 0, err: "" });
    expect(await state()).toEqual(before);
  });

  test("what is unsure must be decided, in JSON or CSV, before anything is written", async () => {
    const before = await state();
    tick();
    const crossed = layer(
      "crossed.geojson",
      area(code("001001002"), "第二网格", 112, 112.1),
      area(code("001001001"), "第一网格", 112.1, 112.2),
      area(code("002001001"), "河西网格", 112.2, 112.3),
    );
    const argv = ["grids", crossed, "--effective", "2026-02-01"];
    const proposed = await edition(...argv, "--dry-run");
    expect(proposed.edition).toMatchObject({ open: 2, applied: false });
    const refused = await runner.run("import", ...argv, "--county", COUNTY, "--edition");
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining("2 proposals of this edition must be decided"),
    });
    expect(await state()).toEqual(before);
    const choices = proposed.edition.proposals.map(({ id, choices: [first] }) => [id, first ?? ""] as const);
    const decisions = file("decisions.json", JSON.stringify(Object.fromEntries(choices)));
    const wrong = file("wrong.csv", "id,decision\nnothing,none\n");
    const bad = await runner.run("import", ...argv, "--county", COUNTY, "--edition", "--decisions", wrong);
    expect(bad).toMatchObject({ code: 1, err: expect.stringContaining("no proposal of this edition") });
    const applied = await edition(...argv, "--decisions", decisions);
    expect(applied.edition).toMatchObject({ open: 0, applied: true });
    expect(await at(112.05, runner.now)).toBe(code("001001002"));
    expect(await scopes()).toEqual({ w: code("001001002"), e: code("001001002"), h: code("002001001") });
    tick();
    expect(await undoLast()).toMatchObject({ code: 0, err: "" });
    expect(await state()).toEqual(before);
  });

  test("the browser compares, sends decisions, applies and takes back by the same way", async () => {
    const before = await state();
    tick();
    const crossed = layer(
      "browser.geojson",
      area(code("001001002"), "第二网格", 112, 112.1),
      area(code("001001001"), "第一网格", 112.1, 112.2),
      area(code("002001001"), "河西网格", 112.2, 112.3),
    );
    const api = await testApiOver(database, {
      ...{ datasets: [], classes: [], now: runner.now },
      environment: { JINGWEI_DIR: dir },
    });
    const admin = viewerAs("admin", COUNTY);
    const upload = randomUUID();
    const input = (more: Record<string, unknown>) => ({
      ...{ county: COUNTY, upload, kind: "grids", dryRun: false, clientKey: randomUUID() },
      ...more,
    });
    const start = "mutation ($input: ImportInput!) { runImport(input: $input) { id } }";
    const run = async (more: Record<string, unknown>): Promise<BrowserJob> => {
      const { data } = await api.graphql<{ runImport: { id: string } }>(start, { input: input(more) }, admin);
      const id = data?.runImport.id ?? "";
      const ended = async (): Promise<BrowserJob | undefined> =>
        (await api.graphql<{ importJob: BrowserJob }>(BROWSER_JOB, { id }, admin)).data?.importJob;
      await expect.poll(async () => (await ended())?.state, { timeout: 20_000 }).toMatch(/DONE|FAILED/);
      return (await ended()) as BrowserJob;
    };
    try {
      const sent = await api.app.inject({
        method: "POST",
        url: `/imports/files?${new URLSearchParams({ county: COUNTY, upload, name: "grids.geojson" })}`,
        headers: { ...viewerHeaders(admin), "content-type": "application/octet-stream" },
        payload: readFileSync(crossed),
      });
      expect(sent.statusCode).toBeLessThan(300);
      const edition = { effective: "2026-02-01" };
      const compared = await run({ dryRun: true, edition });
      expect(compared).toMatchObject({
        effective: "2026-02-01",
        report: { edition: { effective: "2026-01-31T16:00:00.000Z", open: 2, applied: false } },
      });
      expect(await run({ edition })).toMatchObject({ state: "FAILED", error: { code: "CONFLICT" }, batch: null });
      expect(await state()).toEqual(before);
      const unsure = compared.report?.edition.proposals.filter(({ verdict }) => verdict === "unsure") ?? [];
      expect(unsure.flatMap(({ reasonsZh }) => reasonsZh)).not.toEqual([]);
      const decisions = unsure.map(({ id, choices: [decision = ""] }) => ({ id, decision }));
      const job = await run({ edition: { ...edition, decisions } });
      expect(job.report?.edition).toMatchObject({ open: 0, applied: true });
      expect(await at(112.05, runner.now)).toBe(code("001001002"));
      const refused = async (more: Record<string, unknown>): Promise<unknown> =>
        (await api.graphql(start, { input: input(more) }, admin)).errors?.[0]?.extensions?.["path"];
      expect(await refused({ edition, kind: "staff" })).toBe("input.edition");
      expect(await refused({ edition: { effective: "1 May" } })).toBe("input.edition.effective");
      const twice = decisions.flatMap((one) => [one, one]);
      expect(await refused({ edition: { ...edition, decisions: twice } })).toBe("input.edition.decisions");
    } finally {
      await api.app.close();
    }
    tick();
    expect(await undoLast()).toMatchObject({ code: 0, err: "" });
    expect(await state()).toEqual(before);
  });

  test("flags that do not go together are refused", async () => {
    const run = async (...argv: string[]) => (await runner.run("import", ...argv, "--county", COUNTY)).code;
    expect(await run("grids", "x.geojson", "--edition")).toBe(2);
    expect(await run("grids", "x.geojson", "--effective", "2026-02-01")).toBe(2);
    expect(await run("staff", "x.csv", "--edition", "--effective", "2026-02-01")).toBe(2);
    expect(await run("grids", join(dir, "grids.geojson"), "--edition", "--effective", "2026-02-31")).toBe(1);
  });
});
