import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/** A PostgreSQL server for the tests: its URL with the database `postgres`, and how to stop it. */
export interface NativeServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Why there is no server, and what to install. */
export interface NoNativeServer {
  readonly missing: string;
}

export interface Installation {
  readonly bin: string;
  readonly major: number;
}

const BASE = "/usr/lib/postgresql";

/** Newest installed server that has PostGIS: Debian keeps programs and extensions apart, by major version. */
export function findInstallation(): Installation | NoNativeServer {
  const majors = existsSync(BASE)
    ? readdirSync(BASE)
        .map(Number)
        .filter((major) => existsSync(join(BASE, String(major), "bin", "initdb")))
        .sort((a, b) => b - a)
    : [];
  const major = majors.find((n) => existsSync(`/usr/share/postgresql/${n}/extension/postgis.control`));
  if (major !== undefined) return { bin: join(BASE, String(major), "bin"), major };
  const newest = majors[0];
  return {
    missing:
      newest === undefined
        ? "no PostgreSQL server: apt-get install postgresql postgresql-15-postgis-3 (or set DATABASE_URL_TEST)"
        : `PostgreSQL ${newest} has no PostGIS: apt-get install postgresql-${newest}-postgis-3`,
  };
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: the server then runs as user `postgres`. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);
  return { uid: id("-u"), gid: id("-g") };
}

export function runOrThrow(program: string, args: readonly string[], account: Account | undefined): void {
  const result = spawnSync(program, args, {
    ...account,
    cwd: "/",
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  if (result.status !== 0) {
    throw new Error(`${program} ${args.join(" ")} failed: ${result.error?.message ?? result.stderr ?? result.stdout}`);
  }
}

/**
 * A server to test on: the one named by DATABASE_URL_TEST or DATABASE_URL, otherwise a temporary one that is started
 * from the installed programs (unix socket and a random loopback port, flushing off) and removed by `stop`.
 */
export async function startNativeServer(): Promise<NativeServer | NoNativeServer> {
  const given = process.env["DATABASE_URL_TEST"] ?? process.env["DATABASE_URL"];
  if (given) return { url: given, stop: () => Promise.resolve() };
  const found = findInstallation();
  if ("missing" in found) return found;
  const account = serverAccount();
  const dir = mkdtempSync(join(tmpdir(), "jingwei-pg-"));
  if (account) chownSync(dir, account.uid, account.gid);
  chmodSync(dir, 0o700);
  const data = join(dir, "data");
  const port = await freePort();
  const initdb = join(found.bin, "initdb");
  const pgCtl = join(found.bin, "pg_ctl");
  try {
    runOrThrow(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], account);
    const settings = `-c port=${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${dir} -c fsync=off -c full_page_writes=off -c max_connections=60`;
    runOrThrow(pgCtl, ["-D", data, "-w", "-l", join(dir, "log"), "-o", settings, "start"], account);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      runOrThrow(pgCtl, ["-D", data, "-w", "-m", "immediate", "stop"], account);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Port of the server that runs over a data folder; undefined where none does. */
function runningPort(data: string): number | undefined {
  const pidFile = join(data, "postmaster.pid");
  if (!existsSync(pidFile)) return undefined;
  // Lines of postmaster.pid: process, folder, start, port, …
  const [pid, , , port] = readFileSync(pidFile, "utf8").split("\n");
  return existsSync(`/proc/${pid}`) ? Number(port) : undefined;
}

/**
 * A server whose data stay in `dir` from run to run, for benchmarks: started where it does not run, and stopped by who
 * started it. Flushing is off, so after a crash of the machine the folder is to be removed.
 *
 * @param settings further settings of the server, by name
 */
export async function startKeptServer(
  dir: string,
  settings: Readonly<Record<string, string>>,
): Promise<NativeServer | NoNativeServer> {
  const found = findInstallation();
  if ("missing" in found) return found;
  const account = serverAccount();
  mkdirSync(dir, { recursive: true });
  if (account) chownSync(dir, account.uid, account.gid);
  chmodSync(dir, 0o700);
  const data = join(dir, "data");
  const url = (port: number): string => `postgres://postgres@127.0.0.1:${port}/postgres`;
  const running = runningPort(data);
  if (running !== undefined) return { url: url(running), stop: () => Promise.resolve() };
  if (!existsSync(join(data, "PG_VERSION")))
    runOrThrow(
      join(found.bin, "initdb"),
      ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
      account,
    );
  const port = await freePort();
  const all = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: dir,
    fsync: "off",
    full_page_writes: "off",
    ...settings,
  };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`);
  const pgCtl = join(found.bin, "pg_ctl");
  runOrThrow(pgCtl, ["-D", data, "-w", "-l", join(dir, "log"), "-o", options.join(" "), "start"], account);
  return {
    url: url(port),
    stop: () => Promise.resolve(runOrThrow(pgCtl, ["-D", data, "-w", "-m", "fast", "stop"], account)),
  };
}

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the server of this run. */
    nativeUrl: string | undefined;
    /** Why there is none. */
    nativeMissing: string | undefined;
  }
}

/** Global setup of the projects that use a database: one server for all their files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startNativeServer();
  if ("missing" in server) {
    project.provide("nativeMissing", server.missing);
    project.provide("nativeUrl", undefined);
    return () => Promise.resolve();
  }
  project.provide("nativeUrl", server.url);
  project.provide("nativeMissing", undefined);
  return () => server.stop();
}
