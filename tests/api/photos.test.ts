import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAX_PHOTO_BYTES } from "../../data/photo/limits.ts";
import type { Viewer } from "../../data/policy/viewer.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import {
  DISPATCHER,
  EVERY_ROLE,
  type Reported,
  report,
  SENSITIVE_CLASS,
  take,
  VILLAGE_WORKER,
  WORKER,
} from "../helpers/reports.ts";
import { exifSegment, smallJpeg, smallWebp } from "../helpers/small-photos.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerHeaders } from "../helpers/viewers.ts";

interface Sent {
  readonly status: number;
  readonly id: string;
  readonly url: string;
  readonly width: number;
  readonly code: string;
  readonly detail: string;
}

describeOnBothDatabases("photos of cases", (open) => {
  let api: TestApi;
  const rows = <Row>(sql: string): Promise<Row[]> =>
    api.database.adminSession(async (client) => (await client.query(sql)).rows as Row[]);

  beforeAll(async () => {
    const { database } = await open();
    api = await testApiOver(database, { datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW });
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    await api.close();
    expect(breaches).toEqual([]);
  });

  async function send(
    { incident }: Pick<Reported, "incident">,
    viewer: Viewer,
    { file = smallJpeg(), key = randomUUID() as string, type = "image/jpeg" } = {},
  ): Promise<Sent> {
    const query = new URLSearchParams({ incident: incident.id, key });
    const answer = await api.app.inject({
      method: "POST",
      url: `/photos?${query}`,
      headers: { ...viewerHeaders(viewer), "content-type": type },
      payload: Buffer.from(file),
    });
    return { status: answer.statusCode, ...answer.json<Omit<Sent, "status">>() };
  }
  const get = (url: string, viewer: Viewer | null, reason?: string, headers = {}) =>
    api.app.inject({
      url: reason === undefined ? url : `${url}?reason=${encodeURIComponent(reason)}`,
      headers: { ...viewerHeaders(viewer), ...headers },
    });
  const listed = async ({ incident }: Reported, viewer: Viewer) =>
    (
      await api.graphql<{ incident: { photos: { id: string; url: string; sealed: boolean; by: string }[] | null } }>(
        "query ($id: ID!) { incident(id: $id) { photos { id url width height at by sealed } } }",
        { id: incident.id },
        viewer,
      )
    ).data?.incident.photos;

  describe("an ordinary case", () => {
    it("shows the picture to whoever may read it there, without what came along", async () => {
      const made = await report(api);
      const sent = await send(made, WORKER, { file: smallJpeg({ head: exifSegment("GPS 40.0 112.7") }) });
      expect(sent).toMatchObject({ status: 201, width: 16 });
      expect(await listed(made, DISPATCHER)).toMatchObject([
        { id: sent.id, url: sent.url, width: 16, height: 8, by: "GRID_WORKER", sealed: false },
      ]);
      const file = await get(sent.url, DISPATCHER);
      expect(file.headers).toMatchObject({
        "content-type": "image/jpeg",
        "cache-control": "private, no-cache",
        "x-content-type-options": "nosniff",
      });
      expect(Buffer.from(file.rawPayload).equals(Buffer.from(smallJpeg()))).toBe(true);
      const known = await get(sent.url, DISPATCHER, undefined, { "if-none-match": String(file.headers["etag"]) });
      expect(known.statusCode).toBe(304);
      const kept = await rows<{ found: number }>(
        `SELECT position('GPS'::bytea IN bytes) AS found FROM incident_photo WHERE id = '${sent.id.split(":")[2]}'`,
      );
      expect(kept).toEqual([{ found: 0 }]);
    });

    it("shows it to nobody else: another area, a role without texts, nobody", async () => {
      const made = await report(api);
      const { url } = await send(made, DISPATCHER);
      expect((await get(url, VILLAGE_WORKER)).json()).toMatchObject({ code: "NOT_FOUND" });
      expect((await get(url, null)).statusCode).toBe(401);
      const answers = await Promise.all(EVERY_ROLE.map(async (viewer) => (await get(url, viewer)).statusCode));
      expect(Object.fromEntries(EVERY_ROLE.map(({ role }, n) => [role, answers[n]]))).toEqual({
        wall: 403,
        leader: 200,
        dispatcher: 200,
        planner: 403,
        grid_worker: 200,
        admin: 200,
        auditor: 403,
      });
      const visitor = { ...DISPATCHER, visitor: true };
      expect((await get(url, visitor)).statusCode).toBe(403);
      const [wall] = EVERY_ROLE;
      if (wall) expect(await listed(made, wall)).toBeNull();
    });

    it("is added to by who may report there, a kiosk not", async () => {
      const made = await report(api);
      expect(await send(made, VILLAGE_WORKER)).toMatchObject({ status: 404 });
      for (const viewer of EVERY_ROLE) {
        const { status } = await send(made, viewer);
        const may = ["leader", "dispatcher", "grid_worker"].includes(viewer.role);
        expect([viewer.role, status < 300], String(status)).toEqual([viewer.role, may]);
      }
      expect((await send(made, { ...DISPATCHER, kind: "kiosk" })).status).toBe(403);
    });

    it("has one picture for a key, however often it is sent, and six in all", async () => {
      const made = await report(api);
      const key = randomUUID();
      const first = await send(made, WORKER, { key });
      expect(await send(made, WORKER, { key })).toEqual(first);
      expect(await send(made, WORKER, { key, file: smallJpeg({ width: 9 }) })).toMatchObject({ code: "CONFLICT" });
      const many = await Promise.all(Array.from({ length: 7 }, () => send(made, WORKER)));
      expect(many.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 409, 409]);
      expect(await listed(made, WORKER)).toHaveLength(6);
    });

    it("keeps its version, and the feed tells that it looks different", async () => {
      const made = await report(api);
      const changes = () =>
        rows<{ version: number }>(
          `SELECT version::int AS version FROM outbox WHERE entity::text LIKE '%${made.incident.id.split(":")[2]}%' ORDER BY live_version`,
        );
      const before = await changes();
      await send(made, WORKER, { file: smallWebp(), type: "image/webp" });
      expect(await changes()).toEqual([...before, { version: made.incident.version }]);
      await take(api, made.incident.id, made.incident.version, WORKER);
    });
  });

  it("refuses what is no photo with a sentence that helps", async () => {
    const made = await report(api);
    const file = Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]);
    expect(await send(made, WORKER, { file })).toMatchObject({
      status: 400,
      detail: expect.stringContaining("broken"),
    });
    expect((await send(made, WORKER, { type: "image/png" })).status).toBe(415);
    expect((await send(made, WORKER, { type: "application/json" })).status).toBe(415);
    expect((await send(made, WORKER, { file: new Uint8Array(MAX_PHOTO_BYTES + 1) })).status).toBe(413);
    expect((await send(made, WORKER, { key: "short" })).code).toBe("BAD_USER_INPUT");
  });

  it("opens pictures of a sensitive case to its handler alone, with a reason, and writes each read down", async () => {
    const made = await report(api, { class: SENSITIVE_CLASS });
    const { url, id } = await send(made, WORKER);
    // Nobody handles it yet.
    expect(await listed(made, WORKER)).toEqual([]);
    expect((await get(url, WORKER, "看现场")).statusCode).toBe(404);
    await take(api, made.incident.id, made.incident.version, DISPATCHER);
    expect(await listed(made, DISPATCHER)).toMatchObject([{ id, sealed: true }]);
    expect((await get(url, DISPATCHER)).json()).toMatchObject({ code: "BAD_USER_INPUT", path: "reason" });
    const file = await get(url, DISPATCHER, "看现场");
    expect(file.statusCode).toBe(200);
    expect(file.headers["cache-control"]).toBe("private, no-store");
    for (const viewer of [...EVERY_ROLE, WORKER]) {
      const { statusCode } = await get(url, viewer, "看现场");
      expect([403, 404], `${viewer.role} ${statusCode}`).toContain(statusCode);
    }
    const read = await rows<{ reason: string }>(
      `SELECT reason FROM audit_log WHERE action = 'sealed.read' AND entity LIKE '%${id.split(":")[2]}%'`,
    );
    expect(read).toEqual([{ reason: "看现场" }]);
    // Whoever takes it over opens it, and the one before does not.
    const again = await send(made, DISPATCHER);
    expect(again.status).toBe(201);
  });

  it("go with their report when it is taken back, and with their county", async () => {
    const made = await report(api);
    await send(made, WORKER);
    await api.graphql(
      "mutation ($o: String!, $c: String!) { withdrawMyReport(orderNo: $o, code: $c) { state } }",
      { o: made.orderNo, c: made.code },
      null,
    );
    const left = await rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM incident_photo WHERE county = '${SMALL_COUNTY}' AND incident_id = '${made.incident.id.split(":")[2]}'`,
    );
    expect(left).toEqual([{ count: 0 }]);
  });
});
