import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { startChild } from "../helpers/child.ts";
import { createNativeDatabase, dropNativeDatabase, openEmbeddedTestDatabase } from "../helpers/database.ts";
import { writeChange } from "../helpers/feed-writes.ts";
import { LiveClient } from "../helpers/live-client.ts";
import { startNativeServer } from "../helpers/native-postgres.ts";
import { DISPATCHER, move, report } from "../helpers/reports.ts";
import { viewerHeaders } from "../helpers/viewers.ts";
import type { Figure } from "./figure.ts";

const PER_SECOND = 50;
const SECONDS = 20;
const CLIENTS = 100;
/** Events of a round of the fan-out, and rounds, alternating with the peer. */
const EVENTS = 100;
const ROUNDS = 7;

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(Math.floor(values.length * share), values.length - 1)] ?? Number.NaN;
const round = (value: number, digits = 1): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** From the answer of a mutation, when its transaction has committed, to the event at a client of the same machine. */
async function* delays(api: TestApi, url: string, form: string): AsyncIterable<Figure> {
  const client = LiveClient.open(url, viewerHeaders(DISPATCHER));
  const heard = new Map<string, number>();
  client.socket.on("message", (data) => {
    const { payload } = JSON.parse(String(data)) as {
      payload?: { data?: { changes?: { id: string; version: number } } };
    };
    const change = payload?.data?.changes;
    if (change) heard.set(`${change.id} ${change.version}`, performance.now());
  });
  await client.subscribe({ county: SMALL_COUNTY });
  const ids = await Promise.all(Array.from({ length: 20 }, async () => (await report(api)).incident.id));
  const versions = new Map(ids.map((id) => [id, 1]));
  const committed = new Map<string, number>();
  const running: Promise<void>[] = [];
  const one = async (id: string): Promise<void> => {
    const version = versions.get(id) ?? 1;
    versions.set(id, version + 1);
    const to = version === 1 ? "HANDLING" : version % 2 === 0 ? "INSPECTION" : "HANDLING";
    const answer = await move(api, id, version, to);
    if (!answer.data?.transitionIncident) throw new Error(JSON.stringify(answer));
    committed.set(`${id} ${version + 1}`, performance.now());
  };
  const started = performance.now();
  for (let n = 0; n < PER_SECOND * SECONDS; n++) {
    const wait = started + (n * 1000) / PER_SECOND - performance.now();
    if (wait > 0) await delay(wait);
    running.push(one(ids[n % ids.length] ?? ""));
    if (n % ids.length === ids.length - 1) await Promise.all(running.splice(0));
  }
  await Promise.all(running);
  const seconds = (performance.now() - started) / 1000;
  await delay(1500);
  client.end();
  const times = [...committed].map(([key, time]) => (heard.get(key) ?? Number.NaN) - time);
  const lost = times.filter(Number.isNaN).length;
  yield {
    bench: "feed",
    name: `${form}: changes a second that were asked for`,
    value: round(committed.size / seconds),
    unit: "1/s",
  };
  yield {
    bench: "feed",
    name: `${form}: changes that were not heard`,
    value: lost,
    unit: "events",
    goal: "0",
    ok: lost === 0,
  };
  // An event may come before its own mutation has answered: no delay then.
  const known = times.filter((time) => !Number.isNaN(time)).map((time) => Math.max(time, 0));
  for (const [name, share] of [
    ["p50", 0.5],
    ["p95", 0.95],
  ] as const)
    yield {
      bench: "feed",
      name: `${form}: mutation answered → event at a client, ${name}`,
      value: round(at(known, share)),
      unit: "ms",
    };
}

