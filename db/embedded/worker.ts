import { parentPort, workerData } from "node:worker_threads";
import { PGlite, type PGliteInterface } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { errorFields } from "../database-errors.ts";
import { durableFileSystem, startParameters } from "./durability.ts";
import { slimPostgis } from "./postgis-bundle.ts";
import type { WorkerOptions, WorkerRequest, WorkerResponse } from "./protocol.ts";
import { saveSnapshot } from "./snapshot.ts";
import { Wire } from "./wire.ts";

/**
 * The embedded database's thread: PostgreSQL in WebAssembly runs here and never on the event loop of the server. It
 * answers one request after the other, in the order in which they came.
 */
const port = parentPort;
if (!port) throw new Error("This file runs as a worker thread");
const options = workerData as WorkerOptions;

/** Parameters come as text in PostgreSQL's own form; PGlite must not convert them by its guess of the type. */
const identity = (value: string): string => value;
const asText = new Proxy({}, { get: () => identity }) as Record<number, (value: string) => string>;
/** OID of bytea; all else is taken as text. */
const BYTEA = 17;

const database = await PGlite.create({
  ...(options.dataDir === undefined ? {} : { fs: durableFileSystem(options.dataDir, options.durable) }),
  extensions: { postgis: slimPostgis(options.cacheDir), btree_gist },
  startParams: startParameters(options.durable && options.dataDir !== undefined),
});

const wire = new Wire(database);

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

const unlisten = new Map<string, () => Promise<void>>();
const encoder = new TextEncoder();

/** Why the transaction that was asked for is none: until it ends, nothing runs. */
let refused: { readonly error: unknown } | undefined;
let inTransaction = false;

async function answer(request: WorkerRequest): Promise<{ value: unknown; transfer?: ArrayBuffer[] }> {
  if (refused && request.op !== "end") throw refused.error;
  switch (request.op) {
    case "begin":
      inTransaction = true;
      // Constants of the driver's own, in one go: parameters and texts of others go through the other operations.
      await wire.simple(request.sqls).catch((error: unknown) => {
        refused = { error };
        throw error;
      });
      return { value: undefined };
    case "end": {
      inTransaction = false;
      const failure = refused;
      refused = undefined;
      await wire.simple([failure ? "ROLLBACK" : request.sql]);
      if (failure && request.sql === "COMMIT") throw failure.error;
      return { value: undefined };
    }
    case "value":
      return { value: (await wire.run(request)).value ?? null };
    case "valueBytes": {
      const { value, type } = await wire.run(request, true);
      if (value === null || value === undefined) return { value: undefined };
      const bytes = new Uint8Array(type === BYTEA ? Buffer.from(value.slice(2), "hex") : encoder.encode(value));
      return { value: bytes, transfer: [bytes.buffer] };
    }
    case "execute":
      return { value: (await wire.run(request)).affected };
    case "copy":
      await database.query(request.sql, [], { blob: new Blob([request.data]) });
      return { value: undefined };
    case "copyOut": {
      const { blob } = await database.query(`COPY (${request.sql}) TO '/dev/blob'`);
      const bytes = new Uint8Array(blob ? await blob.arrayBuffer() : new ArrayBuffer(0));
      return { value: bytes, transfer: [bytes.buffer] };
    }
    case "admin": {
      await wire.forget();
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
