import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { build } from "vite";
import type { TestProject } from "vitest/node";
import { ensureDemoAccounts } from "../../api/auth/demo-accounts.ts";
import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { ANCHOR } from "./seat-anchor.ts";

/** Snapshots of empty embedded databases, shared with the other tests. */
const CACHE_DIR = fileURLToPath(new URL("../../node_modules/.cache/jingwei", import.meta.url));

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the client as it is built for people. */
    clientDir: string;
    /** Folder with `data/` of a generated Zuoyun and its demo accounts, to be copied, and `dataset.bin`, as it was generated. */
    seatsDir: string;
  }
}

/** Generates and loads the county that browser tests sit in. */
async function prepareSeats(into: string): Promise<void> {
  const dataset = generate(DEMO_PROFILES.zuoyun, "e2e", ANCHOR);
  await writeFile(join(into, "dataset.bin"), serialize(dataset));
  const dir = join(into, "data");
  await mkdir(dir);
  const { database } = await openDatabase({ dir, cacheDir: CACHE_DIR, durable: false });
  try {
    await loadReference(database, CLASS_CODES);
    await loadCounty(database, dataset, { now: ANCHOR });
    await ensureDemoAccounts(database, Date.parse(ANCHOR));
  } finally {
    await database.close();
  }
}

/** Global setup of the browser tests: the client is built and the county loaded once, not once per file. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clientDir = await mkdtemp(join(tmpdir(), "jingwei-client-"));
  await build({
    root: fileURLToPath(new URL("../../web", import.meta.url)),
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    logLevel: "error",
    mode: "production",
    build: { outDir: clientDir, emptyOutDir: true },
  });
  const seatsDir = await mkdtemp(join(tmpdir(), "jingwei-seats-"));
  await prepareSeats(seatsDir);
  project.provide("clientDir", clientDir);
  project.provide("seatsDir", seatsDir);
  return async () => {
    for (const dir of [clientDir, seatsDir]) await rm(dir, { recursive: true, force: true });
  };
}
