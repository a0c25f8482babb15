import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { AppError } from "../../../data/model/errors.ts";
import { BROKEN_FILES } from "../../fixtures/broken-files.ts";
import { readLayers } from "../../helpers/read-layers.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-broken-"));
// A folder of our own for what readers unpack: other processes use the system's.
const systemFolder = process.env["TMPDIR"];
const spool = mkdtempSync(join(dir, "spool-"));
process.env["TMPDIR"] = spool;
afterAll(() => {
  if (systemFolder === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = systemFolder;
  rmSync(dir, { recursive: true, force: true });
});

describe("broken files", () => {
  let largest = 0;

  test("there are more than forty of them", () => expect(Object.keys(BROKEN_FILES).length).toBeGreaterThan(40));

  test.each(Object.entries(BROKEN_FILES))("%s", async (name, make) => {
    const [files, { error, at, skips, reads, flags = [] }] = make();
    const folder = mkdtempSync(join(dir, "case-"));
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
    const path = join(folder, Object.keys(files)[0] ?? "");
    const rss = process.memoryUsage().rss;
    const outcome = await readLayers([path]).catch((fault: unknown) => fault);
    largest = Math.max(largest, process.memoryUsage().rss - rss);
    if (error) {
      expect(outcome, name).toBeInstanceOf(AppError);
      const fault = outcome as AppError;
      expect(fault.kind).toBe("DATA");
      expect(fault.message).toMatch(error);
      expect(`${fault.message} ${fault.at}`).toMatch(/\ba\.\w+|b\.zip/);
      if (at !== undefined) expect(fault.at).toMatch(at);
      return;
    }
    if (outcome instanceof Error) throw outcome;
    const { layers, log } = outcome as Awaited<ReturnType<typeof readLayers>>;
    if (reads !== undefined) expect(layers.flatMap(({ features }) => features)).toHaveLength(reads);
    if (skips)
      expect(log.skipped().flatMap(({ reason, samples }) => samples.map((sample) => [reason, sample.at]))).toEqual(
        skips,
      );
    expect(log.flags().map(({ kind }) => kind)).toEqual(expect.arrayContaining([...flags]));
  });

  test("none takes much memory or leaves a file behind", () => {
    // The largest is made of 80 MB of blanks by the test itself.
    expect(largest / 2 ** 20).toBeLessThan(150);
    expect(readdirSync(spool)).toEqual([]);
  });
});
