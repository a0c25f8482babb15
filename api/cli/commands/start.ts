import { createServer as createTcpServer } from "node:net";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { DEMO_SLUGS, type DemoSlug } from "../../../data/demo/profile.ts";
import { userError } from "../../../data/model/errors.ts";
import type { Database } from "../../../db/driver.ts";
import { authenticator } from "../../auth/authenticate.ts";
import { startOperations } from "../../backup/operations.ts";
import { environmentMap } from "../../basemap/environment-map.ts";
import { type Config, loadConfig } from "../../config.ts";
import type { ErrorLog } from "../../errors.ts";
import { startStatisticsJob } from "../../jobs/statistics.ts";
import { DailyLog } from "../../logs/daily-log.ts";
import { requireNotMoved } from "../../move/moved-mark.ts";
import { openSealer } from "../../seal/seal-key.ts";
import type { Sealer } from "../../seal/sealer.ts";
import { createServer } from "../../server.ts";
import { checkProcesses } from "../../services/flow/check-processes.ts";
import { giveContactKeys } from "../../services/report/give-contact-keys.ts";
import { type Transport, transportOf } from "../../tls/transport.ts";
import { CLIENT_DIR, ensureClient } from "../client-build.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import { DATABASE_OPTIONS, EXIT, flag, textFlag, UsageError } from "../command.ts";
import { demoSlugs } from "../demo-slugs.ts";
import { noteFirstSignIn } from "../sign-in-notes.ts";
import { StepLog } from "../step-log.ts";
import { noteTransport } from "../transport-notes.ts";

const USAGE = `jingwei start [--port N] [--host H] [--insecure-http] [--dir D] [--demo ${DEMO_SLUGS.join("|")}|all|none]

  --port  TCP port (default PORT or 8080; 0 = any free one)
  --host  address to listen on (default HOST or 127.0.0.1, this machine only); any other sets up TLS, with TLS_CERT and
          TLS_KEY or an authority of its own
  --insecure-http
          plain HTTP on that address: for a reverse proxy that speaks TLS (TRUST_PROXY=1); otherwise nobody can sign in
  --dir   folder of the embedded database (default JINGWEI_DIR or ./.jingwei)
  --demo  synthetic county to load (default zuoyun, where the database holds no county yet)

Prints its address on standard output once it answers. Ctrl-C stops it.`;

export const startCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    port: { type: "string" },
    host: { type: "string" },
    "insecure-http": { type: "boolean" },
    demo: { type: "string" },
  },
  async run(call, io) {
    if (call.positionals.length > 0) throw new UsageError(`unexpected words: ${call.positionals.join(" ")}`);
    const demo = textFlag(call, "demo");
    if (demo !== undefined && demo !== "none" && !demoSlugs(demo)) {
      throw new UsageError(`"${demo}" is not a demo county`, `One of ${DEMO_SLUGS.join(", ")}, all, none.`);
    }
    const config = startConfig(call, io);
    const transport = transportOf(config, flag(call, "insecure-http"), io.now);
    requireNotMoved(config.dir, config.databaseUrl);
    await requireFreePort(config);
    await environmentMap(config, io.now());
    const steps = new StepLog(io.err, 5);
    // The two slow parts of a first start run side by side; a failed build is reported at its own step. The server's code
    // is loaded before, not beside them: that was slower on two busy cores (11 against 9 s).
    const client = ensureClient();
    client.catch(() => undefined);
    const { database } = await steps.run("打开数据库 opening the database", () => io.openDatabase(config.dir));
    try {
      const { location, form } = await database.describe();
      steps.note(`${form}: ${location}`);
      await steps.run("演示数据 demo data", () => loadDemos(database, demo, io, steps));
      await steps.run("流程 workflows", () => checkProcesses(database));
      await steps.run("网页 browser client", async () => {
        const { built } = await client;
        steps.note(built ? "built" : "up to date");
      });
      const sealer = await openSealer(config.sealKey, config.dir);
      await sealContacts(database, sealer, io, steps);
      const app = await steps.run("服务 server", () => listen(database, config, transport, sealer, io));
      const log: ErrorLog = (fields, message) => app.log.error(fields, message);
      const stopStatistics = startStatisticsJob(database, io.now, log);
      const stopOperations = await startOperations(database, config, io.now, log);
      try {
        await noteTransport(transport, config, steps);
        steps.note("Ctrl-C stops it");
        const address = addressOf(app, config, transport);
        await noteFirstSignIn(database, address, io.now(), io.err);
        // Listened for before the address is out: whoever reads it may ask for the end at once.
        const stop = stopSignal(io);
        io.out(`${address}\n`);
        await stop;
        io.err("正在停止 stopping\n");
      } finally {
        await stopStatistics();
        await stopOperations();
        await app.close();
      }
    } finally {
      await database.close();
    }
    return EXIT.done;
  },
};

