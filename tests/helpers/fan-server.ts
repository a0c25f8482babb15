import fastify from "fastify";
import { execute, parse } from "graphql";
import { makeServer } from "graphql-ws";
import { WebSocketServer } from "ws";
import { loadConfig } from "../../api/config.ts";
import { requestContext } from "../../api/context.ts";
import { ChangeHub } from "../../api/feed/change-hub.ts";
import { Feed } from "../../api/feed/feed.ts";
import { LocalBus } from "../../api/feed/local-bus.ts";
import { Teller } from "../../api/feed/told-change.ts";
import { LIVE_LIMITS } from "../../api/live/limits.ts";
import { acceptSockets, liveRoutes } from "../../api/routes/live.ts";
import { buildGraphqlSchema } from "../../api/schema/index.ts";
import { Sealer } from "../../api/seal/sealer.ts";
import { cutChange } from "../../data/feed/cut-change.ts";
import type { IncidentChange } from "../../data/feed/event.ts";
import { uuidV7 } from "../../data/model/ids.ts";
import { incidentCut } from "../../data/policy/incident-cut.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { openEmbeddedTestDatabase } from "./database.ts";
import { DISPATCHER } from "./reports.ts";
import { authenticateByHeader } from "./viewers.ts";

/**
 * A process that tells the same events to clients in four ways and says what processor time each way took: our sockets, our
 * sockets with 20 ms of gathering, a bare WebSocket broadcast of ready messages, and graphql-ws executing for each client.
 * Rounds alternate, so that what else runs on the machine meets all of them. Nothing of the database is in it.
 */
const [clients = "100", perSecond = "500", seconds = "2", rounds = "3"] = process.argv.slice(2);
const county = SMALL_COUNTY;
const RATE = Number(perSecond);
const EVENTS = RATE * Number(seconds);
/** Between two rounds: what is on its way arrives. */
const REST_MS = 800;

const { database } = await openEmbeddedTestDatabase();
await loadReference(database, SMALL_CLASSES);
await loadCounty(database, smallCounty(), { now: SMALL_NOW });
const sealer = new Sealer(new Uint8Array(32).fill(1));
const schema = buildGraphqlSchema();
const log = (fields: object): void => console.error(fields);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** One of ours: a server with a feed of its own that nothing but this file fills. */
async function ours(): Promise<{ address: string; bus: LocalBus }> {
  const bus = new LocalBus(database, log);
  const feed = Object.assign(new Feed(database, Date.now, log), { bus });
  const parts = { database, config: loadConfig({}), sealer, feed };
  const app = fastify();
  await acceptSockets(app);
  liveRoutes(app, {
    schema,
    production: false,
    maxTokens: 10_000,
    requireTrusted: undefined,
    limits: { ...LIVE_LIMITS, socketsPerViewer: 10_000 },
    viewerOf: authenticateByHeader,
    whoIsThere: authenticateByHeader,
    contextFor: async (request, viewer) => requestContext(parts, Date.now(), viewer, request.ip),
    hub: new ChangeHub({ ...parts, log }),
    beat: () => ({}),
    log,
  });
  return { address: await app.listen({ port: 0, host: "127.0.0.1" }), bus };
}

const listening = async (server: WebSocketServer): Promise<string> => {
  if (server.address() === null) await new Promise((resolve) => server.once("listening", resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
};

/** graphql-ws as it comes: each client's own events, cut, executed and encoded for it. */
async function peer(): Promise<{ address: string; tell: (event: IncidentChange) => void }> {
  const takers = new Set<(event: IncidentChange) => void>();
  const teller = new Teller(sealer, county);
  const cut = incidentCut(DISPATCHER, county);
  if (!cut) throw new Error("a dispatcher sees cases");
  const events = (): AsyncIterableIterator<object> => {
    const waiting: IncidentChange[] = [];
    let wake: (() => void) | undefined;
    const take = (event: IncidentChange): void => {
      waiting.push(event);
      wake?.();
    };
    takers.add(take);
    return (async function* () {
      try {
        for (;;) {
          while (waiting.length === 0)
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          const event = waiting.shift() as IncidentChange;
          const change = cutChange(event, { cut, area: county, pointsFrom: undefined, plans: false });
          if (change)
            yield { changes: teller.tell(change, { epoch: 0, seq: event.seq }, event.liveVersion, true).model };
        }
      } finally {
        takers.delete(take);
      }
    })();
  };
  const server = makeServer({
    schema,
    onSubscribe: (_context, _id, { query, variables }) => ({
      schema,
      document: parse(query),
      variableValues: variables ?? null,
    }),
    subscribe: async (args) => {
      const contextValue = { viewer: DISPATCHER };
      const source = events();
      return (async function* () {
        for await (const rootValue of source) yield execute({ ...args, contextValue, rootValue });
      })();
    },
  });
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "graphql-transport-ws" });
  sockets.on("connection", (socket) => {
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) => new Promise((resolve, reject) => socket.send(data, (e) => (e ? reject(e) : resolve()))),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (callback) => void socket.on("message", (data) => callback(String(data))),
      },
      {},
    );
    socket.once("close", (code, reason) => void closed(code, String(reason)));
  });
  return {
    address: await listening(sockets),
    tell: (event) => {
      for (const take of takers) take(event);
    },
  };
}

let seq = 0;
const nextEvent = (): IncidentChange => {
  seq++;
  const id = uuidV7(Date.now(), 1, 1, seq);
  const entity = { type: "incident", id, ref: 1_000_000 + seq, sensitive: false } as const;
  const at = SMALL_NOW;
  const head = { id, county, seq, version: 2, liveVersion: seq, scopeBefore: county, scopeAfter: county, at };
  return { ...head, kind: "incident", op: "UPSERT", entity };
};

const single = await ours();
const gathered = await ours();
const raw = new WebSocketServer({ port: 0, host: "127.0.0.1" });
const graphqlWs = await peer();
const sample = Buffer.from(
  `{"id":"1","type":"next","payload":${JSON.stringify({
    data: {
      changes: { op: "UPSERT", kind: "INCIDENT", ref: 1_000_000, liveVersion: "100000", cursor: "x".repeat(22) },
    },
  })}}`,
);
const publish = (bus: LocalBus) => (event: IncidentChange) => bus.publish({ county, epoch: 0, events: [event] });
const ways: readonly (readonly [name: string, tell: (event: IncidentChange) => void])[] = [
  ["single", publish(single.bus)],
  ["raw", () => raw.clients.forEach((socket) => void socket.send(sample, { binary: false }))],
  ["gathered", publish(gathered.bus)],
  ["peer", graphqlWs.tell],
];
say(
  `addresses ${JSON.stringify({ single: single.address, raw: await listening(raw), gathered: gathered.address, peer: graphqlWs.address })}`,
);

const all = (): number => raw.clients.size;
while (all() < Number(clients)) await new Promise((resolve) => setTimeout(resolve, 50));
await new Promise((resolve) => setTimeout(resolve, 3_000));
const positions = new Map<string, number>();
for (let round = 0; round <= Number(rounds); round++)
  for (const [name, tell] of ways) {
    // Each way has a feed of its own, numbered without a gap.
    seq = positions.get(name) ?? 0;
    const before = process.cpuUsage();
    const started = performance.now();
    for (let n = 0; n < EVENTS; n++) {
      const wait = started + (n * 1000) / RATE - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      tell(nextEvent());
    }
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    const used = process.cpuUsage(before);
    positions.set(name, seq);
    // The first round warms up.
    if (round > 0) say(`cpu ${name} ${(used.user + used.system) / (EVENTS * Number(clients))}`);
  }
say("done");
