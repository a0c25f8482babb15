import { HotCounties } from "../../../api/hot/hot-counties.ts";
import { type ColumnTable, decodeColumns } from "../../../data/columns/format.ts";
import { incidentColumns, NO_GRID } from "../../../data/columns/incident-columns.ts";
import type { CountyDataset } from "../../../data/model/dataset.ts";
import type { Viewer } from "../../../data/policy/viewer.ts";
import type { Database } from "../../../db/driver.ts";
import { SMALL_CLASSES } from "../../fixtures/small-classes.ts";
import { type TestApi, testApiOver } from "../../helpers/api.ts";
import { viewerHeaders } from "../../helpers/viewers.ts";

/** Two servers on one database: one answers from memory where it can, the other by SQL. */
export interface TwoServers {
  readonly memory: TestApi;
  readonly sql: TestApi;
  readonly hot: HotCounties;
  /** What the cases in memory complained of. */
  readonly errors: readonly unknown[];
  close(): Promise<void>;
}

export async function twoServers(
  database: Database,
  data: CountyDataset,
  now: string,
  options: { readonly bytes?: number; readonly chunkRows?: number } = {},
): Promise<TwoServers> {
  const sql = await testApiOver(database, { datasets: [data], classes: SMALL_CLASSES, now });
  const errors: unknown[] = [];
  const hot = new HotCounties(database, {
    bytes: options.bytes ?? 1e9,
    // Several chunks of a small county.
    chunkRows: options.chunkRows ?? 90,
    log: (fields, message) => errors.push([message, fields]),
  });
  const memory = await testApiOver(database, { datasets: [], classes: SMALL_CLASSES, now, hot });
  const stop = hot.start();
  await hot.settled(data.profile.county, "0.0", 0);
  await hot.idle();
  return {
    memory,
    sql,
    hot,
    errors,
    async close() {
      await stop();
      await memory.close();
      await sql.close();
    },
  };
}

export interface ColumnAnswer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly table: ColumnTable | undefined;
  /** Code of the refusal. */
  readonly code: string | undefined;
}

/** Asks for cases as columns. */
export async function askColumns(api: TestApi, viewer: Viewer | null, query: string): Promise<ColumnAnswer> {
  const answer = await api.app.inject({ url: `/columns/incidents?${query}`, headers: viewerHeaders(viewer) });
  const ok = answer.statusCode === 200;
  return {
    status: answer.statusCode,
    etag: answer.headers.etag,
    table: ok ? decodeColumns(answer.rawPayload) : undefined,
    code: ok ? undefined : (answer.json() as { code: string }).code,
  };
}

/** Rows of a table as text, in an order of their own: of cases of one second neither side is the first. */
export function tableRows(table: ColumnTable): string[] {
  const columns = incidentColumns(table);
  return Array.from({ length: columns.rows }, (_, i) => {
    const grid = columns.grid[i] as number;
    return [
      columns.opened[i],
      columns.ref[i],
      columns.lon[i],
      columns.lat[i],
      columns.closed[i],
      columns.due[i],
      columns.flags[i],
      columns.classes[columns.classIndex[i] as number],
      columns.state[i],
      columns.severity[i],
      columns.source[i],
      grid === NO_GRID ? "" : columns.grids[grid],
    ].join();
  }).sort();
}
