import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the client as it is built for people. */
    clientDir: string;
  }
}

/** Global setup of the browser tests: the client is built once, not once per file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clientDir = await mkdtemp(join(tmpdir(), "jingwei-client-"));
  await build({
    root: fileURLToPath(new URL("../../web", import.meta.url)),
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    logLevel: "error",
    mode: "production",
    build: { outDir: clientDir, emptyOutDir: true },
  });
  project.provide("clientDir", clientDir);
  return () => rm(clientDir, { recursive: true, force: true });
}
