import { afterAll, beforeAll, expect, it } from "vitest";
import { checkOnce, startChecking } from "../../../api/hot/check.ts";
import { hotRows } from "../../../api/hot/hot-rows.ts";
import { gatherTable } from "../../../data/columns/gather.ts";
import { isLateRow, STATE_ENDED } from "../../../data/columns/incident-columns.ts";
import { Prng } from "../../../data/demo/prng.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../../data/model/incident.ts";
import { incidentCut } from "../../../data/policy/incident-cut.ts";
import { areaWithin, type Viewer } from "../../../data/policy/viewer.ts";
import type { Scope } from "../../../db/driver.ts";
import { findCounty } from "../../../db/repositories/county-repository.ts";
import type { IncidentListFilter } from "../../../db/repositories/incident-filter.ts";
import { incidentStats } from "../../../db/repositories/stats-repository.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../../fixtures/policy-county.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { lintEvent } from "../../helpers/sql-rules.ts";
import { viewerAs } from "../../helpers/viewers.ts";
import { describeViewer, randomViewer } from "../differential/random-viewer.ts";
import { type CaseWorld, changeCases, worldOf } from "./changes.ts";
import { askColumns, type TwoServers, tableRows, twoServers } from "./two-servers.ts";

/** Questions before and after the changes, each; and changes. */
const QUESTIONS = 40;
const CHANGES = 300;

const data = policyCounty();
const codes = data.areas.map(({ code }) => code);
const NOW_MS = Date.parse(POLICY_NOW);
const AS_OF = Math.floor(NOW_MS / 1000);

const some = <T>(prng: Prng, items: readonly T[]): T[] => items.filter(() => prng.chance(0.5));
const maybe = <T>(prng: Prng, p: number, make: () => T): T | undefined => (prng.chance(p) ? make() : undefined);

/** A random filter whose area the viewer may ask for, or may not. */
function randomFilter(prng: Prng, viewer: Viewer | null): IncidentListFilter {
  const own = viewer ? areaWithin(viewer, POLICY_COUNTY) : undefined;
  const inside = prng.chance(0.6)
    ? POLICY_COUNTY
    : prng.pick(codes.filter((code) => code.startsWith(own ?? "")).concat(codes.slice(0, 3)));
  const instant = (days: number): string =>
    new Date(NOW_MS - Math.floor(prng.range(0, days) * 86_400) * 1000 - prng.pick([0, 0, 0, 1])).toISOString();
  const box = (): [number, number, number, number] => {
    const [x, y] = [113 + prng.range(-0.005, 0.02), 40 + prng.range(-0.005, 0.02)];
    return [x, y, x + prng.range(0.001, 0.02), y + prng.range(0.001, 0.02)];
  };
  const from = maybe(prng, 0.4, () => instant(300));
  const to = maybe(prng, 0.3, () => instant(20));
  return {
    inside,
    from,
    to: from && to && from >= to ? undefined : to,
    bbox: maybe(prng, 0.5, box),
    classes: maybe(prng, 0.3, () => prng.pick([["01"], ["80001"], ["02003", "05"]])),
    states: maybe(prng, 0.3, () => [...some(prng, INCIDENT_STATES), "closed" as const]),
    severities: maybe(prng, 0.2, () => [...some(prng, INCIDENT_SEVERITIES), "normal" as const]),
    sources: maybe(prng, 0.2, () => [...some(prng, INCIDENT_SOURCES), "app" as const]),
    open: maybe(prng, 0.2, () => prng.chance(0.5)),
    late: maybe(prng, 0.2, () => prng.chance(0.5)),
    withoutSuspicious: maybe(prng, 0.2, () => prng.chance(0.5)),
  };
}

