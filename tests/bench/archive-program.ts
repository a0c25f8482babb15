import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { processCpuMs } from "./server-process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A command of an archive that was asked to end, or ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** An archive as it lies unpacked, with the data folder that it works on. */
export interface ArchiveProgram {
  readonly folder: string;
  run(dir: string, ...argv: readonly string[]): Ended;
  start(dir: string): Promise<RunningArchive>;
}

export interface RunningArchive {
  readonly address: string;
  /** From the call to the first answer that all is ready. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  stop(): Promise<void>;
}

/** The environment of a machine without npm and Node. */
const bare = (dir: string): NodeJS.ProcessEnv => ({ PATH: "/usr/bin:/bin", HOME: dir, JINGWEI_DIR: dir });

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

async function start(folder: string, dir: string): Promise<RunningArchive> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const began = performance.now();
  const child: ChildProcess = spawn(join(folder, "jingwei"), ["start", "--port", String(port), "--demo", "none"], {
    env: bare(dir),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
    const ready = await fetch(`${address}/readyz`).catch(() => undefined);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    address,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: processCpuMs(child.pid ?? 0) / 1000,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** The program in an unpacked archive. */
export const programIn = (folder: string): ArchiveProgram => ({
  folder,
  run: (dir, ...argv) => {
    const result = spawnSync(join(folder, "jingwei"), argv, { env: bare(dir), encoding: "utf8" });
    return { code: result.status ?? -1, out: result.stdout, err: result.stderr };
  },
  start: (dir) => start(folder, dir),
});

/** Unpacks an archive for this platform into a folder of its own. */
export function unpack(archive: string, into: string): ArchiveProgram {
  mkdirSync(into, { recursive: true });
  if (spawnSync("tar", ["-xzf", archive, "-C", into]).status !== 0) throw new Error(`tar could not unpack ${archive}`);
  return programIn(join(into, readdirSync(into).find((name) => name.startsWith("jingwei-")) ?? ""));
}

const must = (what: string, { status, stderr }: { readonly status: number | null; readonly stderr: string }): void => {
  if (status !== 0) throw new Error(`${what}: ${stderr}`);
};

/** Packs this checkout. @returns what `jingwei pack --json` says */
export function packHere(file: string): { readonly bytes: number; readonly unpackedBytes: number } {
  const args = ["bin/jingwei.mjs", "pack", "-o", file, "--json"];
  const made = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  must("pack", made);
  return JSON.parse(made.stdout) as { bytes: number; unpackedBytes: number };
}

/** Packs the sources of an earlier commit with that commit's own code and the packages that are installed. */
export function packCommit(commit: string, file: string, work: string): void {
  const root = join(work, "sources");
  mkdirSync(root, { recursive: true });
  const script = 'git archive "$1" | tar -x -C "$2"';
  must("git archive", spawnSync("sh", ["-c", script, "sh", commit, root], { cwd: ROOT, encoding: "utf8" }));
  if (!existsSync(join(root, "node_modules"))) symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  const args = ["bin/jingwei.mjs", "pack", "-o", file];
  must("pack of the earlier commit", spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" }));
}
