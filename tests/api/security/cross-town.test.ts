import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeColumns } from "../../../data/columns/format.ts";
import { incidentColumns } from "../../../data/columns/incident-columns.ts";
import { toGlobalId } from "../../../data/model/ids.ts";
import type { IncidentRecord } from "../../../data/model/incident.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import { POLICY_COUNTY, POLICY_NOW, policyCounty } from "../../fixtures/policy-county.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { SMALL_COUNTY, smallCounty } from "../../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { describeOnBothDatabases } from "../../helpers/database.ts";
import { viewerAs, viewerHeaders } from "../../helpers/viewers.ts";

const county = policyCounty();
const TOWN = `${POLICY_COUNTY}001`;
const OTHER_TOWN = `${POLICY_COUNTY}002`;
const leader = viewerAs("leader", TOWN);
const otherLeader = viewerAs("leader", OTHER_TOWN);

const inTown = (one: IncidentRecord, town: string): boolean => one.scopeCode?.startsWith(town) === true;
function firstOf<Row>(rows: readonly Row[], what: string): Row {
  const [row] = rows;
  if (row === undefined) throw new Error(`the fixture has no ${what}`);
  return row;
}
const foreign = firstOf(
  county.incidents.filter((one) => inTown(one, OTHER_TOWN)),
  "case of the other town",
);
const foreignId = toGlobalId("Incident", POLICY_COUNTY, foreign.id);
/** Whatever only the other town may know of the case. */
const SECRETS = [foreign.title, foreign.sourceRef ?? "", foreign.openedAt];

