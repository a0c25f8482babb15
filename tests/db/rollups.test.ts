import { beforeAll, expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import { type IncidentDraft, IncidentRowReader } from "../../data/importers/incident-rows.ts";
import { ImportLog } from "../../data/importers/report.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { type Uuid, uuidV7 } from "../../data/model/ids.ts";
import { INCIDENT_STATES } from "../../data/model/incident.ts";
import type { Database, Transaction } from "../../db/driver.ts";
import { redrawSensitive } from "../../db/import/area-rollup.ts";
import { type IncidentReading, importIncidents } from "../../db/import/incident-import.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { removeCounty } from "../../db/load/remove-county.ts";
import { insertCase } from "../../db/repositories/new-case-repository.ts";
import { applyRollupDelta, rollupCase } from "../../db/rollups/apply-delta.ts";
import { countedByRollups, verifyRollups } from "../../db/rollups/rebuild.ts";
import { POLICY_COUNTY as COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { commandRunner } from "../helpers/command-runner.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { standardStart } from "../helpers/new-case.ts";
import { expectedRollups, storedRollups } from "../helpers/rollup-oracle.ts";
import { lintEvent } from "../helpers/sql-rules.ts";

const NOW_MS = Date.parse(POLICY_NOW);
const CLASSES = ["01001", "02003", "05002", "80001"] as const;
/** Places of the fixture's towns and one outside all. */
const SCOPES = [`${COUNTY}001001002`, `${COUNTY}002`, `${COUNTY}003002001-01`, COUNTY] as const;

describeOnBothDatabases("roll-ups of cases", (open) => {
  let database: Database;
  const breaches: string[] = [];
  const write = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction({ kind: "county", county: COUNTY }, work);
  const load = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction({ kind: "loader", county: COUNTY }, work);
  const check = async (): Promise<void> =>
    expect(await storedRollups(database, COUNTY)).toEqual(await expectedRollups(database, COUNTY));

  beforeAll(async () => {
    database = (await open()).database;
    database.onStatement = (event) => {
      breaches.push(...lintEvent(event));
    };
    await loadReference(database, CLASS_CODES);
    await loadCounty(database, policyCounty(), { now: POLICY_NOW });
  });

  const prng = new Prng("rollups");
  const mint = (ms: number): Uuid => uuidV7(ms, prng.uint32(), prng.uint32(), prng.uint32());
  // Days and months of the county begin at 16:00 UTC: instants around there tell its calendar from that of UTC.
  const instant = (): number => Math.floor(NOW_MS - prng.range(0, 400) * 86_400_000);

  const report = async (): Promise<void> => {
    const openedMs = instant();
    const classCode = prng.pick(CLASSES);
    const id = mint(openedMs);
    await write(async (tx) => {
      await insertCase(tx, {
        county: COUNTY,
        id,
        ref: 10_000 + prng.int(0, 1_000_000),
        classCode,
        sensitive: classCode === "80001",
        severity: "normal",
        source: "app",
        title: "测",
        drawn: [113 + prng.range(-0.01, 0.03), 40 + prng.range(-0.01, 0.03)],
        gridId: null,
        gridCode: null,
        scopeCode: prng.pick(SCOPES),
        border: false,
        openedAt: new Date(openedMs).toISOString(),
        dueAt: null,
        ...standardStart(COUNTY),
      });
      await applyRollupDelta(tx, COUNTY, null, (await rollupCase(tx, COUNTY, id)) ?? null);
    });
  };

  /** Changes what the roll-ups count of some case, or takes it away. */
  const change = (): Promise<void> =>
    write(async (tx) => {
      const ids = await tx.rows<{ id: string }>("SELECT i.id FROM incident i WHERE i.county = $1 ORDER BY i.id", [
        COUNTY,
      ]);
      const { id } = prng.pick(ids);
      const before = await rollupCase(tx, COUNTY, id);
      if (!before) throw new Error(`no case ${id}`);
      const what = prng.int(0, 3);
      const sets = [
        ["state = $3", prng.pick(INCIDENT_STATES)],
        ["scope_code = $3", prng.pick(SCOPES)],
        ["suspicious = $3::boolean", !before.suspicious],
        ["geom = ST_SetSRID(ST_MakePoint(113.01, $3::float8), 4326)", 40 + prng.range(0, 0.02)],
      ] as const;
      const [set, value] = sets[what] ?? sets[0];
      await tx.execute(`UPDATE incident SET ${set} WHERE county = $1 AND id = $2::uuid`, [COUNTY, id, value]);
      await applyRollupDelta(tx, COUNTY, before, (await rollupCase(tx, COUNTY, id)) ?? null);
    });

  /** New cases, and earlier ones of the same source with another class, state or place. */
  const importSome = async (): Promise<void> => {
    const log = new ImportLog();
    const drafts = Array.from({ length: 12 }, (_, n): IncidentDraft => {
      const openedMs = instant();
      return {
        at: `file.csv:${n + 2}`,
        sourceRef: `IMPORT-${prng.int(1, 25)}-${n}`,
        contentKey: `${n}`,
        id: mint(openedMs),
        openedEventId: mint(openedMs),
        closedEventId: null,
        changeEventId: mint(NOW_MS),
        classText: prng.pick(CLASSES),
        title: "测",
        source: "hotline",
        state: prng.pick(["accepted", "closed", "void"]),
        lon: 113.005,
        lat: 40 + n / 1000,
        areaCode: prng.pick([...SCOPES.slice(0, 3), null]),
        border: false,
        openedAt: new Date(openedMs).toISOString(),
        dueAt: null,
        closedAt: null,
        verdict: null,
        organisation: null,
      };
    });
    /** Gives the drafts as they are, wherever their places lie. */
    class DraftReader extends IncidentRowReader {
      override read(_record: readonly string[], line: number): IncidentDraft | undefined {
        return drafts[line];
      }
      override glance(record: readonly string[]) {
        return { key: record[0] ?? "", x: null, y: null };
      }
      override silent(): IncidentRowReader {
        return this;
      }
    }
    const lines = drafts.map(({ sourceRef }, line) => ({ line, cells: [sourceRef ?? ""] }));
    async function* pieces({ clock, areas }: IncidentReading) {
      const options = { file: "file.csv", county: COUNTY, header: [], fields: {}, clock, areas, log, nowMs: NOW_MS };
      yield await Promise.resolve({ reader: new DraftReader(options), lines });
    }
    await importIncidents(
      database,
      {
        county: COUNTY,
        files: ["file.csv"],
        dryRun: false,
        nowMs: NOW_MS,
        actor: "test",
        onProgress: () => undefined,
      },
      {
        log,
        pieces,
        fileKey: () => Promise.resolve(String(prng.uint32())),
        expectedLines: drafts.length,
        crs: () => "EPSG:4326",
        // Each import goes in as three transactions.
        partLines: 5,
      },
    );
  };

  const redraw = (): Promise<void> =>
    load(async (tx) => {
      await tx.execute(
        "UPDATE area_version v SET label = ST_Translate(v.label, 0.001, 0.002) WHERE v.county = $1 AND v.code > $2",
        [COUNTY, `${COUNTY}002`],
      );
      await redrawSensitive(tx, COUNTY);
    });

  it("are those of the loaded cases", check);

  it("equal a fresh count after any sequence of writes and loads", { timeout: 120_000 }, async () => {
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 6; n++) await report();
      for (let n = 0; n < 14; n++) await change();
      await importSome();
      if (round % 2 === 0) await redraw();
      await check();
    }
    expect((await load((tx) => verifyRollups(tx, COUNTY))).differing).toBe(0);
    expect(breaches).toEqual([]);
  });

  it("are left alone by a write that is rolled back", async () => {
    const before = await storedRollups(database, COUNTY);
    const fails = write(async (tx) => {
      const [one] = await tx.rows<{ id: string }>("SELECT i.id FROM incident i WHERE i.county = $1 LIMIT 1", [COUNTY]);
      await applyRollupDelta(tx, COUNTY, (await rollupCase(tx, COUNTY, one?.id ?? "")) ?? null, null);
      throw new Error("undone");
    });
    await expect(fails).rejects.toThrow("undone");
    expect(await storedRollups(database, COUNTY)).toEqual(before);
  });

  it("that were touched are found with key, stored and counted, and rebuilt", async () => {
    await load((tx) =>
      tx.execute(
        "UPDATE incident_day SET count = count + 5 WHERE county = $1 AND whole AND day = (SELECT max(day) FROM incident_day WHERE county = $1)",
        [COUNTY],
      ),
    );
    await load((tx) => tx.execute("DELETE FROM incident_cell_month WHERE county = $1 AND edge = 200000", [COUNTY]));
    const found = await load((tx) => verifyRollups(tx, COUNTY));
    expect(found.differing).toBeGreaterThan(2);
    const [first] = found.differences;
    expect(first).toMatchObject({ table: "incident_day", key: { scope_code: COUNTY, whole: true } });
    expect((first?.stored ?? 0) - (first?.counted ?? 0)).toBe(5);
    expect(
      found.differences.some(
        ({ table, stored, counted }) => table === "incident_cell_month" && stored === 0 && counted > 0,
      ),
    ).toBe(true);
    const runner = await commandRunner(database);
    const verify = ["rollup", "verify", "--county", COUNTY] as const;
    const told = await runner.run(...verify);
    expect(told).toMatchObject({ code: 1 });
    expect(told.out).toContain(`jingwei rollup rebuild --county ${COUNTY}`);
    // What the doctor compares with the number of cases.
    const [all] = await runner.rows<{ cases: number }>(
      COUNTY,
      "SELECT count(*)::int AS cases FROM incident WHERE county = $1",
    );
    expect(await load((tx) => countedByRollups(tx, COUNTY))).toBeGreaterThan(all?.cases ?? 0);
    expect(await runner.run("rollup", "rebuild", "--county", COUNTY, "--json")).toMatchObject({ code: 0 });
    expect(JSON.parse((await runner.run(...verify, "--json")).out)).toMatchObject({ ok: true, differences: [] });
    expect(await load((tx) => countedByRollups(tx, COUNTY))).toBe(all?.cases);
    expect((await runner.run("rollup", "count", "--county", COUNTY)).code).toBe(2);
    expect((await runner.run("rollup", "verify", "--county", "999999")).code).toBe(1);
    await check();
  });

  it("go with their county", async () => {
    await removeCounty(database, COUNTY, POLICY_NOW);
    const left = await database.transaction({ kind: "loader", county: COUNTY }, (tx) =>
      tx.rows(
        "SELECT d.count FROM incident_day d WHERE d.county = $1 UNION ALL SELECT c.count FROM incident_cell_month c WHERE c.county = $1",
        [COUNTY],
      ),
    );
    expect(left).toEqual([]);
  });
});
