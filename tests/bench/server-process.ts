import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A server under test: a process of its own that printed its address. */
export interface ServerProcess {
  readonly name: string;
  readonly address: string;
  /** Processor time of the process so far, ms. */
  cpuMs(): number;
  /** Resident memory, MB. */
  residentMb(): number;
  stop(): Promise<void>;
}

/**
 * Processor time of a process so far, ms. `schedstat` counts nanoseconds per thread; a thread that ended between two
 * readings is lost, which servers' threads do not.
 */
export function processCpuMs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return 0;
  let ns = 0;
  for (const task of readdirSync(tasks)) {
    try {
      ns += Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ns / 1e6;
}

/** Parent of a process; 0 when it is gone. */
function parentOf(pid: string): number {
  try {
    // The name may hold blanks and parentheses: fields are counted from its end.
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return 0;
  }
}

/** Processes that a process started. */
const childrenOf = (pid: number): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);

/** Processor time of a PostgreSQL cluster, ms: its postmaster and all that it started. @param backend pid of a backend */
export function clusterCpuMs(backend: number): number {
  const postmaster = parentOf(String(backend));
  return [postmaster, ...childrenOf(postmaster)].reduce((sum, pid) => sum + processCpuMs(pid), 0);
}

interface ServerOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Counts the programs that it started in its place: it only passes on what they answer. */
  readonly passesOn?: boolean;
}

/**
 * Starts a server that prints its address as its first line. With `BENCH_PROFILE=folder` it writes a CPU profile there
 * when it ends.
 */
export async function startServerProcess(
  name: string,
  command: readonly string[],
  options: ServerOptions = {},
): Promise<ServerProcess> {
  const profiles = process.env["BENCH_PROFILE"];
  const profiling = profiles ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`, "--cpu-prof-interval=200"] : [];
  const child: ChildProcess = spawn(process.execPath, [...profiling, ...command], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, NODE_ENV: "production", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<never>((_, reject) =>
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}: ${errors}`))),
  );
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const address = await Promise.race([new Promise<string>((resolve) => lines.once("line", resolve)), ended]);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} has no process`);
  return {
    name,
    address,
    cpuMs: () =>
      options.passesOn ? childrenOf(pid).reduce((sum, one) => sum + processCpuMs(one), 0) : processCpuMs(pid),
    residentMb: () =>
      Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024),
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
      await gone;
      clearTimeout(timer);
    },
  };
}
