import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Prng } from "../../data/demo/prng.ts";
import { fromLattice, type LonLat, toLattice } from "../../data/model/geometry.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { CASE_SCOPE_TABLES } from "../../db/repositories/case-rows.ts";
import { verifyRollups } from "../../db/rollups/rebuild.ts";
import { policyPoint } from "../fixtures/policy-base.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { LiveClient } from "../helpers/live-client.ts";
import { codeOf } from "../helpers/reports.ts";
import {
  AT_FIRST,
  AT_SECOND,
  AT_THIRD,
  answered,
  BORDER,
  FIRST,
  INSIDE,
  NORTH,
  OF_COUNTY,
  ownership,
  person,
  reported,
  rowOf,
  SECOND,
  SENSITIVE,
  SOUTH,
  THIRD,
} from "../helpers/routing.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerHeaders } from "../helpers/viewers.ts";

interface Undecided {
  readonly incidentId: string;
  readonly class: { readonly code: string };
  readonly state: string;
  readonly point: LonLat;
  readonly candidates: readonly string[];
  readonly version: number;
}

interface Decided {
  readonly version: number;
  readonly scopeCode: string;
}

describeOnBothDatabases("ownership", (open) => {
  let api: TestApi;

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [policyCounty()], classes: SMALL_CLASSES, now: POLICY_NOW });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  const undecided = async (viewer: Viewer, inside = viewer.area): Promise<readonly Undecided[]> => {
    const { data, errors } = await api.graphql<{ undecidedCases: Undecided[] }>(
      `{ undecidedCases(inside: "${inside}") { incidentId class { code } state point candidates version } }`,
      {},
      viewer,
    );
    if (!data) throw new Error(JSON.stringify(errors));
    return data.undecidedCases;
  };
  const decide = (viewer: Viewer, id: string, version: number, area: string, key: string = randomUUID()) =>
    api.graphql<{ decideOwner: Decided }>(
      `mutation ($input: DecideOwnerInput!) { decideOwner(input: $input) {
        id version scopeCode gridCodeAt point inbox { role areaCode } events { kind fromState toState } } }`,
      { input: { id, version, area, key } },
      viewer,
    );
  const opens = async (viewer: Viewer, id: string): Promise<boolean> => {
    const { data } = await api.graphql<{ incident: unknown }>(`{ incident(id: "${id}") { id } }`, {}, viewer);
    return data?.incident != null;
  };
  const rows = <Row>(sql: string): Promise<Row[]> =>
    api.database.adminSession(async (client) => (await client.query(sql)).rows as Row[]);

  it("tells candidates that do not hold a case that something is undecided, without saying which", async () => {
    const url = await api.listen();
    const follow = async (viewer: Viewer) => {
      const client = LiveClient.open(url, viewerHeaders(viewer));
      await client.subscribe({ county: POLICY_COUNTY, area: viewer.area });
      while (!client.changes.some(({ op }) => op === "RESET")) await new Promise((resolve) => setTimeout(resolve, 5));
      return client;
    };
    const clients = await Promise.all([AT_FIRST, AT_SECOND, AT_THIRD].map(follow));
    // The load of the county may be told after the subscription has begun.
    const told = (n: number) =>
      clients[n]?.changes
        .filter(({ op, kind }) => op !== "RESET" && kind !== "COUNTY")
        .map(({ op, kind, id }) => [op, kind, id]) ?? [];
    const until = async (done: () => boolean) => {
      for (let i = 0; i < 400 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    try {
      const id = await reported(api, BORDER);
      await until(() => told(0).length > 0 && told(1).length > 0);
      expect(told(0)).toEqual([["BULK", "UNDECIDED", null]]);
      expect(told(1)).toEqual([["UPSERT", "INCIDENT", id]]);
      await decide(AT_FIRST, id, 1, SOUTH);
      await until(() => told(0).length > 1 && told(1).length > 1);
      expect(told(0)[1]).toEqual(["UPSERT", "INCIDENT", id]);
      expect(told(1)[1]).toEqual(["REMOVE", "INCIDENT", id]);
      expect(told(2)).toEqual([]);
    } finally {
      for (const client of clients) client.end();
    }
  });

  describe("who a matter belongs to", () => {
    it("is one area with its unit, leader and staff where nothing is in doubt", async () => {
      const owned = answered(await ownership(api, AT_FIRST, INSIDE, "02003")).ownership;
      expect(owned).toMatchObject({
        nearBorder: false,
        candidates: [{ area: { code: SOUTH }, distanceM: 0 }],
        admitted: [{ item: "清扫道路", kind: "UNDERTAKE" }],
        refused: [],
      });
      expect(owned.candidates[0]?.onDuty.length).toBeGreaterThan(0);
    });

    it("is every area within 5 m of a border, lowest code first, and none is guessed", async () => {
      const { nearBorder, candidates } = answered(await ownership(api, AT_FIRST, BORDER)).ownership;
      const [south, north] = candidates;
      expect(nearBorder).toBe(true);
      if (!south || !north) throw new Error("a candidate is missing");
      expect([south.area.code, north.area.code]).toEqual([SOUTH, NORTH]);
      expect(south.distanceM).toBeGreaterThan(1);
      expect(south.distanceM).toBeLessThan(5);
      expect(north.distanceM).toBe(0);
      // What is duty of another town stays that town's own.
      expect(south.onDuty.length).toBeGreaterThan(0);
      expect(north).toMatchObject({ responsible: null, leader: null, onDuty: [] });
      const theirs = answered(await ownership(api, AT_SECOND, BORDER)).ownership.candidates[1];
      expect(theirs?.onDuty.length).toBeGreaterThan(0);
    });

    it("is asked for the own area, inside the county, and of a class that there is", async () => {
      expect(codeOf(await ownership(api, AT_THIRD, BORDER))).toBe("FORBIDDEN");
      expect(codeOf(await ownership(api, AT_FIRST, [10, 10]))).toBe("BAD_USER_INPUT");
      expect(codeOf(await ownership(api, AT_FIRST, INSIDE, "99999"))).toBe("BAD_USER_INPUT");
    });

    it("holds at random points of the whole coverage, against distances of PostGIS to every area", async () => {
      const random = new Prng("routing/near");
      const edges = policyCounty().areas.flatMap(({ geometry }) =>
        geometry.flat().flatMap((ring) => ring.slice(1).map((b, i) => [ring[i] as LonLat, b] as const)),
      );
      const [west, south] = policyPoint(0, 0);
      const [east, north] = policyPoint(6, 6);
      const points: LonLat[] = [];
      while (points.length < 150) {
        const [[x1, y1], [x2, y2]] = random.pick(edges);
        const t = random.float();
        const [lon, lat] = [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t].map((degrees) =>
          fromLattice(toLattice(degrees + (random.float() - 0.5) * 1.6e-4)),
        ) as [number, number];
        if (lon > west && lon < east && lat > south && lat < north) points.push([lon, lat]);
      }
      const lists = points.map((point) => `(${point[0]}::float8, ${point[1]}::float8)`).join(", ");
      const truth = await rows<{ near: string[] | null; edge: boolean | null }>(
        `WITH p AS (SELECT row_number() OVER () AS n, ST_SetSRID(ST_MakePoint(x, y), 4326)::geography AS point FROM (VALUES ${lists}) AS v(x, y)),
         leaf AS MATERIALIZED (SELECT v.code, v.geom::geography AS g FROM area_version v WHERE v.county = '${POLICY_COUNTY}'
           AND NOT EXISTS (SELECT 1 FROM area_version m WHERE m.county = '${POLICY_COUNTY}' AND m.code <> v.code AND starts_with(m.code, v.code)))
         SELECT array_agg(l.code ORDER BY l.code) FILTER (WHERE ST_Distance(l.g, p.point) <= 5) AS near,
           bool_or(abs(ST_Distance(l.g, p.point) - 5) < 0.01) AS edge
         FROM p CROSS JOIN leaf l GROUP BY p.n ORDER BY p.n`,
      );
      let many = 0;
      for (let from = 0; from < points.length; from += 25) {
        const part = points.slice(from, from + 25);
        const fields = part.map(
          ([lon, lat], i) =>
            `p${i}: ownership(county: "${POLICY_COUNTY}", lon: ${lon}, lat: ${lat}) { candidates { area { code } } }`,
        );
        const data = answered(
          await api.graphql<Record<string, { candidates: { area: { code: string } }[] }>>(
            `{ ${fields.join(" ")} }`,
            {},
            OF_COUNTY,
          ),
        );
        for (const [i, point] of part.entries()) {
          const { near, edge } = truth[from + i] ?? { near: null, edge: null };
          const found = data[`p${i}`]?.candidates.map(({ area }) => area.code);
          if (!edge) expect(found, `${point}`).toEqual(near ?? []);
          if ((found?.length ?? 0) > 1) many++;
        }
      }
      expect(many).toBeGreaterThan(50);
    });

    it("names open cases that may be the same, most alike first, of sensitive classes among themselves", async () => {
      const place: LonLat = policyPoint(0.75, 0.5);
      const near: LonLat = [place[0], place[1] + 0.0003];
      const same = await reported(api, place, "02003");
      const other = await reported(api, near, "02003");
      const dispute = await reported(api, place, SENSITIVE);
      const ids = async (classCode: string | null) =>
        answered(await ownership(api, AT_FIRST, place, classCode)).ownership.similar.map(({ incident }) => incident.id);
      const found = await ids("02003");
      expect(found.slice(0, 2)).toEqual([same, other]);
      expect(found).not.toContain(dispute);
      expect((await ids(SENSITIVE))[0]).toBe(dispute);
      expect(await ids("05002")).not.toContain(same);
    });
  });

  describe("a case near a border", () => {
    it("is shown to every candidate and to nobody else, as far as each may see such cases", async () => {
      const ordinary = await reported(api, BORDER);
      const sensitive = await reported(api, BORDER, SENSITIVE);
      const ids = async (viewer: Viewer, inside?: string) => {
        const found = (await undecided(viewer, inside)).map(({ incidentId }) => incidentId);
        return [found.includes(ordinary), found.includes(sensitive)];
      };
      for (const viewer of [
        AT_FIRST,
        AT_SECOND,
        OF_COUNTY,
        person(5, "grid_worker", SOUTH),
        person(6, "grid_worker", NORTH),
      ])
        expect(await ids(viewer), viewer.name).toEqual([true, true]);
      for (const role of ["wall", "planner"] as const)
        expect(await ids(person(7, role, SECOND))).toEqual([true, false]);
      for (const viewer of [AT_THIRD, person(8, "grid_worker", `${SECOND}001`)])
        expect(await ids(viewer)).toEqual([false, false]);
      expect(await ids(OF_COUNTY, THIRD)).toEqual([false, false]);
      expect(codeOf(await api.graphql(`{ undecidedCases(inside: "${FIRST}") { version } }`, {}, AT_SECOND))).toBe(
        "FORBIDDEN",
      );
      // On the border's north side, it lies in the second town meanwhile: the first one sees that it is there, no more.
      expect([await opens(AT_FIRST, ordinary), await opens(AT_SECOND, ordinary)]).toEqual([false, true]);
      const [shown] = (await undecided(AT_FIRST)).filter(({ incidentId }) => incidentId === sensitive);
      expect(shown).toMatchObject({
        class: { code: SENSITIVE },
        state: "FOUND",
        candidates: [SOUTH, NORTH],
        version: 1,
      });
      // Never its true place.
      expect(shown?.point).not.toEqual(BORDER);
      expect(shown?.point).toEqual(policyPoint(4.5, 2.5));
    });

    it("is shown as it is after each step, and no longer once it has ended", async () => {
      const id = await reported(api, BORDER);
      const step = (version: number, to: string, more = "") =>
        api.graphql(
          `mutation { transitionIncident(input: { id: "${id}", version: ${version}, to: ${to}, key: "${randomUUID()}" ${more} }) { version } }`,
          {},
          AT_SECOND,
        );
      const seen = async () => (await undecided(AT_FIRST)).find(({ incidentId }) => incidentId === id);
      expect(await step(1, "ACCEPTED")).toMatchObject({ data: { transitionIncident: { version: 2 } } });
      expect(await seen()).toMatchObject({ state: "ACCEPTED", version: 2 });
      expect(await step(2, "VOID", `reason: "重复"`)).toMatchObject({ data: { transitionIncident: { version: 3 } } });
      expect(await seen()).toBeUndefined();
      expect(codeOf(await decide(AT_FIRST, id, 3, SOUTH))).toBe("CONFLICT");
    });

    it("goes to the candidate that takes it, with everything that hangs on it", async () => {
      const id = await reported(api, BORDER, SENSITIVE, OF_COUNTY, "CRITICAL");
      const row = rowOf(id);
      expect(codeOf(await decide(AT_THIRD, id, 1, `${THIRD}001002`))).toBe("NOT_FOUND");
      // Nobody pushes a case across the border.
      expect(codeOf(await decide(AT_SECOND, id, 1, SOUTH))).toBe("FORBIDDEN");
      expect(codeOf(await decide(AT_FIRST, id, 1, `${FIRST}001002`))).toBe("BAD_USER_INPUT");
      expect(codeOf(await decide(AT_FIRST, id, 2, SOUTH))).toBe("CONFLICT");
      expect(codeOf(await decide(person(9, "grid_worker", SOUTH), id, 1, SOUTH))).toBe("FORBIDDEN");
      const key = randomUUID();
      const { data, errors } = await decide(AT_FIRST, id, 1, SOUTH, key);
      expect(errors).toBeUndefined();
      expect(data?.decideOwner).toMatchObject({
        version: 2,
        scopeCode: SOUTH,
        gridCodeAt: SOUTH,
        point: policyPoint(4.5, 1.5),
        inbox: { areaCode: SOUTH },
        events: [{ kind: "STEP" }, { kind: "OWNER", fromState: "FOUND", toState: "FOUND" }],
      });
      expect((await decide(AT_FIRST, id, 1, SOUTH, key)).data?.decideOwner.version).toBe(2);
      expect(codeOf(await decide(OF_COUNTY, id, 2, NORTH))).toBe("CONFLICT");
      expect([await opens(AT_FIRST, id), await opens(AT_SECOND, id)]).toEqual([true, false]);
      for (const viewer of [AT_FIRST, AT_SECOND])
        expect((await undecided(viewer)).some(({ incidentId }) => incidentId === id)).toBe(false);
      // Every table that says of a case's row where it lies.
      const tables = await rows<{ table: string }>(
        `SELECT table_name AS table FROM information_schema.columns c JOIN pg_class p ON p.relname = c.table_name AND NOT p.relispartition
         WHERE c.table_schema = 'public' AND c.column_name IN ('incident_id', 'scope_code')
         GROUP BY 1 HAVING count(*) = 2 AND c.table_name <> 'incident_candidate' ORDER BY 1`,
      );
      expect(tables.map(({ table }) => table)).toEqual([...CASE_SCOPE_TABLES].sort());
      for (const { table } of tables) {
        const scopes = await rows<{ scope_code: string }>(
          `SELECT DISTINCT scope_code FROM ${table} WHERE county = '${POLICY_COUNTY}' AND incident_id = '${row}'`,
        );
        expect(scopes, table).toEqual(scopes.length ? [{ scope_code: SOUTH }] : []);
      }
      const changes = await rows<{ kind: string; scope_before: string; scope_after: string }>(
        `SELECT o.kind, o.scope_before, o.scope_after FROM (SELECT kind, scope_before, scope_after, entity, version FROM outbox
           UNION ALL SELECT kind, scope_before, scope_after, entity, version FROM change_feed) o
         WHERE o.entity ->> 'id' = '${row}' AND o.version = 2`,
      );
      expect(changes.map(({ kind, scope_before, scope_after }) => [kind, scope_before, scope_after])).toEqual([
        ["incident", NORTH, SOUTH],
      ]);
      const verified = await api.database.transaction({ kind: "county", county: POLICY_COUNTY }, (tx) =>
        verifyRollups(tx, POLICY_COUNTY),
      );
      expect(verified.differences).toEqual([]);
    });

    it("is left to who has it, when it stays where it waited", async () => {
      const id = await reported(api, BORDER);
      await api.graphql(`mutation { takeIncident(id: "${id}", version: 1) { version } }`, {}, AT_SECOND);
      const { data } = await decide(OF_COUNTY, id, 2, NORTH);
      expect(data?.decideOwner).toMatchObject({ version: 3, scopeCode: NORTH, inbox: null });
      const handler = await rows<{ handler_id: string | null }>(
        `SELECT handler_id FROM incident WHERE id = '${rowOf(id)}'`,
      );
      expect(handler).toEqual([{ handler_id: AT_SECOND.accountId }]);
    });
  });
});
