import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Feed } from "../../api/feed/feed.ts";
import { follow } from "../../api/feed/follow.ts";
import { LocalBus } from "../../api/feed/local-bus.ts";
import { relay } from "../../api/feed/relay.ts";
import type { ChangeEvent } from "../../data/feed/event.ts";
import type { Database, StatementEvent } from "../../db/driver.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { removeCounty } from "../../db/load/remove-county.ts";
import { forgetEvents } from "../../db/repositories/feed-repository.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { writeChange } from "../helpers/feed-writes.ts";
import { smallDataset } from "../helpers/small-dataset.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const NOW = "2026-01-15T00:00:00Z";
const COUNTY = "990001";

describeOnBothDatabases("the feed", (open) => {
  let database: Database;
  const statements: StatementEvent[] = [];
  const unexpected: unknown[] = [];
  const log = (fields: Readonly<Record<string, unknown>>): void => {
    unexpected.push(fields);
  };
  const onReset = (): void => {
    unexpected.push("reset");
  };
  const load = async (): Promise<unknown> =>
    loadCounty(database, smallDataset({ county: COUNTY, gridsPerSide: 1, incidents: 4 }), { now: NOW });
  const write = (ref: number, at?: string): Promise<number> => writeChange(database, COUNTY, ref, at);
  const refs = (events: readonly ChangeEvent[]): number[] =>
    events.flatMap((event) =>
      event.op === "BULK" || event.kind === "plan" || event.kind === "duty" ? [] : [event.entity.ref],
    );

  beforeAll(async () => {
    database = (await open()).database;
    database.onStatement = (event) => statements.push(event);
    await loadReference(database, SMALL_CLASSES);
    await load();
  });
  afterAll(() => {
    expect(unexpected).toEqual([]);
    expect(statements.flatMap(lintEvent)).toEqual([]);
  });

  it("numbers what was committed in order of versions, begins with the load, and leaves the outbox empty", async () => {
    for (const ref of [7, 8, 9]) await write(ref);
    const moved = await relay(database, COUNTY, 5);
    expect(moved?.events.map(({ seq, liveVersion, op }) => [seq, liveVersion, op])).toEqual([
      [1, 1, "BULK"],
      [2, 2, "UPSERT"],
      [3, 3, "UPSERT"],
      [4, 4, "UPSERT"],
    ]);
    expect(refs(moved?.events ?? [])).toEqual([7, 8, 9]);
    expect(moved?.head).toEqual({ epoch: 5, seq: 4, liveVersion: 4 });
    expect(await relay(database, COUNTY, 6)).toEqual({ head: moved?.head, events: [] });
    expect(await relay(database, "990099", 6)).toBeUndefined();
  });

  it("gives a follower what it missed and what comes, each once and in order, and leaves out what it has read", async () => {
    const feed = new Feed(database, () => 5, log);
    const stop = feed.start();
    const all: ChangeEvent[] = [];
    const late: ChangeEvent[] = [];
    const end = follow(
      feed.bus,
      COUNTY,
      { epoch: 5, seq: 2 },
      { onEvents: (events) => void all.push(...events), onReset },
    );
    const version = await write(10);
    const endLate = follow(
      feed.bus,
      COUNTY,
      { liveVersion: version },
      {
        onEvents: (events) => void late.push(...events),
        onReset,
      },
    );
    await Promise.all([11, 12, 13, 14, 15].map((ref) => write(ref)));
    await expect.poll(() => all.length, { timeout: 10_000 }).toBe(8);
    expect(all.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    expect(all.map(({ liveVersion }) => liveVersion)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    await expect.poll(() => refs(late).sort()).toEqual([11, 12, 13, 14, 15]);
    end();
    endLate();
    await write(16);
    await delay(50);
    await stop();
    expect(all).toHaveLength(8);
  });

  it("tells a consumer of another process, also where that one relayed", async () => {
    const here = new Feed(database, () => 5, log);
    const there = new Feed(database, () => 5, log);
    const stops = [here.start(), there.start()];
    const seen: Record<"here" | "there", number[]> = { here: [], there: [] };
    const { position } = await positionNow();
    const ends = [
      follow(here.bus, COUNTY, position, { onEvents: (events) => void seen.here.push(...refs(events)), onReset }),
      follow(there.bus, COUNTY, position, {
        onEvents: (events) => void seen.there.push(...refs(events)),
        onReset,
      }),
    ];
    for (const ref of [20, 21, 22, 23, 24, 25]) await write(ref);
    for (const side of ["here", "there"] as const)
      await expect.poll(() => seen[side], { timeout: 10_000 }).toEqual([20, 21, 22, 23, 24, 25]);
    for (const end of ends) end();
    for (const stop of stops) await stop();
  });

  const positionNow = async () => {
    while ((await relay(database, COUNTY, 5))?.events.length);
    const replay = await new LocalBus(database, log).replay(COUNTY, { liveVersion: Number.MAX_SAFE_INTEGER });
    if (replay.kind !== "events") throw new Error("the end of the feed is unknown");
    return replay;
  };

  it("asks a follower to begin anew whose place is unknown or no longer kept", async () => {
    const bus = new LocalBus(database, log);
    const { position } = await positionNow();
    const reset = { kind: "reset", position };
    expect(await bus.replay(COUNTY, { epoch: 5, seq: position.seq + 1 })).toMatchObject(reset);
    expect(await bus.replay(COUNTY, { epoch: 4, seq: 1 })).toMatchObject(reset);
    expect(await bus.replay(COUNTY, { epoch: 5, seq: 0 })).toMatchObject({ kind: "events", position });
    await write(30, "2026-01-20T00:00:00Z");
    const last = await positionNow();
    const forget = (before: string): Promise<number> =>
      database.transaction({ kind: "county", county: COUNTY }, (tx) => forgetEvents(tx, COUNTY, before));
    expect(await forget("2026-01-18T00:00:00Z")).toBe(position.seq);
    expect(await bus.replay(COUNTY, { epoch: 5, seq: 0 })).toMatchObject({ kind: "reset", position: last.position });
    expect(await bus.replay(COUNTY, { liveVersion: 1 })).toMatchObject({ kind: "reset" });
    expect(await bus.replay(COUNTY, position)).toMatchObject({ kind: "events", position: last.position });
  });

  it("of a county that was removed and loaded anew is another one, and its followers are told", async () => {
    const feed = new Feed(database, () => 77, log);
    const stop = feed.start();
    const { position } = await positionNow();
    const told: unknown[] = [];
    const end = follow(feed.bus, COUNTY, position, {
      onEvents: (events) => void told.push(...events.map(({ op }) => op)),
      onReset: ({ epoch }) => void told.push(epoch),
    });
    await removeCounty(database, COUNTY, NOW);
    await load();
    await expect.poll(() => told, { timeout: 10_000 }).toContain(77);
    await write(40);
    await expect.poll(() => told.at(-1), { timeout: 10_000 }).toBe("UPSERT");
    end();
    await stop();
  });
});
