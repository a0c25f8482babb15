import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ImportBatch } from "../../db/repositories/import-repository.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-undo-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string, content: string): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};
const box = (properties: object, west: number, east: number, north = 40.1): unknown => ({
  type: "Feature",
  properties,
  geometry: {
    type: "Polygon",
    coordinates: [
      [
        [west, 40],
        [east, 40],
        [east, north],
        [west, north],
        [west, 40],
      ],
    ],
  },
});
const collection = (...features: unknown[]): string => JSON.stringify({ type: "FeatureCollection", features });

/** Why the first import cannot be undone before the later ones. */
const REFUSED: Readonly<Record<number, RegExp>> = {
  1: /later work hangs on what it added: 1 buildings \(first in 140298099199001\)/,
  2: /rows of area_version .* changed since[\s\S]*Undo the later imports first: grids /,
  3: /rows of area_version .* changed since[\s\S]*Undo the later imports first: grids /,
};

/** What an import touches, row by row; counters that only ever grow are left out. */
const ROWS = `SELECT
  (SELECT coalesce(string_agg(v::text, E'\\n' ORDER BY v.id), '') FROM area_version v WHERE v.county = $1) AS versions,
  (SELECT coalesce(string_agg(a::text, E'\\n' ORDER BY a.id), '') FROM area a WHERE a.county = $1) AS areas,
  (SELECT coalesce(string_agg(b::text, E'\\n' ORDER BY b.id), '') FROM building b WHERE b.county = $1) AS buildings,
  (SELECT coalesce(string_agg(o::text, ''), '') FROM county_outline o WHERE o.code = $1) AS outline,
  (SELECT count(*) FROM import_batch b WHERE b.county = $1 AND b.undone_at IS NULL) AS standing`;

describeOnBothDatabases("undoing an import", (open) => {
  const county = "140298";
  let runner: CommandRunner;
  const rows = async () => (await runner.rows<Record<string, unknown>>(county, ROWS))[0];
  const imports = async (): Promise<ImportBatch[]> =>
    JSON.parse((await runner.run("import", "list", "--county", county, "--json")).out);
  const last = async (): Promise<string> => (await imports())[0]?.id ?? "";
  const undo = (batch: string) => runner.run("import", "undo", batch, "--county", county, "--json");
  const tick = (): void => {
    runner.now = new Date(Date.parse(runner.now) + 60_000).toISOString();
  };

  beforeAll(async () => {
    runner = await commandRunner((await open()).database);
    expect((await runner.run("county", "add", county, "--name", "试验县", "--timezone", "Asia/Shanghai")).code).toBe(0);
  });

  test("gives back the rows as they were, import by import, to nothing", async () => {
    const states: (Record<string, unknown> | undefined)[] = [];
    const batches: string[] = [];
    const step = async (kind: string, ...argv: string[]): Promise<void> => {
      states.push(await rows());
      tick();
      await runner.report(kind, ...argv, "--county", county);
      batches.push(await last());
    };
    const two = [box({ code: "w", households: 100 }, 112, 112.1), box({ code: "e", households: 90 }, 112.1, 112.2)];
    await step("grids", file("two.geojson", collection(...two)));
    const house = (id: string, floors: number): unknown => box({ id, floors, households: 8 }, 112.01, 112.011, 40.001);
    await step("buildings", file("houses.geojson", collection(house("a", 6))));
    // A day later a line moves, a count changes, a grid is new: versions close and open, sums and outlines follow.
    runner.now = "2026-01-20T03:00:00Z";
    await step(
      "grids",
      file(
        "moved.geojson",
        collection(
          box({ code: "w", households: 120 }, 112, 112.12),
          box({ code: "e", households: 95 }, 112.1, 112.2),
          box({ code: "n", households: 7 }, 112.2, 112.3),
        ),
      ),
    );
    await step("buildings", file("more.geojson", collection(house("a", 7), house("b", 5))));
    states.push(await rows());
    expect(new Set(states.map((state) => JSON.stringify(state))).size).toBe(5);

    for (const [n, batch] of [...batches.entries()].reverse()) {
      // The first import brought the grids: what came later stands in them.
      if (n > 0)
        expect(await undo(batches[0] as string)).toMatchObject({
          code: 1,
          err: expect.stringMatching(REFUSED[n] ?? ""),
        });
      tick();
      const { code, out, err } = await undo(batch);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(JSON.parse(out)).toMatchObject({ county, batch, kind: n % 2 ? "buildings" : "grids" });
      expect(await rows()).toEqual(states[n]);
    }
    expect(await rows()).toMatchObject({ versions: "", areas: "", outline: "", standing: 0 });
    const again = await undo(batches[0] as string);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("is undone already, since 2026-01-20T") });
  });

  test("is refused where cases stand in its grids, and changes nothing", async () => {
    tick();
    await runner.report(
      "grids",
      file("one.geojson", collection(box({ code: "w", households: 100 }, 112, 112.1))),
      "--county",
      county,
    );
    const batch = await last();
    tick();
    await runner.report(
      "incidents",
      file("cases.csv", "id,opened,lon,lat\n1,2026-01-03 08:00,112.05,40.05\n2,2026-01-03 08:00,112.05,40.06\n"),
      "--county",
      county,
    );
    const before = await rows();
    expect(await undo(batch)).toMatchObject({
      code: 1,
      err: expect.stringContaining("2 cases (first in 140298099199001)"),
    });
    expect(await rows()).toEqual(before);
  });

  test.each([
    ["an id that is none", "x", /had no import x/],
    ["an import of nobody", "01941f29-7c00-7000-8000-000000000000", /had no import/],
  ])("%s is refused", async (_name, batch, message) => {
    expect(await undo(batch)).toMatchObject({ code: 1, err: expect.stringMatching(message) });
  });

  test("is told in the audit log and by one event", async () => {
    const [told] = await runner.rows<{ audited: number; events: number; left: number }>(
      county,
      `SELECT (SELECT count(*) FROM audit_log WHERE county = $1 AND action = 'import.undo') AS audited,
              (SELECT count(*) FROM outbox WHERE county = $1 AND op = 'BULK' AND entity ->> 'undone' = 'true') AS events`,
    );
    expect(told).toEqual({ audited: 4, events: 4 });
    const listed = await imports();
    expect(listed).toHaveLength(6);
    expect(listed.filter(({ undoneAt }) => undoneAt !== null)).toHaveLength(4);
  });
});