/** Environment with the command line's flags on top. */
function startConfig(call: CommandCall, io: CommandIo): Config {
  const flags = { PORT: textFlag(call, "port"), HOST: textFlag(call, "host"), JINGWEI_DIR: textFlag(call, "dir") };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  // Strict unless somebody says that this is a workshop.
  return loadConfig({ ...io.env, NODE_ENV: io.env["NODE_ENV"] || "production", ...given });
}

/** Asked before anything slow happens: who starts it twice should know at once. */
function requireFreePort({ port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createTcpServer();
    probe.once("error", (error) => reject(portError(error, port, host)));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function portError(error: unknown, port: number, host: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EADDRINUSE") {
    return userError(`端口被占用: port ${port} on ${host} is in use by another program`, {
      at: `port ${port}`,
      hint: `Stop it (perhaps Jingwei runs already), or choose another: jingwei start --port ${port === 65_535 ? 8081 : port + 1}`,
    });
  }
  if (code === "EACCES") {
    return userError(`port ${port} may not be opened by this user`, {
      at: `port ${port}`,
      hint: "Choose one above 1023 with --port.",
    });
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return userError(`${host} is not an address of this machine`, {
      at: "--host",
      hint: "Use 127.0.0.1, or 0.0.0.0 for every address.",
    });
  }
  return error;
}

async function loadDemos(database: Database, demo: string | undefined, io: CommandIo, steps: StepLog): Promise<void> {
  const { listCounties } = await import("../../../db/import/county-admin.ts");
  const slugs = await wantedDemos(demo, async () => (await listCounties(database)).length === 0);
  if (slugs.length > 0) {
    const { addDemos } = await import("../demo-data.ts");
    const loads = await addDemos(database, slugs, io.now(), (message) => steps.note(message));
    for (const { name, county, added } of loads) steps.note(`${name} ${county}: ${added ? "added" : "there already"}`);
  }
  const { ensureDemoAccounts } = await import("../../auth/demo-accounts.ts");
  const accounts = await ensureDemoAccounts(database, io.now());
  if (accounts.length > 0) steps.note(`演示账号 demo accounts, without a password: ${accounts.join(", ")}`);
  const demos = (await listCounties(database)).filter((county) => county.demo);
  if (demos.length > 0) {
    steps.note(
      `演示数据 synthetic data: ${demos.map((county) => county.name).join("、")}. People, lines and cases are made up.`,
    );
  }
}

/** Without a word the first start gets one demo; a database that holds a county gets none. */
async function wantedDemos(demo: string | undefined, isEmpty: () => Promise<boolean>): Promise<readonly DemoSlug[]> {
  if (demo === "none") return [];
  if (demo !== undefined) return demoSlugs(demo) ?? [];
  return (await isEmpty()) ? ["zuoyun"] : [];
}

/** Contacts of an older version, or of a backup that one wrote, get keys of their own before anybody asks for them. */
async function sealContacts(database: Database, sealer: Sealer, io: CommandIo, steps: StepLog): Promise<void> {
  const { sealed, closed } = await giveContactKeys(database, sealer, io.now());
  if (sealed > 0) steps.note(`联系方式各自加密 contacts under keys of their own: ${sealed}`);
  if (closed > 0)
    steps.note(
      `${closed} 个联系方式打不开 contacts do not open with this seal.key: put the seal.key of their time back`,
    );
}

async function listen(
  database: Database,
  config: Config,
  transport: Transport,
  sealer: Sealer,
  io: CommandIo,
): Promise<FastifyInstance> {
  const log = pino({ level: "warn" }, new DailyLog(config.dir, io.now, io.err));
  const app = await createServer({
    database,
    config,
    sealer,
    clientDir: CLIENT_DIR,
    transport,
    now: io.now,
    authenticate: authenticator(database, io.now),
    log,
  });
  try {
    await app.listen({ port: config.port, host: config.host });
  } catch (error) {
    await app.close();
    throw portError(error, config.port, config.host);
  }
  return app;
}

/** The one line on standard output: where a browser finds it. */
function addressOf(app: FastifyInstance, config: Config, transport: Transport): string {
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.port;
  const everywhere = config.host === "0.0.0.0" || config.host === "::";
  const host = everywhere ? "127.0.0.1" : config.host.includes(":") ? `[${config.host}]` : config.host;
  return `${transport.certificate ? "https" : "http"}://${host}:${port}`;
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function stopSignal(io: CommandIo): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (): void => {
      if (asked) {
        io.err("不再等待 not waiting any longer\n");
        process.exit(130);
      }
      asked = true;
      resolve();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
