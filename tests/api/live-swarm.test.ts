import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../api/config.ts";
import { createServer } from "../../api/server.ts";
import type { Database } from "../../db/driver.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { TEST_SEALER, type TestApi, testApiOver } from "../helpers/api.ts";
import {
  nativeMissing,
  nativeServer,
  openNativeTestDatabase,
  TEST_CACHE_DIR,
  type TestDatabase,
} from "../helpers/database.ts";
import { Swarm } from "../helpers/live-swarm.ts";
import { writePaced } from "../helpers/planned-changes.ts";
import { swarmMembers } from "../helpers/swarm-members.ts";
import { authenticateByHeader } from "../helpers/viewers.ts";

const LANES = 4;
const TOTAL = 600;
const CUTS = 60;

describe.skipIf(nativeMissing())("many clients of three servers on one database (native)", () => {
  let test: TestDatabase;
  let api: TestApi;
  const urls: string[] = [];
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    test = await openNativeTestDatabase(await nativeServer());
    api = await testApiOver(test.database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
    urls.push(await api.listen());
    for (let n = 0; n < 2; n++) {
      // Each server with connections of its own, as other processes have.
      const { database } = await openDatabase({ url: test.url ?? "", dir: TEST_CACHE_DIR });
      const app = await createServer({
        database,
        config: loadConfig({}),
        sealer: TEST_SEALER,
        authenticate: authenticateByHeader,
        now: api.now,
        rateLimits: { perAddress: 1e9, perViewer: 1e9, perSignIn: 1e9 },
      });
      urls.push(await app.listen({ port: 0, host: "127.0.0.1" }));
      ends.push(async () => {
        await app.close();
        await database.close();
      });
    }
  });
  afterAll(async () => {
    for (const end of ends) await end();
    await api.close();
    await test.dispose();
  });

  it("hear everything that is theirs, once and in order, through cut connections and whichever server they come to", async () => {
    const plan = { urls, members: swarmMembers(32), total: TOTAL, lanes: LANES, cuts: CUTS };
    const swarm = new Swarm(plan);
    try {
      await swarm.ready();
      const database: Database = test.database;
      await Promise.all([writePaced(database, { total: TOTAL, perSecond: 300, lanes: LANES }), swarm.cutFor(2_000)]);
      const { lost, duplicated, disordered, strange, resets, cuts, connections, delivered } =
        await swarm.settle(10_000);
      expect({ lost, duplicated, disordered, strange, resets, cuts }).toEqual({
        lost: 0,
        duplicated: 0,
        disordered: 0,
        strange: 0,
        resets: 0,
        cuts: CUTS,
      });
      expect(connections).toBeGreaterThan(plan.members.length + CUTS / 2);
      expect(delivered).toBeGreaterThan(TOTAL * 10);
      const [row] = await database.transaction({ kind: "county", county: SMALL_COUNTY }, (tx) =>
        tx.rows<{ events: number; last: number }>(
          "SELECT count(*)::int AS events, max(f.seq)::int AS last FROM change_feed f WHERE f.county = $1",
          [SMALL_COUNTY],
        ),
      );
      // The load's own event is the first; nobody numbered twice.
      expect(row).toEqual({ events: TOTAL + 1, last: TOTAL + 1 });
    } finally {
      swarm.end();
    }
  });
});
