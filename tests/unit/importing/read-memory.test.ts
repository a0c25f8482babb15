import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, expect, test } from "vitest";
import { openLayers } from "../../../api/services/importing/open-layers.ts";
import { ImportLog } from "../../../data/importers/report.ts";
import { writeLayerFile } from "../../bench/data/layer-file.ts";

const dir = mkdtempSync(join(tmpdir(), "jingwei-memory-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;
const used = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

test.each(["geojson", "geojsonl", "csv"] as const)(
  "16 MB of %s pass through without staying in memory (300 MB: bench read-memory)",
  async (form) => {
    const path = join(dir, `big.${form}`);
    const written = await writeLayerFile(path, form, 16 * 2 ** 20);
    const before = used();
    let features = 0;
    let most = 0;
    for (const layer of await openLayers([path], new ImportLog())) {
      for await (const _ of layer.features(new ImportLog()))
        if (++features % 10_000 === 0) most = Math.max(most, used() - before);
      await layer.close();
    }
    expect(features).toBe(written);
    // Alive at a time: a piece of the file and what was made of it. All features together are some 50 MB.
    expect(most).toBeLessThan(12);
  },
);
