import { parentPort, workerData } from "node:worker_threads";
import { PGlite, type PGliteInterface } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { errorFields } from "../database-errors.ts";
import { durableFileSystem, startParameters } from "./durability.ts";
import { slimPostgis } from "./postgis-bundle.ts";
import type { WorkerOptions, WorkerRequest, WorkerResponse } from "./protocol.ts";
import { saveSnapshot } from "./snapshot.ts";

/**
 * The embedded database's thread: PostgreSQL in WebAssembly runs here and never on the event loop of the server. It
 * answers one request after the other, in the order in which they came.
 */
const port = parentPort;
if (!port) throw new Error("This file runs as a worker thread");
const options = workerData as WorkerOptions;

const identity = (value: string): string => value;
/** Parameters come as text in PostgreSQL's own form; PGlite must not convert them by its guess of the type. */
const asText = new Proxy({}, { get: () => identity }) as Record<number, (value: string) => string>;
const TEXT_OIDS = [16, 17, 20, 21, 23, 25, 114, 700, 701, 1082, 1114, 1184, 3802];
const textParsers = Object.fromEntries(TEXT_OIDS.map((oid) => [oid, identity]));
const bytesParsers = { ...textParsers, 17: (hex: string) => Buffer.from(hex.slice(2), "hex") };

const database = await PGlite.create({
  ...(options.dataDir === undefined ? {} : { fs: durableFileSystem(options.dataDir, options.durable) }),
  extensions: { postgis: slimPostgis(options.cacheDir), btree_gist },
  startParams: startParameters(options.durable && options.dataDir !== undefined),
});

const send = (response: WorkerResponse, transfer: ArrayBuffer[] = []): void => port.postMessage(response, transfer);

/** Bytes of WAL after which the idle worker checkpoints: single-user PostgreSQL never does so by itself. */
const CHECKPOINT_AFTER_BYTES = 64 * 1024 * 1024;
let checkpointLsn = 0n;

async function walPosition(): Promise<bigint> {
  const result = await database.query<{ at: string }>(
    "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS at",
  );
  return BigInt(result.rows[0]?.at ?? 0);
}

async function first(sql: string, params: readonly (string | null)[], parsers: Record<number, (v: string) => unknown>) {
  const result = await database.query<unknown[]>(sql, [...params], {
    rowMode: "array",
    serializers: asText,
    parsers,
  });
  return { value: result.rows[0]?.[0], affected: result.affectedRows ?? 0 };
}

const unlisten = new Map<string, () => Promise<void>>();
const encoder = new TextEncoder();

async function answer(request: WorkerRequest): Promise<{ value: unknown; transfer?: ArrayBuffer[] }> {
  switch (request.op) {
    case "statements":
      // Constants of the driver's own, in one go: parameters and texts of others go through the other operations.
      await database.exec(request.sqls.join("; "));
      return { value: undefined };
    case "value":
      return { value: (await first(request.sql, request.params, textParsers)).value };
    case "valueBytes": {
      const { value } = await first(request.sql, request.params, bytesParsers);
      if (value === null || value === undefined) return { value: undefined };
      if (typeof value !== "string" && !(value instanceof Uint8Array)) {
        throw new Error("bytes() needs one column of type text or bytea");
      }
      const bytes = new Uint8Array(typeof value === "string" ? encoder.encode(value) : value);
      return { value: bytes, transfer: [bytes.buffer] };
    }
    case "execute":
      return { value: (await first(request.sql, request.params, textParsers)).affected };
    case "copy":
      await database.query(request.sql, [], { blob: new Blob([request.data]) });
      return { value: undefined };
    case "admin": {
      if (request.params) {
        const result = await database.query(request.sql, [...request.params], { serializers: asText });
        return { value: result.rows };
      }
      return { value: (await database.exec(request.sql)).at(-1)?.rows ?? [] };
    }
    case "listen": {
      const { channel } = request;
      unlisten.set(channel, await database.listen(channel, (payload) => send({ notify: channel, payload })));
      return { value: undefined };
    }
    case "unlisten":
      await unlisten.get(request.channel)?.();
      unlisten.delete(request.channel);
      return { value: undefined };
    case "snapshot":
      await database.query("CHECKPOINT");
      if (options.dataDir !== undefined) saveSnapshot(options.dataDir, options.cacheDir, request.key);
      return { value: undefined };
    case "close":
      await closeDatabase(database);
      return { value: undefined };
  }
}

async function closeDatabase(open: PGliteInterface): Promise<void> {
  clearInterval(checkpointTimer);
  if (options.dataDir !== undefined) await open.query("CHECKPOINT");
  await open.close();
}

let queue: Promise<void> = Promise.resolve();
let inTransaction = false;
let waiting = 0;
/** True when requests came since the last look at the length of the WAL. */
let touched = false;

/** Nothing asked for this work, so nobody waits for its error; the next request will meet it again. */
const report = (error: unknown): void => process.emitWarning(`Embedded database: ${String(error)}`);

/** One request after the other: a statement never comes between those of another's transaction. */
function enqueue(work: () => Promise<void>): void {
  waiting++;
  queue = queue
    .then(work)
    .catch(report)
    .finally(() => {
      waiting--;
    });
}

port.on("message", (request: WorkerRequest) => {
  touched = true;
  enqueue(async () => {
    if (request.op === "statements") inTransaction = /^BEGIN/.test(request.sqls[0] ?? "");
    try {
      const { value, transfer } = await answer(request);
      send({ id: request.id, ok: true, value }, transfer);
      if (request.op === "close") port.close();
    } catch (error) {
      send({ id: request.id, ok: false, error: errorFields(error) });
    }
  });
});

const checkpointTimer = setInterval(() => {
  if (!touched || waiting > 0 || inTransaction || options.dataDir === undefined) return;
  touched = false;
  enqueue(async () => {
    const now = await walPosition();
    if (now - checkpointLsn < CHECKPOINT_AFTER_BYTES) return;
    await database.query("CHECKPOINT");
    checkpointLsn = now;
  });
}, 5_000);
checkpointTimer.unref();
checkpointLsn = await walPosition();
send({ id: 0, ok: true, value: undefined });
