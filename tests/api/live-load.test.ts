import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ChangeHub } from "../../api/feed/change-hub.ts";
import { Feed } from "../../api/feed/feed.ts";
import { LocalBus } from "../../api/feed/local-bus.ts";
import { relay } from "../../api/feed/relay.ts";
import type { ToldChange } from "../../api/feed/told-change.ts";
import { ChangeStream } from "../../api/feed/viewer-changes.ts";
import { MAX_BUFFERED_BYTES } from "../../api/live/limits.ts";
import type { IncidentChange } from "../../data/feed/event.ts";
import { uuidV7 } from "../../data/model/ids.ts";
import type { Database } from "../../db/driver.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { TEST_SEALER, type TestApi, testApiOver } from "../helpers/api.ts";
import { openEmbeddedTestDatabase, type TestDatabase } from "../helpers/database.ts";
import { writeChange } from "../helpers/feed-writes.ts";
import { CHANGES, LiveClient } from "../helpers/live-client.ts";
import { DISPATCHER, report, WORKER } from "../helpers/reports.ts";
import { viewerHeaders } from "../helpers/viewers.ts";

const soon = <Value>(look: () => Value) => expect.poll(look, { timeout: 20_000, interval: 10 });
const county = { county: SMALL_COUNTY };

describe("live changes under load (embedded)", () => {
  let test: TestDatabase;
  let api: TestApi;
  let url = "";
  const clients: LiveClient[] = [];
  const open = (viewer = DISPATCHER): LiveClient => {
    const made = LiveClient.open(url, viewerHeaders(viewer));
    clients.push(made);
    return made;
  };
  const follow = async (variables: Readonly<Record<string, unknown>>, viewer = DISPATCHER): Promise<LiveClient> => {
    const made = open(viewer);
    await made.subscribe({ ...county, ...variables }, CHANGES);
    await soon(() => made.changes.length).toBe(1);
    return made;
  };

  beforeAll(async () => {
    test = await openEmbeddedTestDatabase();
    api = await testApiOver(test.database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
    while ((await relay(test.database, SMALL_COUNTY, Date.parse(SMALL_NOW)))?.events.length);
    url = await api.listen();
  });
  afterEach(async () => {
    for (const one of clients.splice(0)) {
      one.end();
      await one.closed;
    }
  });
  afterAll(async () => {
    await api.close();
    await test.dispose();
  });

  it("are gathered for no longer than a moment", async () => {
    const wrong = open();
    await wrong.subscribe(
      { ...county, ms: 60_000 },
      "subscription ($county: String!, $ms: Int) { changes(county: $county, coalesce: $ms) { op } }",
    );
    await soon(() => wrong.errors[0]?.extensions?.code).toBe("BAD_USER_INPUT");
  });

  it("answer what each operation asks, though they are made once for all", async () => {
    const query = `subscription ($county: String!, $long: Boolean!) {
      mine: changes(county: $county) { ref ...more @include(if: $long) } } fragment more on Change { id }`;
    const texts: string[][] = [];
    for (const long of [true, false, true]) {
      const one = open(long ? DISPATCHER : WORKER);
      const heard: string[] = [];
      one.socket.on("message", (data) => String(data).includes('"next"') && heard.push(String(data)));
      texts.push(heard);
      await one.subscribe({ ...county, long }, query);
      await soon(() => heard.length).toBe(1);
    }
    const { incident } = await report(api);
    await soon(() => texts.every((heard) => heard.length === 2)).toBe(true);
    const payloads = texts.map((heard) => (JSON.parse(heard[1] ?? "") as { payload: unknown }).payload);
    const { ref, id } = incident;
    expect(payloads).toEqual([
      { data: { mine: { ref, id } } },
      { data: { mine: { ref } } },
      { data: { mine: { ref, id } } },
    ]);
    expect(texts[0]?.[1]).toBe(texts[2]?.[1]);
  });

  it("that a client does not read are dropped: it gets one reset when it reads, and the server keeps little for it", async () => {
    const reader = await follow({});
    const sleeper = await follow({});
    // Not read any more: the kernel's buffers fill, then the server's.
    sleeper.socket.pause();
    const server = [...api.app.websocketServer.clients];
    const waiting = (): number => Math.max(...server.map(({ bufferedAmount }) => bufferedAmount));
    let most = 0;
    let ref = 1;
    // Long ids make long messages: the buffers are full soon.
    const rounds = 400;
    const long = "x".repeat(20_000);
    const big = open();
    await big.subscribe({ ...county }, CHANGES);
    sleeper.send({ id: long, type: "subscribe", payload: { query: CHANGES, variables: county } });
    for (let n = 0; n < rounds; n++) {
      await writeChange(test.database, SMALL_COUNTY, ref++);
      most = Math.max(most, waiting());
    }
    await soon(() => reader.changes.length).toBe(1 + rounds);
    expect(most).toBeGreaterThan(MAX_BUFFERED_BYTES);
    expect(most).toBeLessThan(MAX_BUFFERED_BYTES * 2);
    const before = sleeper.changes.length;
    sleeper.socket.resume();
    await soon(() => sleeper.changes.slice(before).filter(({ op }) => op === "RESET").length).toBeGreaterThan(0);
    await writeChange(test.database, SMALL_COUNTY, ref);
    await soon(() => sleeper.changes.at(-1)?.ref).toBe(ref);
    const resets = sleeper.changes.slice(1).filter(({ op }) => op === "RESET");
    // One for each of its two operations, and the one that the second began with.
    expect(resets.length).toBeLessThanOrEqual(3);
    expect(sleeper.changes.length).toBeLessThan(2 * rounds);
    expect(sleeper.types).not.toContain("error");
  });

  it("say with each beat when the feed was looked at, changes or not", async () => {
    const beats: { now: number; feedAt: number | null }[] = [];
    const one = open();
    one.socket.on("message", (data) => {
      const { type, payload } = JSON.parse(String(data)) as { type: string; payload: (typeof beats)[number] };
      if (type === "ping" || type === "connection_ack") beats.push(payload);
    });
    await one.subscribe(county);
    await soon(() => beats.length).toBeGreaterThan(0);
    // An hour in which nothing happens: what is told is as fresh as ever.
    api.setNow(new Date(Date.parse(SMALL_NOW) + 3_600_000).toISOString());
    const later = api.now();
    await soon(() => beats.at(-1)?.feedAt).toBe(later);
    expect(beats.at(-1)?.now).toBe(later);
    expect((await api.app.inject("/readyz")).json()).toMatchObject({ checks: { feed: { ok: true } } });
    api.setNow(SMALL_NOW);
  });

  it("come from a feed that is old when its database cannot be read, whatever the clock says", async () => {
    let now = 1_000;
    let away = false;
    const { database } = test;
    const transaction: Database["transaction"] = (scope, work) =>
      away ? Promise.reject(new Error("away")) : database.transaction(scope, work);
    const listen = async () => async () => undefined;
    const feed = new Feed(
      { form: "embedded", listen, transaction } as unknown as Database,
      () => now,
      () => undefined,
    );
    const stop = feed.start();
    await soon(() => feed.freshAt).toBe(1_000);
    away = true;
    await new Promise((resolve) => setTimeout(resolve, 700));
    const { age = 0 } = feed;
    now = 3_601_000;
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(feed.freshAt).toBe(1_000);
    expect(feed.age).toBeGreaterThan(age + 500);
    away = false;
    await soon(() => feed.freshAt).toBe(3_601_000);
    await stop();
    expect([feed.age, feed.freshAt]).toEqual([undefined, null]);
  });

  it("are cut and made once for all of an audience, the last of each case where they are gathered", async () => {
    const { database } = test;
    const bus = new LocalBus(database, () => undefined);
    const feed = Object.assign(
      new Feed(
        database,
        () => 5,
        () => undefined,
      ),
      { bus },
    );
    const hub = new ChangeHub({ database, feed, sealer: TEST_SEALER, log: () => undefined });
    const elsewhere = "990300";
    const cut = { area: elsewhere, sensitive: true, pointDays: null };
    const heard: ToldChange[][] = [];
    const ends = (
      [
        [elsewhere, 0],
        [elsewhere, 0],
        [`${elsewhere}001`, 0],
        [elsewhere, 100],
      ] as const
    ).map(([area, coalesceMs]) => {
      const mine: ToldChange[] = [];
      heard.push(mine);
      const audience = { county: elsewhere, cut, area, kinds: null, plans: false, coalesceMs };
      return hub.open(new ChangeStream(audience, undefined), {
        send: (changes) => mine.push(...changes) > 0,
        drained: async () => undefined,
      });
    });
    expect(hub.channels).toBe(3);
    await soon(() => heard.map((mine) => mine.length)).toEqual([1, 1, 1, 1]);
    const event = (seq: number, ref: number): IncidentChange => {
      const id = uuidV7(1_000, 1, 1, ref);
      return {
        id,
        county: elsewhere,
        seq,
        kind: "incident",
        op: "UPSERT",
        entity: { type: "incident", id, ref, sensitive: false },
        version: seq,
        liveVersion: seq,
        scopeBefore: null,
        scopeAfter: `${elsewhere}001001`,
        at: SMALL_NOW,
      };
    };
    const refs = [7, 8, 7];
    for (const [n, ref] of refs.entries()) bus.publish({ county: elsewhere, epoch: 0, events: [event(n + 1, ref)] });
    await soon(() => heard.map((mine) => mine.length)).toEqual([4, 4, 4, 3]);
    // The very same objects, so that they are executed and encoded once, across areas too.
    for (const n of [1, 2, 3]) expect([heard[1]?.[n], heard[2]?.[n]]).toEqual([heard[0]?.[n], heard[0]?.[n]]);
    expect(heard[1]?.[1]).toBe(heard[0]?.[1]);
    expect(heard[2]?.[1]).toBe(heard[0]?.[1]);
    expect(heard[3]?.slice(1).map(({ position, model }) => [position.seq, model.ref])).toEqual([
      [2, 8],
      [3, 7],
    ]);
    for (const end of ends) end();
    expect(hub.channels).toBe(0);
    expect(bus.hears(elsewhere)).toBe(false);
  });
});
