import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build } from "vite";

const RENDER_HARNESS = fileURLToPath(new URL("../render/harness", import.meta.url));

/**
 * Builds a page with the project's own bundler into a temporary folder and answers with its path.
 *
 * @param root folder with the page's index.html
 * @param base path that it is served under, with a slash at its end
 */
export async function buildHarness(root = RENDER_HARNESS, base = "/"): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "jingwei-harness-"));
  await build({
    configFile: false,
    root,
    base,
    plugins: [react()],
    logLevel: "error",
    build: { outDir, emptyOutDir: true, target: "es2022", chunkSizeWarningLimit: 4000 },
  });
  return outDir;
}
