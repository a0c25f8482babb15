import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LayerForm, writeLayerFile } from "./data/layer-file.ts";
import type { Figure } from "./figure.ts";

const BYTES = 300 * 2 ** 20;
const GOAL_MB = 300;
const PROCESS = fileURLToPath(new URL("./data/read-layer-process.ts", import.meta.url));

/** How much a process grows while it reads files of 300 MB, each in a process of its own. */
export async function* readMemory(): AsyncIterable<Figure> {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-read-"));
  try {
    for (const form of ["geojson", "geojsonl", "csv"] satisfies LayerForm[]) {
      const path = join(dir, `big.${form}`);
      const written = await writeLayerFile(path, form, BYTES);
      const told = execFileSync(process.execPath, ["--import", "tsx", PROCESS, path], { encoding: "utf8" });
      const { features, seconds, growth } = JSON.parse(told) as Record<"features" | "seconds" | "growth", number>;
      if (features !== written) throw new Error(`${features} of ${written} features were read`);
      const figure = (name: string, value: number, unit: string): Figure => ({
        bench: "read-memory",
        name,
        value,
        unit,
      });
      const mb = statSync(path).size / 2 ** 20;
      const grown = Math.round(growth / 2 ** 20);
      yield { ...figure(`${form}: growth over idle`, grown, "MB"), goal: `< ${GOAL_MB}`, ok: grown < GOAL_MB };
      yield figure(`${form}: read, names and features`, Math.round(mb / seconds), "MB/s");
      rmSync(path);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
