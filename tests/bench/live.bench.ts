import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { startChild, type TestChild } from "../helpers/child.ts";
import { createNativeDatabase, dropNativeDatabase, TEST_CACHE_DIR } from "../helpers/database.ts";
import type { SwarmResult } from "../helpers/live-swarm.ts";
import { startNativeServer } from "../helpers/native-postgres.ts";
import { writePaced } from "../helpers/planned-changes.ts";
import type { Figure } from "./figure.ts";

const QUICK = process.env["BENCH_QUICK"] !== undefined;
const SUBSCRIBERS = 200;
const LANES = 8;
const NATIVE_PER_SECOND = 500;
const NATIVE_SECONDS = QUICK ? 10 : 60;
const CUTS = QUICK ? 150 : 1_000;
const RESTARTS = QUICK ? 2 : 6;
/** Rates that are tried on the embedded database, 1/s, until one is not kept up with. */
const EMBEDDED_RATES = QUICK ? [100] : [100, 200, 300];
const EMBEDDED_SECONDS = QUICK ? 6 : 15;

const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

type Result = Omit<SwarmResult, "delays"> & { readonly p50: number; readonly p95: number; readonly measured: number };

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const signal = (child: TestChild): void => void child.process.kill("SIGUSR2");
const restOf = async (child: TestChild, start: string): Promise<string> =>
  (await child.line(start)).slice(start.length + 1);

/** One figure of a run. */
const figure = (form: string, name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
  bench: "live",
  name: `${form}: ${name}`,
  value: round(value, 2),
  unit,
  ...more,
});

function* verdict(form: string, result: Result): Iterable<Figure> {
  yield figure(form, "resets (a client read too slowly, or missed more than 2,000)", result.resets, "resets");
  yield figure(form, "events that resets stand for, to be read anew", result.reread, "events");
  for (const name of ["lost", "duplicated", "disordered", "strange"] as const)
    yield figure(form, `events ${name}, of ${result.delivered} delivered`, result[name], "events", {
      goal: "0",
      ok: result[name] === 0,
    });
  yield figure(form, "connections cut by chance", result.cuts, "cuts");
  yield figure(form, "subscriptions that a server could not begin, asked for again", result.refused, "subscriptions");
  yield figure(form, "commit → client, p50", result.p50, "ms");
  yield figure(form, "commit → client, p95", result.p95, "ms");
  yield figure(form, "bytes of a message", result.bytes / result.delivered, "B");
}