describeOnBothDatabases("a case of another town cannot be had", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, {
      datasets: [county, smallCounty()],
      classes: SMALL_CLASSES,
      now: POLICY_NOW,
    });
  });
  afterAll(() => api.close());

  /** Codes of the errors of an operation; nothing secret may stand in its whole answer. */
  async function refusals(query: string, viewer: Viewer = leader): Promise<unknown[]> {
    const answer = await api.graphql(query, {}, viewer);
    for (const secret of SECRETS) expect(JSON.stringify(answer)).not.toContain(secret);
    return (answer.errors ?? []).map(({ extensions }) => extensions?.["code"]);
  }
  const succeedsForOwner = async (query: string): Promise<void> => {
    const { data, errors } = await api.graphql(query, {}, otherLeader);
    expect(errors, query).toBeUndefined();
    expect(data).toBeTruthy();
  };
  const fields = "{ id title openedAt sourceRef events { actor note } }";

  it("by its id", async () => {
    const query = `{ incident(id: "${foreignId}") ${fields} }`;
    await succeedsForOwner(query);
    expect(await refusals(query)).toEqual(["NOT_FOUND"]);
    // The same words as for a case that was never there.
    const message = async (id: string) =>
      (await api.graphql(`{ incident(id: "${id}") { id } }`, {}, leader)).errors?.[0]?.message;
    const nowhere = toGlobalId("Incident", POLICY_COUNTY, "01900000-0000-7000-8000-000000000000");
    expect((await message(foreignId))?.replace(foreignId, "…")).toBe((await message(nowhere))?.replace(nowhere, "…"));
  });

  it("by its number", async () => {
    const query = `{ incidentByRef(county: "${POLICY_COUNTY}", ref: ${foreign.ref}) ${fields} }`;
    await succeedsForOwner(query);
    expect(await refusals(query)).toEqual(["NOT_FOUND"]);
  });

  it("by the list of its area, or of the county", async () => {
    for (const inside of [OTHER_TOWN, foreign.scopeCode, POLICY_COUNTY]) {
      const query = `{ incidents(filter: { inside: "${inside}" }) { totalCount nodes ${fields} } }`;
      if (inside !== POLICY_COUNTY) await succeedsForOwner(query);
      expect(await refusals(query), String(inside)).toEqual(["FORBIDDEN"]);
    }
    const { errors } = await api.graphql(
      `{ incidents(filter: { inside: "${OTHER_TOWN}" }) { totalCount } }`,
      {},
      leader,
    );
    expect(String(errors?.[0]?.extensions?.["hint"])).toContain("Query.cube");
  });

  it("by a nested path", async () => {
    const query = `{ area(code: "${TOWN}") { ancestors { incidentSummary { overdueOpen oldestOverdue ${fields} }
      children(first: 5) { nodes { code incidentSummary { reported oldestOverdue ${fields} } staffLinks { staff { workPhone } } onDuty
        responsible { contractNo } children(first: 5) { nodes { code incidentSummary { reported } onDuty } } } } } } }`;
    const { data, errors } = await api.graphql<{
      area: { ancestors: { incidentSummary: object | null; children: { nodes: Record<string, unknown>[] } }[] };
    }>(query, {}, leader);
    expect(errors).toBeUndefined();
    const [root] = data?.area.ancestors ?? [];
    expect(root?.incidentSummary).toBeNull();
    const other = root?.children.nodes.find(({ code }) => code === OTHER_TOWN);
    expect(other).toMatchObject({ incidentSummary: null, staffLinks: null, onDuty: null, responsible: null });
    const { children } = other as unknown as { children: { nodes: Record<string, unknown>[] } };
    expect(children.nodes.length).toBeGreaterThan(1);
    for (const area of children.nodes) expect(area).toMatchObject({ incidentSummary: null, onDuty: null });
    expect(root?.children.nodes.find(({ code }) => code === TOWN)?.["incidentSummary"]).not.toBeNull();
    expect(await refusals(query)).toEqual([]);
  });

  it("by a batch of aliases", async () => {
    const others = county.incidents.filter((one) => inTown(one, OTHER_TOWN)).slice(0, 20);
    const batch = (rows: readonly IncidentRecord[]) =>
      `{ ${rows.map(({ ref }, n) => `a${n}: incidentByRef(county: "${POLICY_COUNTY}", ref: ${ref}) { ref title }`).join(" ")} }`;
    const own = county.incidents.filter((one) => inTown(one, TOWN)).slice(0, 5);
    const { data, errors } = await api.graphql<Record<string, { ref: number } | null>>(
      batch([...own, ...others]),
      {},
      leader,
    );
    expect(
      Object.values(data ?? {})
        .filter((one) => one !== null)
        .map((one) => one?.ref),
    ).toEqual(own.map(({ ref }) => ref));
    expect(errors?.map(({ extensions }) => extensions?.["code"])).toEqual(others.map(() => "NOT_FOUND"));
  });

  it("by searching for its words, or for those who work there", async () => {
    const search = async (text: string, viewer: Viewer) =>
      (
        await api.graphql<{ search: { kind: string; name: string }[] }>(
          `{ search(county: "${POLICY_COUNTY}", text: "${text}") { kind name detail } }`,
          {},
          viewer,
        )
      ).data?.search ?? [];
    for (const text of [foreign.title, foreign.title.slice(0, 4), foreign.sourceRef ?? ""])
      expect(
        (await search(text, otherLeader)).filter(({ kind }) => !["AREA", "ORGANISATION", "STAFF"].includes(kind)),
      ).toEqual([]);
    const people = (viewer: Viewer) =>
      search("策员工", viewer).then((hits) => hits.filter(({ kind }) => kind === "STAFF").map(({ name }) => name));
    const [mine, theirs] = [await people(leader), await people(otherLeader)];
    expect(mine.length).toBeGreaterThan(0);
    expect(theirs.some((name) => !mine.includes(name))).toBe(true);
  });

  it("by columns, whatever the parameters", async () => {
    const refs = async (query: string, viewer: Viewer) => {
      const answer = await api.app.inject({
        url: `/columns/incidents?county=${POLICY_COUNTY}${query}`,
        headers: viewerHeaders(viewer),
      });
      return [...incidentColumns(decodeColumns(answer.rawPayload)).ref];
    };
    expect(await refs("", otherLeader)).toContain(foreign.ref);
    const day = foreign.openedAt.slice(0, 10);
    for (const query of ["", `&from=${day}T00:00:00Z`, `&from=${foreign.openedAt}`])
      expect(await refs(query, leader), query).not.toContain(foreign.ref);
    for (const [parameter, status] of [
      [`inside=${OTHER_TOWN}`, 403],
      [`area=${OTHER_TOWN}`, 400],
    ] as const) {
      const url = `/columns/incidents?county=${POLICY_COUNTY}&${parameter}`;
      expect((await api.app.inject({ url, headers: viewerHeaders(leader) })).statusCode, parameter).toBe(status);
    }
    expect(await refs(`&refs=${foreign.ref}`, otherLeader)).toEqual([foreign.ref]);
    expect(await refs(`&refs=${foreign.ref}`, leader)).toEqual([]);
  });

  it("by the ETag of somebody who may", async () => {
    const get = (viewer: Viewer, etag?: string) =>
      api.app.inject({
        url: `/columns/incidents?county=${POLICY_COUNTY}`,
        headers: { ...viewerHeaders(viewer), ...(etag ? { "if-none-match": etag } : {}) },
      });
    const theirs = await get(otherLeader);
    const mine = await get(leader, String(theirs.headers["etag"]));
    expect(mine.statusCode).toBe(200);
    expect(mine.headers["etag"]).not.toBe(theirs.headers["etag"]);
    expect((await get(otherLeader, String(theirs.headers["etag"]))).statusCode).toBe(304);
    expect(theirs.headers["cache-control"]).toBe("private, no-cache");
    expect(theirs.headers["vary"]).toMatch(/cookie/i);
  });

  it("by subtracting filtered counts, heat or boxes of the county", async () => {
    const [lon, lat] = foreign.point;
    const bbox = `bbox: { west: ${lon - 0.0001}, south: ${lat - 0.0001}, east: ${lon + 0.0001}, north: ${lat + 0.0001} }`;
    for (const inside of [POLICY_COUNTY, OTHER_TOWN])
      for (const more of ["", bbox, `classes: ["${foreign.classCode}"]`, `from: "${foreign.openedAt}"`]) {
        expect(await refusals(`{ stats(filter: { inside: "${inside}", ${more} }, by: [STATE]) { total } }`)).toEqual([
          "FORBIDDEN",
        ]);
        expect(await refusals(`{ heat(filter: { inside: "${inside}", ${more} }, cellM: 25) { cells } }`)).toEqual([
          "FORBIDDEN",
        ]);
      }
    // A box over the other town, asked of one's own: nothing.
    const { data } = await api.graphql<{
      incidents: { totalCount: number };
      stats: { total: number };
      heat: { cells: number[] };
    }>(
      `{ incidents(filter: { inside: "${TOWN}", ${bbox} }) { totalCount } stats(filter: { inside: "${TOWN}", ${bbox} }, by: []) { total }
        heat(filter: { inside: "${TOWN}", ${bbox} }, cellM: 25) { cells } }`,
      {},
      leader,
    );
    expect(data).toEqual({ incidents: { totalCount: 0 }, stats: { total: 0 }, heat: { cells: [] } });
  });

  it("by the cursor of somebody who may", async () => {
    const page = (inside: string, after: string | null, viewer: Viewer) =>
      api.graphql<{ incidents: { nodes: { ref: number }[]; pageInfo: { endCursor: string } } }>(
        `query ($after: String) { incidents(filter: { inside: "${inside}" }, first: 5, after: $after) { nodes { ref } pageInfo { endCursor } } }`,
        { after },
        viewer,
      );
    const cursor = (await page(OTHER_TOWN, null, otherLeader)).data?.incidents.pageInfo.endCursor ?? "";
    const { data } = await page(TOWN, cursor, leader);
    const own = new Set(county.incidents.filter((one) => inTown(one, TOWN)).map(({ ref }) => ref));
    expect(data?.incidents.nodes.length).toBeGreaterThan(0);
    for (const { ref } of data?.incidents.nodes ?? []) expect(own.has(ref)).toBe(true);
    expect((await page(OTHER_TOWN, cursor, leader)).errors?.[0]?.extensions?.["code"]).toBe("FORBIDDEN");
  });

  it("by its id under the name of another type", async () => {
    for (const type of ["Camera", "Area", "Staff", "Incident2", "incident"])
      expect(await refusals(`{ incident(id: "${toGlobalId(type, POLICY_COUNTY, foreign.id)}") ${fields} }`)).toEqual([
        "BAD_USER_INPUT",
      ]);
    expect(await refusals(`{ camera(id: "${toGlobalId("Camera", POLICY_COUNTY, foreign.id)}") { id } }`)).toEqual([
      "NOT_FOUND",
    ]);
    expect(await refusals(`{ camera(id: "${foreignId}") { id } }`)).toEqual(["BAD_USER_INPUT"]);
    // The right row id under another county's name.
    expect(await refusals(`{ incident(id: "${toGlobalId("Incident", SMALL_COUNTY, foreign.id)}") ${fields} }`)).toEqual(
      ["NOT_FOUND"],
    );
  });

  it("by way of its cameras, staff, units and place", async () => {
    const [lon, lat] = foreign.point;
    const at = `lon: ${lon}, lat: ${lat}`;
    const { data } = await api.graphql<{
      locate: { area: { code: string; staffLinks: unknown; incidentSummary: unknown }; responsible: unknown };
    }>(
      `{ locate(${at}) { area { code staffLinks { post { place } } incidentSummary { reported } } responsible { contractNo } } }`,
      {},
      leader,
    );
    expect(data?.locate.area).toMatchObject({ staffLinks: null, incidentSummary: null });
    expect(data?.locate.responsible).toBeNull();
    expect(data?.locate.area.code.startsWith(OTHER_TOWN)).toBe(true);
    expect(await refusals(`{ cameras(filter: { inside: "${OTHER_TOWN}" }) { nodes { id } } }`)).toEqual(["FORBIDDEN"]);
    expect(await refusals(`{ staff(inside: "${OTHER_TOWN}") { nodes { name } } }`)).toEqual(["FORBIDDEN"]);
    expect(await refusals(`{ dutyNow(grid: "${OTHER_TOWN}001002") { staff { name } } }`)).toEqual(["FORBIDDEN"]);
    expect(
      await refusals(`{ organisations(county: "${POLICY_COUNTY}", inside: "${OTHER_TOWN}") { nodes { name } } }`),
    ).toEqual(["FORBIDDEN"]);
    const camera = firstOf(
      county.cameras.filter(({ scopeCode }) => scopeCode?.startsWith(OTHER_TOWN)),
      "camera there",
    );
    expect(await refusals(`{ camera(id: "${toGlobalId("Camera", POLICY_COUNTY, camera.id)}") { name } }`)).toEqual([
      "NOT_FOUND",
    ]);
  });

  it("nor anything of another county", async () => {
    for (const query of [
      `{ county(code: "${SMALL_COUNTY}") { name } }`,
      `{ area(code: "${SMALL_COUNTY}") { name } }`,
      `{ areas(filter: { inside: "${SMALL_COUNTY}" }) { totalCount } }`,
      `{ incidents(filter: { inside: "${SMALL_COUNTY}" }) { totalCount } }`,
      `{ search(county: "${SMALL_COUNTY}", text: "云") { name } }`,
      `{ cube(county: "${SMALL_COUNTY}") { cells { count } } }`,
      `{ organisations(county: "${SMALL_COUNTY}") { totalCount } }`,
      `{ classCodes(county: "${SMALL_COUNTY}") { code } }`,
      // A county that the server does not hold sounds the same.
      '{ county(code: "110105") { name } }',
    ])
      expect(await refusals(query), query).toEqual(["FORBIDDEN"]);
    expect(await refusals(`{ incidentByRef(county: "${SMALL_COUNTY}", ref: 1) { ref } }`)).toEqual(["NOT_FOUND"]);
    const { data } = await api.graphql<{ counties: { code: string }[]; locate: { county: object | null } }>(
      "{ counties { code } locate(lon: 112.005, lat: 40.005) { county { code } } }",
      {},
      leader,
    );
    expect(data?.counties).toEqual([{ code: POLICY_COUNTY }]);
    expect(data?.locate.county).toBeNull();
    for (const name of ["incidents", "areas", "context", "compounds", "cameras", "buildings", "footprints"]) {
      const answer = await api.app.inject({
        url: `/columns/${name}?county=${SMALL_COUNTY}`,
        headers: viewerHeaders(leader),
      });
      expect([name, answer.statusCode]).toEqual([name, 403]);
    }
  });

  it("nor anything without signing in", async () => {
    for (const query of [
      "{ counties { code } }",
      `{ incident(id: "${foreignId}") { id } }`,
      "{ classCodes { code } }",
    ]) {
      const { data, errors } = await api.graphql(query, {}, null);
      expect(errors?.[0]?.extensions?.["code"], query).toBe("UNAUTHENTICATED");
      expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
    }
    for (const name of ["incidents", "areas", "context"]) {
      const answer = await api.app.inject({
        url: `/columns/${name}?county=${POLICY_COUNTY}`,
        headers: viewerHeaders(null),
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: "UNAUTHENTICATED" });
    }
  });
});
