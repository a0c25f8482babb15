import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setInterval } from "node:timers";
import { runAreas, runGrids } from "../../api/services/importing/areas.ts";
import type { ImportJob } from "../../api/services/importing/import-job.ts";
import { runIncidents } from "../../api/services/importing/incidents.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { addCounty } from "../../db/import/county-admin.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { openDatabase } from "../../db/open-database.ts";
import type { Figure } from "./figure.ts";
import { importingMany } from "./import-bulk.ts";

const BOSTON = resolve("../shared/data/boston-311-2011");
const COUNTY = "925000";

/** Cases in bulk: made-up ones against peers, then a real file. */
export async function* importing(): AsyncIterable<Figure> {
  yield* importingMany();
  yield* boston();
}

/** Boston's 58,251 cases of 2011 into an embedded database: rows per second of wall and of processor time, and memory. */
async function* boston(): AsyncIterable<Figure> {
  if (!existsSync(BOSTON)) throw new Error("../shared/data/boston-311-2011 is absent");
  const dir = mkdtempSync(join(tmpdir(), "jingwei-bench-"));
  const { database } = await openDatabase({ dir });
  try {
    await loadReference(database, CLASS_CODES);
    const nowMs = Date.parse("2026-01-15T00:00:00Z");
    await addCounty(database, { code: COUNTY, name: "Boston", timezone: "America/New_York" }, nowMs);
    const job = (file: string, more: Partial<ImportJob> = {}): ImportJob => ({
      county: COUNTY,
      files: [join(BOSTON, file)],
      dryRun: false,
      nowMs,
      actor: "bench",
      level: undefined,
      crs: undefined,
      map: {},
      onProgress: () => undefined,
      ...more,
    });
    await runAreas(database, job("wards_22.geojson", { level: "community", map: { code: "WARD" } }));
    await runGrids(database, job("precincts_255.geojson", { map: { code: "WARD_PRECINCT", households: "TOTPOP" } }));
    const before = process.memoryUsage();
    let [rss, heap] = [before.rss, before.heapUsed];
    const sample = (): void => {
      const { rss: nowRss, heapUsed } = process.memoryUsage();
      rss = Math.max(rss, nowRss);
      heap = Math.max(heap, heapUsed);
    };
    const timer = setInterval(sample, 50);
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    const { read } = await runIncidents(database, job("311_service_requests_2011.zip"));
    const seconds = (performance.now() - started) / 1000;
    const cpu = process.cpuUsage(cpuBefore);
    clearInterval(timer);
    sample();
    const cpuSeconds = (cpu.user + cpu.system) / 1e6;
    const mb = (bytes: number): number => Math.round(bytes / 2 ** 20);
    const figure = (name: string, value: number, unit: string): Figure => ({ bench: "import", name, value, unit });
    yield figure("incidents", read, "rows");
    yield figure("rows per second", Math.round(read / seconds), "1/s");
    yield figure("rows per second of processor time", Math.round(read / cpuSeconds), "1/s");
    yield figure("peak memory of the process", mb(rss), "MB");
    yield figure("growth of the main thread's heap at its peak", mb(heap - before.heapUsed), "MB");
  } finally {
    await database.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
