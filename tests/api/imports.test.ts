import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ImportDesk } from "../../api/services/importing/jobs/import-desk.ts";
import { RejectedFiles } from "../../api/services/importing/jobs/rejected-files.ts";
import { Uploads } from "../../api/services/importing/jobs/uploads.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";
import { EVERY_ROLE } from "../helpers/reports.ts";
import { lintEvent } from "../helpers/sql-rules.ts";
import { viewerAs, viewerHeaders } from "../helpers/viewers.ts";

const ADMIN = viewerAs("admin", SMALL_COUNTY);
const TOWN_ADMIN = viewerAs("admin", `${SMALL_COUNTY}001`);
const county = SMALL_COUNTY;

interface Job {
  readonly id: string;
  readonly state: string;
  readonly rows: number;
  readonly report: { loaded: number; read: number; skipped: { reason: string; count: number }[] } | null;
  readonly error: { code: string; message: string } | null;
  readonly rejectedPath: string | null;
  readonly batch: string | null;
}
const JOB =
  "{ id county upload kind level crs map { field column } files dryRun state phase rows bytes totalBytes report { kind read loaded updated unchanged skipped { reason count samples { at value message } } flags { kind count message } crs seconds } error { code message at hint } rejectedPath batch by createdAt endedAt }";

describeOnBothDatabases("imports from the browser", (open) => {
  let api: TestApi;
  let dir: string;
  let origin: string;

  beforeAll(async () => {
    const { database } = await open();
    dir = await mkdtemp(join(tmpdir(), "jingwei-imports-"));
    api = await testApiOver(database, {
      ...{ datasets: [smallCounty()], classes: SMALL_CLASSES, now: SMALL_NOW },
      environment: { JINGWEI_DIR: dir, IMPORT_UPLOAD_MB: "1" },
    });
    origin = await api.listen();
  });
  afterAll(async () => {
    const breaches = api.takeStatements().flatMap(lintEvent);
    // Neither somebody who still watches nor a connection that a browser opened ahead of need holds up a stop.
    const silent = connect(Number(new URL(origin).port), "127.0.0.1").resume();
    await once(silent, "connect");
    const watched = await fetch(`${origin}/imports/progress?county=${county}`, { headers: viewerHeaders(ADMIN) });
    const ended = Promise.all([once(silent, "close"), watched.text()]);
    const before = performance.now();
    await api.close();
    await ended;
    expect(performance.now() - before).toBeLessThan(10_000);
    await rm(dir, { recursive: true, force: true });
    expect(breaches).toEqual([]);
  });

  async function send(
    upload: string,
    name: string,
    content: string | Buffer,
    { viewer = ADMIN as typeof ADMIN | null, ...more }: Record<string, unknown> & { viewer?: typeof ADMIN | null } = {},
  ) {
    const query = new URLSearchParams({ county, upload, name, ...(more as Record<string, string>) });
    const answer = await api.app.inject({
      method: "POST",
      url: `/imports/files?${query}`,
      headers: { ...viewerHeaders(viewer), "content-type": "application/octet-stream" },
      payload: content,
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  }
  const list = async (upload: string) => {
    const query = new URLSearchParams({ county, upload });
    const answer = await api.app.inject({ url: `/imports/files?${query}`, headers: viewerHeaders(ADMIN) });
    return answer.json<{ files: { name: string; size: number; complete: boolean }[] }>().files;
  };
  const ask = async <Data>(query: string, variables: Record<string, unknown>, viewer = ADMIN): Promise<Data> => {
    const { data, errors } = await api.graphql<Data>(query, variables, viewer);
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  };
  async function run(upload: string, kind: string, more: Record<string, unknown> = {}): Promise<Job> {
    const input = { county, upload, kind, dryRun: false, clientKey: randomUUID(), ...more };
    const { runImport } = await ask<{ runImport: Job }>(
      `mutation ($input: ImportInput!) { runImport(input: $input) ${JOB} }`,
      { input },
    );
    return ended(runImport);
  }
  async function ended(job: Job): Promise<Job> {
    let now = job;
    for (let tries = 0; ["QUEUED", "RUNNING"].includes(now.state) && tries < 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { importJob } = await ask<{ importJob: Job }>(`query ($id: ID!) { importJob(id: $id) ${JOB} }`, {
        id: job.id,
      });
      now = importJob;
    }
    return now;
  }

  /** Lines of incidents inside the county; the third one has no place. */
  function csv(rows = 4): string {
    const [area] = smallCounty().areas.filter(({ level }) => level === "grid");
    const [lon, lat] = area?.label ?? [0, 0];
    const line = (n: number) =>
      `W-${n},2026-01-0${1 + (n % 9)} 08:00:00,${n === 3 ? "somewhere" : lon},${lat},电话13812345678漏水${n}`;
    return `编号,上报时间,经度,纬度,标题\n${Array.from({ length: rows }, (_, n) => line(n + 1)).join("\n")}\n`;
  }

  describe("uploads", () => {
    it("keep a file under its name, in parts too, and list it", async () => {
      const upload = randomUUID();
      expect(await send(upload, "网格.geojson", "{}")).toMatchObject({
        status: 201,
        body: { size: 2, complete: true },
      });
      expect(await send(upload, "a.csv", "abc", { total: "6" })).toMatchObject({ body: { size: 3, complete: false } });
      expect(await send(upload, "a.csv", "x", { offset: "9", total: "10" })).toMatchObject({ status: 409 });
      expect(await list(upload)).toContainEqual({ name: "a.csv", size: 3, complete: false });
      expect(await send(upload, "a.csv", "def", { offset: "3", total: "6" })).toMatchObject({
        body: { complete: true },
      });
      expect(await list(upload)).toEqual([
        { name: "a.csv", size: 6, complete: true },
        { name: "网格.geojson", size: 2, complete: true },
      ]);
      const query = new URLSearchParams({ county, upload, name: "a.csv" });
      const gone = await api.app.inject({
        method: "DELETE",
        url: `/imports/files?${query}`,
        headers: viewerHeaders(ADMIN),
      });
      expect(gone.statusCode).toBe(204);
      expect((await list(upload)).map(({ name }) => name)).toEqual(["网格.geojson"]);
    });

    it.each([
      "../a.csv",
      "a/b.csv",
      "..\\a.csv",
      ".profile",
      "..",
      "con",
      "nul.txt",
      "a\u0000b",
      " ",
      "a.part",
      "x".repeat(300),
    ])("refuse %j as a name and write nothing", async (name) => {
      const upload = randomUUID();
      expect(await send(upload, name, "x")).toMatchObject({ status: 400, body: { code: "BAD_USER_INPUT" } });
      expect(await readdir(join(dir, "uploads", county)).catch(() => [])).not.toContain(upload);
    });

    it("refuse an id that is none, and another county's folder", async () => {
      expect((await send("../../x", "a.csv", "x")).status).toBe(400);
      const query = new URLSearchParams({ county: "../../", upload: randomUUID(), name: "a.csv" });
      const answer = await api.app.inject({
        method: "POST",
        url: `/imports/files?${query}`,
        headers: { ...viewerHeaders(ADMIN), "content-type": "text/csv" },
        payload: "x",
      });
      expect(answer.statusCode).toBe(400);
    });

    it("end at the limit with 413, over all files of an upload, and keep nothing of the last one", async () => {
      const upload = randomUUID();
      expect((await send(upload, "a.csv", Buffer.alloc(700_000))).status).toBe(201);
      const refused = await send(upload, "b.csv", Buffer.alloc(700_000));
      expect(refused).toMatchObject({ status: 413, body: { path: "body" } });
      expect(String(refused.body["hint"])).toContain("IMPORT_UPLOAD_MB");
      expect((await send(upload, "c.csv", "x", { total: "900000" })).status).toBe(413);
      expect((await list(upload)).map(({ name }) => name)).toEqual(["a.csv"]);
    });

    it("keep nothing of a file whose sender hangs up", async () => {
      const upload = randomUUID();
      const query = new URLSearchParams({ county, upload, name: "half.csv" });
      await new Promise<void>((resolve) => {
        const half = httpRequest(`${origin}/imports/files?${query}`, {
          method: "POST",
          headers: { ...viewerHeaders(ADMIN), "content-type": "text/csv", "content-length": "1000" },
        });
        half.on("error", () => resolve());
        half.write("half of it");
        setTimeout(() => half.destroy(), 100);
      });
      await expect.poll(() => list(upload), { timeout: 3000 }).toEqual([]);
    });

    it("are for administrators of the whole county", async () => {
      const upload = randomUUID();
      for (const viewer of [...EVERY_ROLE.filter(({ role }) => role !== "admin"), TOWN_ADMIN])
        expect((await send(upload, "a.csv", "x", { viewer })).status, viewer.name).toBe(403);
      expect((await send(upload, "a.csv", "x", { viewer: null })).status).toBe(401);
      expect(await list(upload)).toEqual([]);
    });
  });

  it("shows columns with masked samples, guesses, and where the rows lie", async () => {
    const upload = randomUUID();
    await send(upload, "案件.csv", csv());
    interface Layer {
      columns: { name: string; field: string | null; samples: string[] }[];
      rows: string[][];
      numbers: number[];
      verdict: { crs: string; certainty: string } | null;
      placements: { insideShare: number; points: { coordinates: unknown[] } | null }[];
    }
    const { importPreview } = await ask<{ importPreview: { layers: Layer[]; files: unknown } }>(
      `query ($upload: String!) { importPreview(county: "${county}", upload: $upload, kind: "incidents") { files { name size }
        layers { name file format seen whole columns { name samples field } rows numbers
          verdict { crs nameZh certainty by swapped reasonsZh reasonsEn flags { kind } }
          placements { crs insideShare drawn points polygons lines } error { message } } notes { kind } } }`,
      { upload },
    );
    const [layer] = importPreview.layers;
    expect(importPreview.files).toMatchObject([{ name: "案件.csv" }]);
    expect(layer?.columns.map(({ name, field }) => `${name}=${field}`)).toEqual([
      "编号=id",
      "上报时间=opened",
      "经度=lon",
      "纬度=lat",
      "标题=title",
    ]);
    expect(layer?.rows).toHaveLength(4);
    expect(layer?.numbers).toEqual([2, 3, 4, 5]);
    expect(JSON.stringify(layer)).not.toContain("13812345678");
    expect(layer?.verdict?.crs).toMatch(/^EPSG:4(326|490)$/);
    expect(layer?.placements[0]).toMatchObject({ insideShare: 1 });
    expect(layer?.placements[0]?.points?.coordinates).toHaveLength(3);
  });

  it("tries, imports, and keeps what was left out for a day", async () => {
    const upload = randomUUID();
    await send(upload, "案件.csv", csv());
    const count = async () =>
      (
        await ask<{ incidents: { totalCount: number } }>(
          `{ incidents(filter: { inside: "${county}" }) { totalCount } }`,
          {},
        )
      ).incidents.totalCount;
    const before = await count();
    const tried = await run(upload, "incidents", { dryRun: true });
    expect(tried).toMatchObject({ state: "DONE", batch: null, report: { read: 4, loaded: 3 } });
    expect(await count()).toBe(before);
    const done = await run(upload, "incidents");
    expect(done, JSON.stringify(done.error)).toMatchObject({ state: "DONE", report: { read: 4, loaded: 3 } });
    expect(await count()).toBe(before + 3);
    expect(await list(upload)).toEqual([]);
    const rejected = await api.app.inject({ url: String(done.rejectedPath), headers: viewerHeaders(ADMIN) });
    expect(rejected.headers["content-disposition"]).toContain("attachment");
    expect(rejected.body.split("\r\n")).toHaveLength(3);
    expect(rejected.body).toContain("somewhere");
    const others = await api.app.inject({ url: String(done.rejectedPath), headers: viewerHeaders(TOWN_ADMIN) });
    expect(others.statusCode).toBe(403);
  });

  it("keeps a history, from which an import is taken back as a whole", async () => {
    const upload = randomUUID();
    const [lon, lat] = smallCounty().areas.find(({ level }) => level === "grid")?.label ?? [0, 0];
    const geometry = { type: "Point", coordinates: [lon, lat] };
    const feature = { type: "Feature", properties: { id: "imported", households: 3 }, geometry };
    await send(upload, "楼栋.geojson", JSON.stringify({ type: "FeatureCollection", features: [feature] }));
    const buildings = () =>
      api.database.transaction({ kind: "county", county }, async (tx) => {
        const [row] = await tx.rows<{ n: number }>("SELECT count(*) AS n FROM building WHERE county = $1", [county]);
        return row?.n;
      });
    const before = await buildings();
    const done = await run(upload, "buildings");
    expect(done, JSON.stringify(done.error)).toMatchObject({ state: "DONE", report: { loaded: 1 } });
    expect(await buildings()).toBe(Number(before) + 1);
    const { imports } = await ask<{ imports: { nodes: object[] } }>(
      `{ imports(county: "${county}") { nodes { id kind files by at undoable undoneAt undoneBy report { loaded } } totalCount } }`,
      {},
    );
    expect(imports.nodes).toContainEqual(
      expect.objectContaining({
        id: done.batch,
        by: ADMIN.name,
        files: "楼栋.geojson",
        undoable: true,
        undoneAt: null,
      }),
    );
    const { undoImport } = await ask<{ undoImport: { removed: number; batch: object } }>(
      `mutation ($id: ID!) { undoImport(id: $id, reason: "录错了") { removed restored batch { id undoneAt undoneBy undoable } } }`,
      { id: done.batch },
    );
    expect(undoImport).toMatchObject({ removed: 1, batch: { undoneBy: ADMIN.name, undoable: false } });
    expect(await buildings()).toBe(before);
  });

  it("runs a job once for its key, and says why one failed", async () => {
    const upload = randomUUID();
    await send(upload, "x.geojson", "{ not json");
    const clientKey = randomUUID();
    const first = await run(upload, "areas", { clientKey, level: "TOWN" });
    expect(first.state).toBe("FAILED");
    expect(first.error?.code).toBe("BAD_USER_INPUT");
    expect(JSON.stringify(first.error)).not.toContain(dir);
    expect((await run(upload, "areas", { clientKey, level: "TOWN" })).id).toBe(first.id);
  });

  it("tells progress as it comes", async () => {
    const stop = new AbortController();
    const stream = await fetch(`${origin}/imports/progress?county=${county}`, {
      headers: viewerHeaders(ADMIN),
      signal: stop.signal,
    });
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    const upload = randomUUID();
    await send(upload, "案件.csv", csv());
    const job = await run(upload, "incidents", { dryRun: true });
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of stream.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.includes('"DONE"')) break;
    }
    stop.abort();
    const states = [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(String(json)) as Job);
    expect(new Set(states.map(({ id }) => id))).toEqual(new Set([job.id]));
    expect(states.map(({ state }) => state)).toEqual(expect.arrayContaining(["QUEUED", "RUNNING", "DONE"]));
  });

  it("cancels what waits behind another import of the county", async () => {
    const upload = randomUUID();
    await send(upload, "案件.csv", csv(3000));
    const START = `mutation ($input: ImportInput!) { runImport(input: $input) ${JOB} }`;
    const input = () => ({ county, upload, kind: "incidents", dryRun: true, clientKey: randomUUID() });
    const { runImport: one } = await ask<{ runImport: Job }>(START, { input: input() });
    const { runImport: two } = await ask<{ runImport: Job }>(START, { input: input() });
    await ask(`mutation ($id: ID!) { cancelImport(id: $id) { id } }`, { id: two.id });
    expect((await ended(two)).state).toBe("CANCELLED");
    expect((await ended(one)).state).toBe("DONE");
  });

  it("says that a job was interrupted when its process is gone, and deletes uploads of a day ago", async () => {
    const id = "019bb000-0000-7000-8000-0000000000aa";
    const upload = randomUUID();
    await send(upload, "old.csv", "x");
    await utimes(join(dir, "uploads", county, upload), 1_000_000, 1_000_000);
    await api.database.transaction({ kind: "county", county }, (tx) =>
      tx.execute(
        `INSERT INTO import_job (county, id, client_key, upload, kind, options, dry_run, state, row_count, rejected, actor, process, created_at, touched_at)
         VALUES ($1, $2, 'k', $3, 'areas', '{"files":[],"level":null,"crs":null,"map":{}}', false, 'running', 0, false, 'x', $3, $4, $4)`,
        [county, id, upload, "2026-01-01T00:00:00Z"],
      ),
    );
    // The server beside it tidies every some seconds; a new one at once, as after a restart.
    const desk = new ImportDesk({
      database: api.database,
      uploads: new Uploads(dir, 1),
      rejected: new RejectedFiles(dir),
      now: api.now,
      log: (_, message) => expect.unreachable(message),
    });
    await desk.start()();
    const { importJob } = await ask<{ importJob: Job }>(`query ($id: ID!) { importJob(id: $id) ${JOB} }`, {
      id: `ImportJob:${county}:${id}`,
    });
    expect(importJob).toMatchObject({ state: "FAILED", error: { code: "INTERRUPTED" } });
    expect(await list(upload)).toEqual([]);
  });
});
