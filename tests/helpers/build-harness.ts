import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build } from "vite";

/** Builds the render harness with the project's own bundler into a temporary folder and answers with its path. */
export async function buildHarness(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "jingwei-harness-"));
  await build({
    configFile: false,
    root: fileURLToPath(new URL("../render/harness", import.meta.url)),
    plugins: [react()],
    logLevel: "error",
    build: { outDir, emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 4000 },
  });
  return outDir;
}