/** CPU of this process for so many deliveries to sockets of another process. */
async function* fanOut(api: TestApi, url: string, form: string): AsyncIterable<Figure> {
  const raw = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => raw.once("listening", resolve));
  const { port } = raw.address() as { port: number };
  const headers = JSON.stringify(viewerHeaders(DISPATCHER));
  const listeners = startChild("listen-live.ts", [
    url,
    `ws://127.0.0.1:${port}`,
    SMALL_COUNTY,
    String(CLIENTS),
    headers,
  ]);
  try {
    await listeners.line("ready");
    const sample = JSON.stringify({
      id: "1",
      type: "next",
      payload: {
        data: {
          changes: {
            op: "UPSERT",
            kind: "INCIDENT",
            id: `Incident:${SMALL_COUNTY}:00000000-0000-7000-8000-000000000000`,
            ref: 1000000,
            version: 2,
            liveVersion: "100000",
            snapshotVersion: null,
            cursor: "OTkwMTAwLjE3Njg0NDI0MDAwMDAuMTAwMDAw",
          },
        },
      },
    });
    const cpu: { ours: number[]; raw: number[]; writes: number[] } = { ours: [], raw: [], writes: [] };
    const measure = async (work: () => Promise<void>, done: string): Promise<number> => {
      const before = process.cpuUsage();
      await work();
      if (done !== "") await listeners.line(done);
      const used = process.cpuUsage(before);
      return used.user + used.system;
    };
    const write = async (): Promise<void> => {
      for (let n = 0; n < EVENTS; n++) {
        await writeChange(api.database, SMALL_COUNTY, n);
        // As many batches as commits: one change is told at once.
        if (n % 10 === 9) await delay(5);
      }
    };
    for (let n = 1; n <= ROUNDS; n++) {
      cpu.ours.push(await measure(write, `live ${n * EVENTS * CLIENTS}`));
      cpu.raw.push(
        await measure(
          async () => {
            for (let k = 0; k < EVENTS; k++) {
              for (const socket of raw.clients) socket.send(sample);
              if (k % 10 === 9) await delay(5);
            }
          },
          `raw ${n * EVENTS * CLIENTS}`,
        ),
      );
    }
    listeners.process.kill("SIGKILL");
    await delay(500);
    for (let n = 1; n <= ROUNDS; n++) cpu.writes.push(await measure(write, ""));
    const each = (values: number[]): number => at(values, 0.5) / (EVENTS * CLIENTS);
    const ours = each(cpu.ours) - each(cpu.writes);
    yield {
      bench: "feed",
      name: `${form}: CPU of a delivery to one of ${CLIENTS} clients, writes taken off`,
      value: round(ours, 2),
      unit: "µs",
      peer: "raw ws",
      ratio: round(ours / each(cpu.raw), 2),
    };
    yield { bench: "feed", name: `${form}: CPU of a delivery by raw ws`, value: round(each(cpu.raw), 2), unit: "µs" };
  } finally {
    await listeners.kill();
    raw.close();
  }
}

async function* measure(api: TestApi, form: string): AsyncIterable<Figure> {
  const url = await api.listen();
  try {
    yield* delays(api, url, form);
    yield* fanOut(api, url, form);
  } finally {
    await api.close();
  }
}

/** The live feed: from commit to client at 50 changes a second, and what a delivery costs beside a raw broadcast. */
export async function* feed(): AsyncIterable<Figure> {
  const data = {
    datasets: [smallCounty()],
    classes: SMALL_CLASSES,
    now: SMALL_NOW,
    clock: () => Date.parse(SMALL_NOW),
    liveLimits: { socketsPerViewer: 1000 },
  };
  const embedded = await openEmbeddedTestDatabase();
  yield* measure(await testApiOver(embedded.database, data), "embedded");
  await embedded.dispose();
  const server = await startNativeServer();
  if ("missing" in server) return;
  const url = await createNativeDatabase(server.url);
  const { database } = await openDatabase({ url, dir: mkdtempSync(join(tmpdir(), "jingwei-bench-")) });
  yield* measure(await testApiOver(database, data), "native");
  await database.close();
  await dropNativeDatabase(server.url, url);
  await server.stop();
}
