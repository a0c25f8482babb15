import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { userError } from "../../data/model/errors.ts";

/** Root of the package: where package.json lies. */
export const PACKAGE_ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The built browser client. */
export const CLIENT_DIR = join(PACKAGE_ROOT, "dist", "client");

/** What the client is made of; a change in any of it makes a build stale. */
const SOURCES = ["web", "data", "package-lock.json", "vite.config.ts"];
const HASH_FILE = "build-hash.txt";

export type ClientState = "fresh" | "stale" | "missing";

/** Hash of the client's sources; undefined where a package ships without them. */
async function sourceHash(): Promise<string | undefined> {
  if (!existsSync(join(PACKAGE_ROOT, "web"))) return undefined;
  const lists = await Promise.all(SOURCES.map((source) => filesUnder(join(PACKAGE_ROOT, source))));
  const files = await Promise.all(lists.flat().map(async (path) => ({ path, content: await readFile(path) })));
  const hash = createHash("sha256");
  for (const { path, content } of files) hash.update(`\0${relative(PACKAGE_ROOT, path)}\0`).update(content);
  return hash.digest("hex");
}

async function filesUnder(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Whether the built client belongs to the sources beside it. */
export async function clientState(): Promise<{ readonly state: ClientState; readonly hash: string | undefined }> {
  const hash = await sourceHash();
  if (!existsSync(join(CLIENT_DIR, "index.html"))) return { state: "missing", hash };
  if (hash === undefined) return { state: "fresh", hash };
  const built = await readFile(join(CLIENT_DIR, HASH_FILE), "utf8").catch(() => "");
  return { state: built === hash ? "fresh" : "stale", hash };
}

/**
 * Builds the client when it is missing or stale, in a process of its own so that the database can open meanwhile. The
 * build goes beside the old one and takes its place when it is complete.
 *
 * @returns what was found, and whether a build ran
 * @throws USER error with the builder's output when it fails
 */
export async function ensureClient(): Promise<{ readonly state: ClientState; readonly built: boolean }> {
  const { state, hash } = await clientState();
  if (state === "fresh") return { state, built: false };
  if (hash === undefined) {
    throw userError("the browser client is missing and so are its sources", {
      at: CLIENT_DIR,
      hint: "Install Jingwei again.",
    });
  }
  const building = `${CLIENT_DIR}.building-${process.pid}`;
  const old = `${CLIENT_DIR}.old-${process.pid}`;
  try {
    await runBuild(building);
    await writeFile(join(building, HASH_FILE), hash);
    if (existsSync(CLIENT_DIR)) await rename(CLIENT_DIR, old);
    await rename(building, CLIENT_DIR);
  } finally {
    await rm(building, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
  return { state, built: true };
}

function runBuild(outDir: string): Promise<void> {
  const script = fileURLToPath(new URL("./client-build-process.mjs", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, outDir], {
      cwd: PACKAGE_ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    const output: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else {
        const hint = "Run npm install again; if it still fails, report the lines above.";
        reject(userError(`the browser client could not be built:\n${output.join("").trim()}`, { at: "web/", hint }));
      }
    });
  });
}
