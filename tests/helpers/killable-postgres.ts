import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { withClient } from "./database.ts";
import { findInstallation, freePort, type NoNativeServer, runOrThrow, serverAccount } from "./native-postgres.ts";

/** How long a killed server may take until it answers again: its own recovery, and its last processes that still end. */
const UP_AGAIN_MS = 20_000;

/**
 * A PostgreSQL server that is a child of this process, with flushing on, to be killed and started again. (`pg_ctl` gives its
 * server to whoever is process 1; where that one collects no dead children, a killed server looks alive for ever.)
 */
export class KillablePostgres {
  readonly url: string;
  readonly #start: () => ChildProcess;
  readonly #dir: string;
  #server: ChildProcess | undefined;

  private constructor(url: string, dir: string, start: () => ChildProcess) {
    this.url = url;
    this.#dir = dir;
    this.#start = start;
  }

  static async start(): Promise<KillablePostgres | NoNativeServer> {
    const found = findInstallation();
    if ("missing" in found) return found;
    const account = serverAccount();
    const dir = mkdtempSync(join(tmpdir(), "jingwei-pg-"));
    if (account) chownSync(dir, account.uid, account.gid);
    chmodSync(dir, 0o700);
    const data = join(dir, "data");
    const initdb = join(found.bin, "initdb");
    runOrThrow(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], account);
    const port = await freePort();
    const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: dir, shared_buffers: "64MB" };
    const args = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
    const server = new KillablePostgres(`postgres://postgres@127.0.0.1:${port}/postgres`, dir, () =>
      spawn(join(found.bin, "postgres"), args, { ...account, cwd: "/", stdio: "ignore" }),
    );
    await server.up();
    return server;
  }

  /** Starts it and waits until it answers. @throws when it does not within 20 s */
  async up(): Promise<void> {
    const until = Date.now() + UP_AGAIN_MS;
    for (;;) {
      // It ends by itself while processes of the one before still hold its memory.
      if (!this.#server || this.#server.exitCode !== null || this.#server.signalCode !== null)
        this.#server = this.#start();
      await delay(150);
      try {
        await withClient(this.url, (client) => client.query("SELECT 1"));
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  }

  /** Ends its first process without any chance to clean up; the others end when they find it gone. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server && server.exitCode === null && server.signalCode === null) {
      const ended = once(server, "exit");
      server.kill("SIGQUIT");
      await Promise.race([ended, delay(5_000)]);
      if (server.exitCode === null && server.signalCode === null) await this.kill();
    }
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
