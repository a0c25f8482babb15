import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HotCounties } from "../../api/hot/hot-counties.ts";
import { tableHash } from "../../api/hot/slab-book.ts";
import { gatherTable } from "../../data/columns/gather.ts";
import { selectRows } from "../../data/columns/select.ts";
import { Prng } from "../../data/demo/prng.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { incidentColumnTable } from "../../db/repositories/columns-repository.ts";
import { type CaseWorld, changeCases } from "../api/hot/changes.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { nativeServer, openNativeTestDatabase, type TestDatabase, withClient } from "../helpers/database.ts";

const ROUNDS = 4;
const NOW_MS = Date.parse(POLICY_NOW);

describe("cases in memory that begin anew under load (native)", () => {
  let test: TestDatabase;
  const data = policyCounty();
  beforeAll(async () => {
    test = await openNativeTestDatabase(await nativeServer());
    await loadReference(test.database, SMALL_CLASSES);
    await loadCounty(test.database, data, { now: POLICY_NOW });
  });
  afterAll(() => test.dispose());

  /** Ends every connection of the database but one's own: what a crash of its server does to us. */
  const cutConnections = () =>
    withClient(test.url ?? "", (client) =>
      client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      ),
    );

  it("give the answer of the version that they tell, or none", { timeout: 120_000 }, async () => {
    const { database } = test;
    const world: CaseWorld = {
      county: POLICY_COUNTY,
      places: data.areas.filter(({ level }) => level === "grid").map(({ code, label }) => ({ code, point: label })),
      classes: [
        { code: "01001", sensitive: false },
        { code: "80001", sensitive: true },
      ],
      ids: data.incidents.map(({ id }) => id),
    };
    let writing = true;
    let failures = 0;
    const writer = (async () => {
      const prng = new Prng("fault writes");
      for (let n = 0; writing; n++) {
        // A connection that is cut takes its transaction with it: nothing of it may be seen.
        await changeCases(database, { ...world, ids: [...world.ids] }, prng, 3, NOW_MS - 10_000 + n).catch(() => {
          failures++;
        });
        await pause(2);
      }
    })();
    const asOf = NOW_MS / 1000;
    const reading = { county: POLICY_COUNTY, asOf: POLICY_NOW, now: POLICY_NOW };
    let compared = 0;
    const versions = new Set<string>();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const hot = new HotCounties(database, { bytes: 1e9, chunkRows: 50, log: () => undefined });
        const stop = hot.start();
        if (round % 2 === 1) await cutConnections();
        for (let question = 0; question < 30; question++) {
          if (question === 15 && round % 2 === 0) await cutConnections();
          const table = await database
            .transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
              incidentColumnTable(tx, reading, { inside: POLICY_COUNTY }),
            )
            .catch(() => undefined);
          const held = table && (await hot.settled(POLICY_COUNTY, table.version, 200));
          if (!table || !held) await pause(20);
          // Memory may be further by now: then it is no answer to this question.
          if (!table || held?.dataVersion !== table.version) continue;
          const mine = gatherTable(held.columns, selectRows(held.columns, {}, asOf), { version: "", asOf });
          expect([mine.rows, tableHash(mine)], `version ${table.version}`).toEqual([table.rows, tableHash(table)]);
          versions.add(table.version);
          compared++;
        }
        // Given up while it loads, catches up, or rests.
        await stop();
        expect(hot.at(POLICY_COUNTY, [...versions].at(-1) ?? "")).toBeUndefined();
      }
    } finally {
      writing = false;
      await writer;
    }
    expect(compared).toBeGreaterThan(10);
    expect(versions.size).toBeGreaterThan(5);
    expect(failures).toBeGreaterThan(0);
  });
});