/** 200 clients of mixed scopes at 500 changes a second; two servers that are killed in turn, and connections cut by chance. */
async function* native(): AsyncIterable<Figure> {
  const cluster = await startNativeServer();
  if ("missing" in cluster) return;
  const url = await createNativeDatabase(cluster.url);
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const { database } = await openDatabase({ url, dir });
  await loadReference(database, SMALL_CLASSES);
  await loadCounty(database, smallCounty(), { now: SMALL_NOW });
  const ports = [await freePort(), await freePort()];
  const start = async (port = 0): Promise<TestChild> => {
    const child = startChild("live-server.ts", [url, dir, TEST_CACHE_DIR, String(port)]);
    await child.line("listening");
    return child;
  };
  const servers = await Promise.all(ports.map(start));
  const total = NATIVE_PER_SECOND * NATIVE_SECONDS;
  const urls = JSON.stringify(ports.map((port) => `http://127.0.0.1:${port}`));
  const cutMs = String(NATIVE_SECONDS * 900);
  const args = [urls, String(SUBSCRIBERS), String(total), String(LANES), String(CUTS), cutMs];
  const swarm = startChild("live-swarm-process.ts", args);
  try {
    await swarm.line("ready");
    signal(swarm);
    const restarting = (async () => {
      for (let n = 0; n < RESTARTS; n++) {
        await delay((NATIVE_SECONDS * 800) / RESTARTS);
        const at = n % servers.length;
        await servers[at]?.kill();
        servers[at] = await start(ports[at]);
      }
    })();
    const seconds = await writePaced(database, { total, perSecond: NATIVE_PER_SECOND, lanes: LANES });
    await restarting;
    yield figure(
      "native",
      `changes a second for ${NATIVE_SECONDS} s to ${SUBSCRIBERS} clients`,
      total / seconds,
      "1/s",
      {
        goal: `${NATIVE_PER_SECOND}`,
        ok: total / seconds >= NATIVE_PER_SECOND * 0.98,
      },
    );
    yield figure("native", "servers killed and started again", RESTARTS, "restarts");
    yield* verdict("native", JSON.parse(await restOf(swarm, "result")) as Result);
  } finally {
    await swarm.kill();
    for (const server of servers) await server.kill();
    await database.close();
    await dropNativeDatabase(cluster.url, url);
    await cluster.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One rate on the embedded database. */
async function embeddedAt(perSecond: number): Promise<{ readonly kept: number; readonly result: Result }> {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const opened = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR, durable: false });
  await loadReference(opened.database, SMALL_CLASSES);
  await loadCounty(opened.database, smallCounty(), { now: SMALL_NOW });
  await opened.database.close();
  const total = perSecond * EMBEDDED_SECONDS;
  const pace = [String(total), String(perSecond), String(LANES)];
  const server = startChild("live-server.ts", ["embedded", dir, TEST_CACHE_DIR, "0", ...pace]);
  const address = await restOf(server, "listening");
  const args = [JSON.stringify([address]), String(SUBSCRIBERS), String(total), String(LANES), "20"];
  const swarm = startChild("live-swarm-process.ts", [...args, String(EMBEDDED_SECONDS * 900)]);
  try {
    await swarm.line("ready");
    signal(swarm);
    signal(server);
    const seconds = Number(await restOf(server, "wrote"));
    return { kept: total / seconds, result: JSON.parse(await restOf(swarm, "result")) as Result };
  } finally {
    await swarm.kill();
    await server.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function* embedded(): AsyncIterable<Figure> {
  let best = 0;
  for (const perSecond of EMBEDDED_RATES) {
    const { kept, result } = await embeddedAt(perSecond);
    const sustained = kept >= perSecond * 0.98 && result.lost === 0;
    yield figure("embedded", `asked for ${perSecond}/s: changes a second`, kept, "1/s");
    yield figure("embedded", `asked for ${perSecond}/s: commit → client, p95`, result.p95, "ms");
    for (const name of ["lost", "duplicated", "disordered"] as const)
      yield figure(
        "embedded",
        `asked for ${perSecond}/s: events ${name}, of ${result.delivered}`,
        result[name],
        "events",
        {
          goal: "0",
          ok: result[name] === 0,
        },
      );
    best = Math.max(best, kept);
    if (!sustained) break;
  }
  yield figure("embedded", `highest rate to ${SUBSCRIBERS} clients`, best, "1/s", { goal: "≥ 100", ok: best >= 98 });
}

const NAMES = {
  single: "each change at once",
  gathered: "gathered for 20 ms",
  raw: "bare WebSocket broadcast",
  peer: "graphql-ws executing per client",
} as const;

/** Processor time of a delivery, four ways in turn, and bytes beside those of the case itself. */
async function* fanOut(): AsyncIterable<Figure> {
  const clients = "100";
  const server = startChild("fan-server.ts", [clients, "500", QUICK ? "1" : "3", QUICK ? "3" : "5"]);
  const listeners = startChild("fan-clients.ts", [clients, await restOf(server, "addresses")]);
  try {
    await server.line("done");
    await delay(1_500);
    const cpu = (name: string): number =>
      median(server.lines.filter((line) => line.startsWith(`cpu ${name} `)).map((line) => Number(line.split(" ")[2])));
    const sums = JSON.parse(listeners.lines.at(-1) ?? "{}") as Record<string, { messages: number; bytes: number }>;
    const raw = cpu("raw");
    for (const [name, words] of Object.entries(NAMES)) {
      const goal = { single: 1.2, gathered: 0.2 }[name];
      const ratio = round(cpu(name) / raw, 2);
      yield {
        bench: "live",
        name: `CPU of a delivery to one of ${clients} clients at 500/s, ${words}`,
        value: round(cpu(name), 2),
        unit: "µs",
        peer: "bare WebSocket broadcast",
        ratio,
        ...(goal ? { goal: `≤ ${goal}`, ok: ratio <= goal } : {}),
      };
    }
    const { messages = 1, bytes = 0 } = sums["gathered"] ?? {};
    const feature = FEATURE_BYTES;
    const perEvent = bytes / messages;
    yield {
      bench: "live",
      name: `bytes sent for a change ÷ bytes of the case as a GeoJSON feature (${feature} B)`,
      value: round(perEvent / feature, 2),
      unit: "×",
      goal: "≤ 2",
      ok: perEvent / feature <= 2,
    };
    const counts = Object.values(sums).map((one) => one.messages);
    yield {
      bench: "live",
      name: "messages that one way delivered more or fewer than another",
      value: Math.max(...counts) - Math.min(...counts),
      unit: "messages",
    };
  } finally {
    await listeners.kill();
    await server.kill();
  }
}

/** A case as small as it can be told whole: what columns carry of it, as JSON. */
const FEATURE_BYTES = Buffer.byteLength(
  JSON.stringify({
    type: "Feature",
    id: `Incident:${SMALL_COUNTY}:00000000-0000-7000-8000-000000000000`,
    geometry: { type: "Point", coordinates: [113.7000001, 40.0000001] },
    properties: {
      ref: 1_000_000,
      version: 2,
      class: "01001",
      source: "PATROL",
      severity: "GENERAL",
      state: "HANDLING",
      openedAt: "2026-01-15T00:00:00Z",
      dueAt: "2026-01-16T00:00:00Z",
      closedAt: null,
      area: `${SMALL_COUNTY}001001001`,
    },
  }),
);

/** The live feed: what it costs, what it loses (nothing), and how long a change takes. `BENCH_QUICK=1`: a minute in all. */
export async function* live(): AsyncIterable<Figure> {
  yield* fanOut();
  yield* native();
  yield* embedded();
}
