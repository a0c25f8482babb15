import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeColumns } from "../../data/columns/format.ts";
import { FLAG, incidentColumns, isLateRow, NO_GRID } from "../../data/columns/incident-columns.ts";
import { selectRows } from "../../data/columns/select.ts";
import { CAMERA_NETWORKS, CAMERA_STATUSES } from "../../data/model/camera.ts";
import { toLattice } from "../../data/model/geometry.ts";
import { INCIDENT_SEVERITIES, INCIDENT_SOURCES, INCIDENT_STATES } from "../../data/model/incident.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_CODES, SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { lintStatement } from "../helpers/sql-rules.ts";
import { withClocks } from "../helpers/with-clocks.ts";

const ROWS = 400;
const plain = smallCounty(ROWS);
/** One case has a due time that int32 seconds cannot hold: a source wrote 2059 for "none", and the whole layer failed. */
const FAR_DUE = "2059-12-31T19:00:00.000Z";
const data = {
  ...plain,
  incidents: plain.incidents.map((one) => (one.ref === 7 ? { ...one, dueAt: FAR_DUE } : one)),
};
const AS_OF = Date.parse(SMALL_NOW) / 1000;

describeOnBothDatabases("data plane", (open) => {
  let api: TestApi;
  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [data], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(() => api.close());

  const get = (path: string, headers: Record<string, string> = {}) => api.app.inject({ url: path, headers });
  const incidents = async (query = "") => {
    const answer = await get(`/columns/incidents?county=${SMALL_COUNTY}${query}`);
    expect(answer.statusCode).toBe(200);
    return incidentColumns(decodeColumns(answer.rawPayload));
  };
  const problem = async (path: string, status: number, at?: string) => {
    const answer = await get(path);
    expect(answer.statusCode, path).toBe(status);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ status, ...(at ? { path: at } : {}) });
    return answer.json();
  };

  it("ends a due time beyond 2038 at the last second that a column holds", async () => {
    const columns = await incidents();
    expect(columns.due[columns.ref.indexOf(7)]).toBe(2147483647);
  });

  it("gives every incident as it was loaded, oldest first", async () => {
    const columns = await incidents();
    expect(columns.rows).toBe(ROWS);
    expect(columns.asOf).toBe(AS_OF);
    const byRef = new Map(withClocks(data).incidents.map((one) => [one.ref, one]));
    const label = new Map(data.areas.map(({ code, label: point }) => [code, point]));
    for (let i = 0; i < columns.rows; i++) {
      const truth = byRef.get(columns.ref[i] as number);
      if (!truth) throw new Error(`no incident ${columns.ref[i]}`);
      const sensitive = truth.classCode === "80001";
      const [lon, lat] = (sensitive ? label.get(truth.scopeCode ?? SMALL_COUNTY) : undefined) ?? truth.point;
      const grid = columns.grid[i] as number;
      const seconds = (iso: string | null) =>
        iso === null ? -2147483648 : Math.min(Math.floor(Date.parse(iso) / 1000), 2147483647);
      const overdueAtClose =
        truth.sourceVerdict === "overdue" ||
        (!truth.sourceVerdict &&
          truth.state !== "void" &&
          truth.closedAt &&
          truth.dueAt &&
          truth.closedAt > truth.dueAt);
      expect({
        lon: columns.lon[i],
        lat: columns.lat[i],
        opened: columns.opened[i],
        closed: columns.closed[i],
        due: columns.due[i],
        flags: columns.flags[i],
        class: columns.classes[columns.classIndex[i] as number],
        state: INCIDENT_STATES[columns.state[i] as number],
        severity: INCIDENT_SEVERITIES[columns.severity[i] as number],
        source: INCIDENT_SOURCES[columns.source[i] as number],
        grid: grid === NO_GRID ? null : columns.grids[grid],
      }).toEqual({
        lon: toLattice(lon),
        lat: toLattice(lat),
        opened: seconds(truth.openedAt),
        closed: seconds(truth.closedAt),
        due: seconds(truth.dueAt),
        flags:
          (truth.state === "on_hold" ? FLAG.paused : 0) |
          (overdueAtClose ? FLAG.lateAtClose : 0) |
          (truth.border ? FLAG.border : 0) |
          (truth.suspicious ? FLAG.suspicious : 0) |
          (truth.sourceVerdict ? FLAG.verdict : 0) |
          (sensitive ? FLAG.sensitive : 0),
        class: truth.classCode,
        state: truth.state,
        severity: truth.severity,
        source: truth.source,
        grid: truth.scopeCode,
      });
      if (i > 0) expect(columns.opened[i]).toBeGreaterThanOrEqual(columns.opened[i - 1] as number);
    }
  });

  it("counts what GraphQL counts: by area, lateness and time", async () => {
    const columns = await incidents();
    for (const inside of [SMALL_COUNTY, SMALL_CODES.community, SMALL_CODES.microA1, SMALL_CODES.village]) {
      const { data: answer } = await api.graphql<{ stats: { total: number; groups: { late: number }[] } }>(
        `{ stats(filter: { inside: "${inside}", from: "2025-11-20T00:00:00+08:00", classes: ["02", "05002"] }, by: []) {
          total groups { late } } }`,
      );
      const from = Date.parse("2025-11-20T00:00:00+08:00") / 1000;
      const rows = selectRows(columns, { inside, from, classes: ["02", "05002"] }, columns.asOf);
      expect(rows.length, inside).toBe(answer?.stats.total);
      const late = rows.reduce((sum, i) => sum + (isLateRow(columns, i, columns.asOf) ? 1 : 0), 0);
      expect(late, inside).toBe(answer?.stats.groups[0]?.late);
      expect(late).toBeGreaterThan(0);
    }
  });

  it("cuts columns by time, the end not included", async () => {
    const whole = await incidents();
    const cut = whole.opened[100] as number;
    const iso = encodeURIComponent(new Date(cut * 1000).toISOString());
    const [before, after] = [await incidents(`&to=${iso}`), await incidents(`&from=${iso}`)];
    expect(before.rows + after.rows).toBe(whole.rows);
    expect(Math.max(...before.opened)).toBeLessThan(cut);
    expect(Math.min(...after.opened)).toBe(cut);
  });

  it("gives the columns that are asked for alone, with the dictionaries that they need", async () => {
    const whole = decodeColumns((await get(`/columns/incidents?county=${SMALL_COUNTY}`)).rawPayload);
    for (const encoding of ["plain", "packed"]) {
      const url = `/columns/incidents?county=${SMALL_COUNTY}&fields=ref,class,opened&encoding=${encoding}`;
      const some = decodeColumns((await get(url)).rawPayload);
      const { ref, class: classIndex, opened } = whole.columns;
      expect(some.columns).toEqual({ ref, class: classIndex, opened });
      expect(some.dictionaries).toEqual({ classes: whole.dictionaries["classes"] });
    }
    await problem(`/columns/incidents?county=${SMALL_COUNTY}&fields=ref,name`, 400, "fields");
    await problem(`/columns/incidents?county=${SMALL_COUNTY}&fields=ref,ref`, 400, "fields");
  });

  it("gives cameras and buildings as they were loaded", async () => {
    const cameras = decodeColumns((await get(`/columns/cameras?county=${SMALL_COUNTY}`)).rawPayload);
    const ordered = data.cameras.toSorted((a, b) => (a.deviceCode < b.deviceCode ? -1 : 1));
    expect(cameras.dictionaries["ids"]).toEqual(ordered.map(({ id }) => `Camera:${SMALL_COUNTY}:${id}`));
    expect(cameras.dictionaries["names"]).toEqual(ordered.map(({ name }) => name));
    expect([...(cameras.columns["azimuth"] ?? [])]).toEqual(
      ordered.map(({ azimuthDeg }) => (azimuthDeg === null ? 65535 : azimuthDeg * 10)),
    );
    expect([...(cameras.columns["network"] ?? [])]).toEqual(
      ordered.map(({ network }) => CAMERA_NETWORKS.indexOf(network)),
    );
    expect([...(cameras.columns["status"] ?? [])]).toEqual(
      ordered.map(({ status }) => CAMERA_STATUSES.indexOf(status)),
    );
    const grids = cameras.dictionaries["grids"] ?? [];
    expect(Array.from(cameras.columns["grid"] ?? [], (n) => grids[n])).toEqual(
      ordered.map(({ scopeCode }) => scopeCode),
    );
    const buildings = decodeColumns((await get(`/columns/buildings?county=${SMALL_COUNTY}`)).rawPayload);
    expect([...(buildings.columns["households"] ?? [])]).toEqual([50, 70, 80, 30]);
    expect([...(buildings.columns["floors"] ?? [])]).toEqual([6, 6, 6, 6]);
  });

  it("gives areas with their geometry and the owner of the lowest grids", async () => {
    const answer = await get(`/columns/areas?county=${SMALL_COUNTY}`);
    const { features } = answer.json();
    expect(features).toHaveLength(data.areas.length);
    for (const { properties, geometry } of features) {
      const truth = data.areas.find(({ code }) => code === properties.code);
      expect(geometry).toEqual({ type: "MultiPolygon", coordinates: truth?.geometry });
      expect(properties).toMatchObject({
        id: `Area:${SMALL_COUNTY}:${truth?.id}`,
        level: truth?.level,
        kind: truth?.kind,
        urban: truth?.urban,
        households: truth?.households,
        householdsExact: true,
        label: truth?.label,
      });
      expect(Object.keys(properties).sort()).toEqual([
        "areaM2",
        "code",
        "households",
        "householdsExact",
        "id",
        "kind",
        "label",
        "level",
        "name",
        "owner",
        "urban",
      ]);
    }
    const owners = Object.fromEntries(
      features.map((one: { properties: { code: string; owner: { name: string; status: string } | null } }) => [
        one.properties.code,
        one.properties.owner && `${one.properties.owner.name} ${one.properties.owner.status}`,
      ]),
    );
    expect(owners).toMatchObject({
      [SMALL_CODES.microA1]: "测试物业公司 owned",
      [SMALL_CODES.microA2]: "东关小学 expired",
      [SMALL_CODES.gridB]: null,
      [SMALL_CODES.gridV]: "南河村委会 owned",
      [SMALL_CODES.gridA]: null,
    });
    const towns = (await get(`/columns/areas?county=${SMALL_COUNTY}&levels=town`)).json().features;
    expect(towns.map((one: { properties: { code: string } }) => one.properties.code)).toEqual([SMALL_CODES.town]);
  });

  it("gives context, footprints and compounds", async () => {
    const layer = async (name: string) => (await get(`/columns/${name}?county=${SMALL_COUNTY}`)).json().features;
    expect((await layer("context")).map((one: { properties: object }) => one.properties)).toEqual([
      { kind: "green", rank: "park", name: null },
      { kind: "water", rank: "river", name: "测试河" },
    ]);
    expect(await layer("footprints")).toHaveLength(data.buildings.length);
    expect(await layer("compounds")).toHaveLength(data.compounds.length);
  });

  it("answers 304 to what a client holds, and anew for other parameters", async () => {
    for (const layer of ["incidents", "cameras", "buildings", "areas", "context", "footprints", "compounds"]) {
      const path = `/columns/${layer}?county=${SMALL_COUNTY}`;
      const first = await get(path);
      const etag = String(first.headers["etag"]);
      expect(first.headers["cache-control"]).toBe("private, no-cache");
      const again = await get(path, { "if-none-match": `"other", ${etag}` });
      expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
    }
    const whole = String((await get(`/columns/incidents?county=${SMALL_COUNTY}`)).headers["etag"]);
    const part = await get(`/columns/incidents?county=${SMALL_COUNTY}&from=2026-01-01T00:00:00Z`, {
      "if-none-match": whole,
    });
    expect(part.statusCode).toBe(200);
  });

  it("compresses columns, to the same bytes", async () => {
    const path = `/columns/incidents?county=${SMALL_COUNTY}`;
    const plain = await get(path);
    const packed = await get(path, { "accept-encoding": "br" });
    expect(packed.headers["content-encoding"]).toBe("br");
    const { brotliDecompressSync } = await import("node:zlib");
    expect(brotliDecompressSync(packed.rawPayload).equals(plain.rawPayload)).toBe(true);
  });

  it("keeps the data rules in every statement", async () => {
    api.takeStatements();
    for (const layer of ["incidents", "cameras", "buildings", "areas", "context", "footprints", "compounds"])
      await get(`/columns/${layer}?county=${SMALL_COUNTY}`);
    const statements = api.takeStatements();
    expect(statements.length).toBeGreaterThan(7);
    for (const { sql } of statements) expect(lintStatement(sql), sql).toEqual([]);
  });

  it("says what is wrong with a request", async () => {
    await problem("/columns/incidents?county=110000", 404, "county");
    await problem("/columns/incidents", 400, "county");
    await problem("/columns/incidents?county=12", 400, "county");
    await problem(`/columns/incidents?county=${SMALL_COUNTY}&from=yesterday`, 400, "from");
    await problem(
      `/columns/incidents?county=${SMALL_COUNTY}&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z`,
      400,
      "to",
    );
    await problem(`/columns/incidents?county=${SMALL_COUNTY}&form=2026-01-02T00:00:00Z`, 400, "form");
    await problem(`/columns/areas?county=${SMALL_COUNTY}&levels=village`, 400, "levels");
    expect(await problem("/columns/nothing", 404)).toMatchObject({ code: "NOT_FOUND" });
  });

  it("is healthy, ready and measured, with safe headers", async () => {
    const health = await get("/healthz");
    expect(health.json()).toEqual({ status: "ok" });
    expect(health.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(health.headers["x-content-type-options"]).toBe("nosniff");
    expect(health.headers["referrer-policy"]).toBe("no-referrer");
    const ready = await get("/readyz");
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toMatchObject({ ready: true, checks: { database: { ok: true }, migrations: { ok: true } } });
    expect((await get(`/columns/context?county=${SMALL_COUNTY}`)).statusCode).toBe(200);
    const metrics = (await get("/metrics")).body;
    expect(metrics).toMatch(
      /jingwei_http_request_duration_seconds_count\{method="GET",route="\/healthz",status="200"\} \d/,
    );
    expect(metrics).toMatch(/jingwei_sql_statements_total\{scope="county"\} \d/);
    expect(metrics).toMatch(/jingwei_sql_statements_total\{scope="viewer"\} \d/);
    expect(metrics).toContain("process_cpu_seconds_total");
  });

  it("refuses cross-site posts and large bodies", async () => {
    const form = await api.app.inject({
      method: "POST",
      url: "/graphql",
      headers: { "content-type": "text/plain" },
      payload: '{"query":"{ server { version } }"}',
    });
    expect(form.statusCode).toBeGreaterThanOrEqual(400);
    const large = await api.app.inject({
      method: "POST",
      url: "/graphql",
      payload: { query: `{ server { version } } #${"x".repeat(300_000)}` },
    });
    expect(large.statusCode).toBe(413);
  });
});
