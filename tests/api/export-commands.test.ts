import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExportKind } from "../../data/exporters/registry.ts";
import { EXPORT_KINDS } from "../../data/exporters/registry.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { type CommandRunner, commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { smallDataset } from "../helpers/small-dataset.ts";

const COUNTY = "990001";

interface Collection {
  readonly features: readonly {
    readonly id: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
  }[];
  readonly [member: string]: unknown;
}

describeOnBothDatabases("jingwei export", (open) => {
  let commands: CommandRunner;
  const folder = mkdtempSync(join(tmpdir(), "jingwei-export-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const { database } = await open();
    commands = await commandRunner(database);
    await loadCounty(database, smallDataset({ county: COUNTY }), { now: commands.now });
  });

  const take = async (kind: ExportKind, format: string, ...more: string[]): Promise<string> => {
    const file = join(folder, `${kind}-${more.join("")}.${format}`);
    const end = await commands.run(
      "export",
      kind,
      "--county",
      COUNTY,
      "--format",
      format,
      "-o",
      file,
      "--json",
      ...more,
    );
    expect(end.err).toBe("");
    expect(JSON.parse(end.out)).toMatchObject({ kind, county: COUNTY, format, file });
    return file;
  };
  const collection = async (kind: ExportKind, ...more: string[]): Promise<Collection> =>
    JSON.parse(readFileSync(await take(kind, "geojson", ...more), "utf8")) as Collection;

  it.each(EXPORT_KINDS)("writes %s in every format", async (kind) => {
    const { features, ...members } = await collection(kind);
    expect(features.length).toBeGreaterThan(0);
    expect(members).toMatchObject({
      exportedAt: "2026-01-15T08:00:00+08:00",
      exportedBy: "cli",
      county: { code: COUNTY },
    });
    const csv = readFileSync(await take(kind, "csv"), "utf8");
    expect(csv.trimEnd().split("\r\n").length).toBe(features.length + 1);
    expect(
      readFileSync(await take(kind, "gpkg"))
        .subarray(0, 15)
        .toString(),
    ).toBe("SQLite format 3");
    expect(
      readFileSync(await take(kind, "xlsx"))
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
    const kept = await commands.rows<{ count: number }>(
      COUNTY,
      `SELECT count(*)::int AS count FROM audit_log WHERE county = $1 AND action = 'export.file' AND entity::json->>'kind' = '${kind}'`,
    );
    expect(kept).toEqual([{ count: 4 }]);
  });
});
void execFileSync;
void spawnSync;
void writeFileSync;
void describe;