function queryOf({ inside, ...filter }: IncidentListFilter, encoding: string): string {
  const parts = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(Array.isArray(value) ? value.join() : String(value))}`],
  );
  return [
    `county=${POLICY_COUNTY}`,
    ...(inside === POLICY_COUNTY ? [] : [`inside=${inside}`]),
    ...parts,
    encoding,
  ].join("&");
}

describeOnBothDatabases("cases in memory", (open) => {
  let servers: TwoServers;
  let world: CaseWorld;
  beforeAll(async () => {
    const { database } = await open();
    servers = await twoServers(database, data, POLICY_NOW);
    world = worldOf(data);
  });
  afterAll(() => servers.close());

  const version = async () => {
    const row = await servers.sql.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
      findCounty(tx, POLICY_COUNTY),
    );
    return `${row?.contentVersion}.${row?.liveVersion}`;
  };
  const hotNow = async () => {
    const hot = await servers.hot.settled(POLICY_COUNTY, await version(), 5000);
    if (!hot) throw new Error(`not in memory: ${JSON.stringify(servers.errors)}`);
    return hot;
  };

  /** Asks both servers the same; every answer of the first must be from memory where it can say it. */
  async function compareAnswers(seed: string): Promise<number> {
    const prng = new Prng(seed);
    let fromMemory = 0;
    for (let n = 0; n < QUESTIONS; n++) {
      const viewer = randomViewer(codes, prng);
      const query = queryOf(randomFilter(prng, viewer), prng.pick(["encoding=plain", "encoding=packed"]));
      const name = `${describeViewer(viewer)} asks ${query}`;
      servers.memory.takeStatements();
      const memory = await askColumns(servers.memory, viewer, query);
      const statements = servers.memory.takeStatements();
      expect(statements.flatMap(lintEvent), name).toEqual([]);
      if (memory.status === 200 && !statements.some(({ sql }) => sql.includes("f AS MATERIALIZED"))) fromMemory++;
      const sql = await askColumns(servers.sql, viewer, query);
      expect([memory.status, memory.code, memory.etag], name).toEqual([sql.status, sql.code, sql.etag]);
      if (!memory.table || !sql.table) continue;
      expect(tableRows(memory.table), name).toEqual(tableRows(sql.table));
      expect(memory.table.dictionaries, name).toEqual(sql.table.dictionaries);
      expect([memory.table.version, memory.table.asOf], name).toEqual([sql.table.version, sql.table.asOf]);
    }
    return fromMemory;
  }

  /** Counts by class, state, severity and source, with open and late ones: what panels are made of. */
  async function compareFigures(seed: string): Promise<void> {
    const prng = new Prng(seed);
    const hot = await hotNow();
    let compared = 0;
    while (compared < QUESTIONS / 2) {
      const viewer = randomViewer(codes, prng);
      const cut = viewer && incidentCut(viewer, POLICY_COUNTY);
      if (!viewer || !cut || viewer.pointDays !== null) continue;
      const { from, to, ...rest } = randomFilter(prng, viewer);
      const whole = (iso: string | null | undefined) => (iso ? `${iso.slice(0, 19)}.000Z` : undefined);
      const filter = { ...rest, from: whole(from), to: whole(to) };
      if (!filter.inside.startsWith(cut.area) && !cut.area.startsWith(filter.inside)) continue;
      compared++;
      const rows = hotRows(hot, filter, cut, AS_OF);
      if (!rows) throw new Error("memory should know");
      const { columns } = hot;
      const counts = new Map<string, number[]>();
      for (const row of rows) {
        const key = [
          columns.classes[columns.classIndex[row] as number]?.slice(0, 2),
          INCIDENT_STATES[columns.state[row] as number],
          INCIDENT_SEVERITIES[columns.severity[row] as number],
        ].join();
        const sums = counts.get(key) ?? [0, 0, 0];
        const add = [1, STATE_ENDED[columns.state[row] as number] ? 0 : 1, isLateRow(columns, row, AS_OF) ? 1 : 0];
        counts.set(
          key,
          sums.map((sum, i) => sum + (add[i] as number)),
        );
      }
      const { role, accountId: account, visitor } = viewer;
      const scope: Scope = { kind: "viewer", county: POLICY_COUNTY, role, area: cut.area, account, visitor };
      const reading = { county: POLICY_COUNTY, asOf: POLICY_NOW, now: POLICY_NOW };
      const groups = await servers.sql.database.transaction(scope, (tx) =>
        incidentStats(tx, reading, filter, ["major", "state", "severity"], "Asia/Shanghai", 10_000),
      );
      expect(Object.fromEntries(counts), `${describeViewer(viewer)}: ${JSON.stringify(filter)}`).toEqual(
        Object.fromEntries(groups.map((one) => [one.key.join(), [one.count, one.open, one.late]])),
      );
    }
  }

  it("answer what SQL answers, to whoever asks", async () => {
    // How they got into memory: in the system's scope, by statements that keep the data rules.
    const loading = servers.memory.takeStatements().filter(({ sql }) => sql.includes("classIndex"));
    expect(loading.length).toBeGreaterThan(3);
    expect(loading.map(({ scope }) => scope.kind)).toEqual(loading.map(() => "county"));
    expect(loading.flatMap(lintEvent)).toEqual([]);
    expect(await compareAnswers("hot before")).toBeGreaterThan(QUESTIONS / 4);
    await compareFigures("hot figures before");
    expect(servers.errors).toEqual([]);
  });

  it("follow changes to the version that the database has", { timeout: 120_000 }, async () => {
    const loads = servers.hot.counts.loads;
    const prng = new Prng("hot changes");
    for (let part = 0; part < 3; part++) {
      await changeCases(servers.sql.database, world, prng, CHANGES / 3, NOW_MS - 400 + part);
      expect((await hotNow()).dataVersion).toBe(await version());
    }
    expect(await compareAnswers("hot after")).toBeGreaterThan(QUESTIONS / 4);
    await compareFigures("hot figures after");
    expect(servers.hot.counts.loads).toBe(loads);
    expect(servers.errors).toEqual([]);
  });

  it("tell slabs that hold every case once, and name each by its content", async () => {
    const manifest = async (viewer: Viewer) => {
      const answers = await Promise.all(
        [servers.memory, servers.sql].map((api) =>
          api.app.inject({
            url: `/columns/incidents/slabs?county=${POLICY_COUNTY}`,
            headers: { "x-test-viewer": encodeURIComponent(JSON.stringify(viewer)) },
          }),
        ),
      );
      return answers.map((answer) => answer.json());
    };
    for (const viewer of [
      viewerAs("leader", POLICY_COUNTY),
      viewerAs("wall", `${POLICY_COUNTY}001`),
      viewerAs("wall", POLICY_COUNTY, { kind: "kiosk", accountId: null, pointDays: 7 }),
    ]) {
      const [memory, sql] = await manifest(viewer);
      expect(memory.slabs.map(({ etag: _, ...one }: { etag: string }) => one)).toEqual(
        sql.slabs.map(({ etag: _, ...one }: { etag: null }) => one),
      );
      expect(memory.dictionaries).toEqual(sql.dictionaries);
      const [slab] = memory.slabs;
      const whole = await askColumns(servers.sql, viewer, `county=${POLICY_COUNTY}`);
      const packed = await askColumns(servers.memory, viewer, slab.path.split("?")[1]);
      // Cells also change with the clock: only asking tells whether they did.
      expect(viewer.pointDays === null ? packed.etag : null).toBe(slab.etag);
      expect(packed.table?.rows).toBe(slab.rows);
      expect(tableRows(packed.table as never)).toEqual(tableRows(whole.table as never));
    }
  });

  it("say nothing of what lies outside the viewer's cut", async () => {
    const town = viewerAs("leader", `${POLICY_COUNTY}001`);
    const wall = viewerAs("wall", POLICY_COUNTY);
    const ask = async (viewer: Viewer) => [
      (await askColumns(servers.memory, viewer, `county=${POLICY_COUNTY}`)).etag,
      (
        await servers.memory.app.inject({
          url: `/columns/incidents/slabs?county=${POLICY_COUNTY}`,
          headers: { "x-test-viewer": encodeURIComponent(JSON.stringify(viewer)) },
        })
      ).body,
    ];
    const before = [await ask(town), await ask(wall)];
    // Sensitive cases of another town: neither the town's leader nor the wall may notice.
    const there = data.incidents.filter(
      ({ classCode, scopeCode }) => classCode === "80001" && scopeCode?.startsWith(`${POLICY_COUNTY}002`),
    );
    const hidden: CaseWorld = {
      county: POLICY_COUNTY,
      places: world.places.filter(({ code }) => code.startsWith(`${POLICY_COUNTY}002`)),
      classes: [{ code: "80001", sensitive: true }],
      ids: there.map(({ id }) => id),
    };
    await changeCases(servers.sql.database, hidden, new Prng("hidden"), 8, NOW_MS - 100);
    expect((await hotNow()).dataVersion).toBe(await version());
    expect([await ask(town), await ask(wall)]).toEqual(before);
  });

  it("are checked against SQL at random, and loaded anew at any difference", async () => {
    const { database } = servers.sql;
    const prng = new Prng("hot checks");
    const [slot] = [...servers.hot.loaded()];
    if (!slot?.county) throw new Error("not in memory");
    const results = async (count: number) => {
      const found = new Set<string>();
      for (let n = 0; n < count; n++) found.add((await checkOnce(database, slot, NOW_MS, () => prng.float())).result);
      return found;
    };
    expect(await results(15)).toEqual(new Set(["equal"]));
    // A case in memory that is not so in the database: most questions about its time see it.
    const { columns } = slot.county;
    for (let row = columns.first; row < columns.rows; row += 7)
      columns.state[row] = ((columns.state[row] as number) + 1) % 5;
    expect(await results(15)).toContain("different");
    const { loads } = servers.hot.counts;
    const stop = startChecking(
      database,
      servers.hot,
      () => NOW_MS,
      () => undefined,
      1,
      () => prng.float(),
    );
    await expect.poll(() => servers.hot.counts.loads, { timeout: 10_000 }).toBeGreaterThan(loads);
    await stop();
    await servers.hot.idle();
    expect(servers.hot.counts.mismatches).toBeGreaterThan(0);
    expect(await results(10)).toEqual(new Set(["equal"]));
  });

  it("gather what they hold into a table that tells only of its rows", async () => {
    const hot = await hotNow();
    const table = gatherTable(hot.columns, Uint32Array.of(hot.columns.first ?? 0), { version: "v", asOf: AS_OF });
    expect(table.rows).toBe(1);
    expect(table.dictionaries["classes"]).toHaveLength(1);
    expect(table.dictionaries["grids"]?.length ?? 0).toBeLessThanOrEqual(1);
  });
});
