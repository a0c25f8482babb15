import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../api/config.ts";
import { relay } from "../../api/feed/relay.ts";
import { createServer } from "../../api/server.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { TEST_SEALER, type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { CHANGES, LiveClient } from "../helpers/live-client.ts";
import {
  DISPATCHER,
  EVERY_ROLE,
  move,
  report,
  SENSITIVE_CLASS,
  take,
  VILLAGE_WORKER,
  WORKER,
} from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

/** Other tests may be running on this machine: what comes at all comes in time. */
const soon = <Value>(look: () => Value) => expect.poll(look, { timeout: 20_000, interval: 10 });
const WALL = viewerAs("wall", SMALL_COUNTY);
const county = { county: SMALL_COUNTY };

describeOnBothDatabases("live changes", (open) => {
  let api: TestApi;
  let url = "";
  const clients: LiveClient[] = [];
  const client = (viewer: Viewer | null, headers: Readonly<Record<string, string>> = {}): LiveClient => {
    const made = LiveClient.open(url, { ...viewerHeaders(viewer), ...headers });
    clients.push(made);
    return made;
  };
  /** A subscription that has had its first event. */
  const follow = async (viewer: Viewer, more: Readonly<Record<string, unknown>> = {}): Promise<LiveClient> => {
    const made = client(viewer);
    await made.subscribe({ ...county, ...more });
    if (!("since" in more)) await soon(() => made.changes.length).toBe(1);
    return made;
  };
  const told = (one: LiveClient): unknown[] => one.changes.slice(1).map(({ op, ref }) => [op, ref]);
  const codes = (one: LiveClient): unknown[] => one.errors.map(({ extensions }) => extensions?.code);
  const refused = async (viewer: Viewer, variables: Readonly<Record<string, unknown>>, query?: string) => {
    const made = client(viewer);
    await made.subscribe(variables, query);
    await soon(() => codes(made)).toHaveLength(1);
    return codes(made)[0];
  };

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, {
      datasets: [smallCounty()],
      classes: SMALL_CLASSES,
      now: SMALL_NOW,
      liveLimits: { socketsPerViewer: 4, subscriptions: 3, checkEveryMs: 50 },
    });
    // The load's own BULK is no news of these tests: it is told before anybody listens.
    while ((await relay(database, SMALL_COUNTY, Date.parse(SMALL_NOW)))?.events.length);
    url = await api.listen();
  });
  afterEach(async () => {
    for (const one of clients.splice(0)) {
      one.end();
      await one.closed;
    }
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  it("come to whoever may see the case, in order, and to nobody else", async () => {
    const [dispatcher, wall, worker, village] = await Promise.all([
      follow(DISPATCHER),
      follow(WALL),
      follow(WORKER),
      follow(VILLAGE_WORKER),
    ]);
    const one = await report(api);
    const secret = await report(api, { class: SENSITIVE_CLASS });
    await take(api, one.incident.id, 1, DISPATCHER);
    await move(api, secret.incident.id, 1, "HANDLING");
    await move(api, one.incident.id, 2, "CLOSED");
    await move(api, one.incident.id, 2, "HANDLING");
    const [a, s] = [one.incident.ref, secret.incident.ref];
    await soon(() => told(dispatcher)).toEqual([a, s, a, s, a].map((ref) => ["UPSERT", ref]));
    await soon(() => told(worker)).toEqual(told(dispatcher));
    await soon(() => told(wall)).toEqual([a, a, a].map((ref) => ["UPSERT", ref]));
    expect(told(village)).toEqual([]);
    const first = dispatcher.changes[0];
    expect(first).toMatchObject({ op: "RESET", id: null, ref: null });
    expect(first?.snapshotVersion).toMatch(/^\d+\.\d+$/);
    const versions = dispatcher.changes.slice(1).map(({ liveVersion }) => Number(liveVersion));
    expect(versions).toEqual(versions.toSorted((x, y) => x - y));
    expect(new Set(versions).size).toBe(5);
    // What the wall may not see it cannot count either: neither by versions nor by cursors.
    const walls = wall.changes.slice(1);
    expect(walls.map(({ liveVersion }) => /^[\w-]{12}$/.test(liveVersion))).toEqual([true, true, true]);
    expect(walls.some(({ liveVersion }) => versions.includes(Number(liveVersion)))).toBe(false);
    expect(wall.changes[0]?.snapshotVersion).toMatch(/^\d+\.[\w-]{12}$/);
    for (const { cursor } of walls)
      expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toContain(SMALL_COUNTY);
    expect(dispatcher.changes[1]).toMatchObject({ id: one.incident.id, version: 1, kind: "INCIDENT" });
  });

  it("leave a narrower area as REMOVE, and are not told where they never were", async () => {
    const [town, village] = await Promise.all([
      follow(DISPATCHER, { area: SMALL_CODES.community }),
      follow(DISPATCHER, { area: SMALL_CODES.village }),
    ]);
    const { incident } = await report(api);
    const id = incident.id.split(":")[2] ?? "";
    await api.database.adminSession((admin) =>
      admin.query(
        `INSERT INTO outbox (county, id, kind, op, entity, version, scope_before, scope_after, created_at, live_version)
         SELECT county, gen_random_uuid(), 'incident', 'UPSERT', $2, 2, $3, $4, $5, live_version + 1 FROM county_profile WHERE county = $1`,
        [
          SMALL_COUNTY,
          JSON.stringify({ type: "incident", id, ref: incident.ref, sensitive: false }),
          SMALL_CODES.microA1,
          SMALL_CODES.village,
          SMALL_NOW,
        ],
      ),
    );
    await api.database.adminSession((admin) =>
      admin.query("UPDATE county_profile SET live_version = live_version + 1 WHERE county = $1", [SMALL_COUNTY]),
    );
    await soon(() => told(town)).toEqual([
      ["UPSERT", incident.ref],
      ["REMOVE", incident.ref],
    ]);
    await soon(() => told(village)).toEqual([["UPSERT", incident.ref]]);
  });

  it("go on from a cursor or a data version; any other begins anew, once", async () => {
    const before = await follow(DISPATCHER);
    const made = [await report(api), await report(api), await report(api)].map(({ incident }) => incident.ref);
    await soon(() => told(before)).toHaveLength(3);
    const since = before.changes[1]?.cursor;
    const refs = (one: LiveClient): unknown[] => one.changes.map(({ op, ref }) => [op, ref]);
    const rest = made.slice(1).map((ref) => ["UPSERT", ref]);
    const again = await follow(DISPATCHER, { since });
    await soon(() => refs(again)).toEqual(rest);
    const { data } = await api.graphql<{ county: { contentVersion: string } }>(
      `{ county(code: "${SMALL_COUNTY}") { contentVersion } }`,
    );
    const version = `${data?.county.contentVersion}.${before.changes[1]?.liveVersion}`;
    const read = await follow(DISPATCHER, { since: version });
    await soon(() => refs(read)).toEqual(rest);
    const others = ["x", "", `1.${before.changes[1]?.liveVersion}`, Buffer.from("990100.1.1").toString("base64url")];
    for (const other of others) {
      const anew = await follow(WORKER, { since: other });
      await soon(() => refs(anew)).toEqual([["RESET", null]]);
      anew.end();
      await anew.closed;
    }
  });

  it("tell a kiosk of old cases only that something changed", async () => {
    const kiosk = viewerAs("wall", SMALL_COUNTY, { kind: "kiosk", accountId: null, pointDays: 7 });
    const wall = await follow(kiosk);
    const old = await report(api);
    await soon(() => told(wall)).toEqual([["UPSERT", old.incident.ref]]);
    api.setNow(new Date(Date.parse(SMALL_NOW) + 20 * 86_400_000).toISOString());
    await move(api, old.incident.id, 1, "HANDLING");
    const fresh = await report(api);
    await soon(() => wall.changes.slice(1).map(({ op, id, ref }) => [op, id, ref])).toEqual([
      ["UPSERT", old.incident.id, old.incident.ref],
      ["BULK", null, null],
      ["UPSERT", fresh.incident.id, fresh.incident.ref],
    ]);
    api.setNow(SMALL_NOW);
  });

  it("are refused as everything else is", async () => {
    for (const viewer of EVERY_ROLE.filter(({ role }) => role === "auditor"))
      expect(await refused(viewer, county), viewer.role).toBe("FORBIDDEN");
    expect(await refused({ ...WALL, visitor: true }, county)).toBe("FORBIDDEN");
    expect(await refused(VILLAGE_WORKER, { ...county, area: SMALL_CODES.community })).toBe("FORBIDDEN");
    expect(await refused(VILLAGE_WORKER, { ...county, area: SMALL_COUNTY })).toBe("FORBIDDEN");
    expect(await refused(DISPATCHER, { county: "990200" })).toBe("FORBIDDEN");
    expect(await refused(DISPATCHER, { ...county, area: "nowhere" })).toBe("BAD_USER_INPUT");
    expect(await refused(WORKER, {}, "{ server { version } }")).toBe("BAD_USER_INPUT");
    expect(await refused(WORKER, {}, "subscription {")).toBe("BAD_USER_INPUT");
    expect(await refused(WORKER, {})).toBe("BAD_USER_INPUT");
    const over = await api.graphql(CHANGES, county);
    expect(over.errors?.[0]?.extensions?.["code"]).toBe("BAD_USER_INPUT");
    expect(over.data).toBeUndefined();
  });

  describe("a socket", () => {
    it("is opened by somebody, on a page of this server or with a token", async () => {
      expect(await client(null).closed).toBe(401);
      expect(await client(DISPATCHER, { origin: "http://evil.example" }).closed).toBe(403);
      expect(await client(DISPATCHER, { "sec-fetch-site": "cross-site" }).closed).toBe(403);
      expect(await client(DISPATCHER, { origin: "null" }).closed).toBe(403);
      const program = client(DISPATCHER, { authorization: "Bearer x", origin: "http://elsewhere.example" });
      await program.subscribe(county);
      await soon(() => program.changes).toHaveLength(1);
      expect((await api.app.inject({ url: "/graphql", headers: viewerHeaders(DISPATCHER) })).statusCode).toBe(404);
    });

    it("is closed when whoever opened it is shut out, or acts under another grant", async () => {
      let now: Viewer | null = DISPATCHER;
      const app = await createServer({
        database: api.database,
        config: loadConfig({}),
        sealer: TEST_SEALER,
        authenticate: async () => now,
        now: api.now,
        liveLimits: { checkEveryMs: 50 },
      });
      const address = await app.listen({ port: 0, host: "127.0.0.1" });
      const openOne = async (): Promise<LiveClient> => {
        const made = LiveClient.open(address, {});
        clients.push(made);
        await made.subscribe(county);
        await soon(() => made.changes).toHaveLength(1);
        return made;
      };
      const first = await openOne();
      now = { ...DISPATCHER, area: SMALL_CODES.community };
      expect(await first.closed).toBe(4403);
      const second = await openOne();
      now = null;
      expect(await second.closed).toBe(4401);
      now = WALL;
      const third = await openOne();
      await app.close();
      expect(await third.closed).toBe(1001);
    });

    it("beats, so that a page can tell a dead one", async () => {
      const one = await follow(DISPATCHER);
      await soon(() => one.types.filter((type) => type === "ping")).not.toHaveLength(0);
      one.send({ type: "ping" });
      await soon(() => one.types).toContain("pong");
    });

    it("is one of few, holds few subscriptions, and takes short messages only", async () => {
      const first = await follow(DISPATCHER);
      for (let n = 0; n < 3; n++) await follow(DISPATCHER);
      expect(await client(DISPATCHER).closed).toBe(429);
      for (let n = 0; n < 3; n++) await first.subscribe(county);
      await soon(() => first.errors.map(({ message }) => message)).toEqual(["too many subscriptions on one socket"]);
      first.send("x".repeat(40_000));
      expect(await first.closed).toBe(1009);
      const after = await follow(DISPATCHER);
      after.send("no json");
      expect(await after.closed).toBe(4400);
    });

    it("knows nothing of a subscription that was ended", async () => {
      const one = client(DISPATCHER);
      const id = await one.subscribe(county);
      await soon(() => one.changes).toHaveLength(1);
      one.send({ id, type: "complete" });
      const other = await follow(DISPATCHER);
      await report(api);
      await soon(() => told(other)).toHaveLength(1);
      expect(one.changes).toHaveLength(1);
    });
  });
});
