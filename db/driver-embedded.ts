import { Worker } from "node:worker_threads";
import { bugError } from "../data/model/errors.ts";
import type { AuditKeeper, AuditKey } from "./audit/audit-key.ts";
import { copyChunks } from "./copy-text.ts";
import { toAppError } from "./database-errors.ts";
import type {
  AdminClient,
  CopyValue,
  Database,
  DatabaseFacts,
  Param,
  Scope,
  StatementEvent,
  Transaction,
} from "./driver.ts";
import { flushTree } from "./embedded/flush.ts";
import type { WorkerCall, WorkerOptions, WorkerResponse } from "./embedded/protocol.ts";
import { changesRows, planKeeper, wrappedRows } from "./kept-plans.ts";
import { openingStatements, paramTexts, requireIdentifier, requireLoader } from "./sql-text.ts";
import { refuseNested, requireAuditKey, requireOpen, runGuarded, type TransactionState } from "./transaction-guard.ts";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly sql: string | undefined;
}

/** The thread that holds PGlite, with its requests as promises. */
class EmbeddedWorker {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<(payload: string) => void>>();
  #nextId = 1;
  #ended: Error | undefined;
  readonly ready: Promise<unknown>;

  constructor(options: WorkerOptions) {
    this.#worker = new Worker(new URL("./embedded/worker-boot.mjs", import.meta.url), {
      workerData: options,
      // Without the parent's arguments: the boot file brings the loader for TypeScript itself.
      execArgv: [],
      name: "jingwei-database",
    });
    this.ready = new Promise((resolve, reject) => {
      this.#pending.set(0, { resolve, reject, sql: undefined });
    });
    this.#worker.on("message", (response: WorkerResponse) => this.#receive(response));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", (code) => this.#end(new Error(`its thread ended with code ${code}`)));
  }

  #receive(response: WorkerResponse): void {
    if ("notify" in response) {
      for (const listener of this.#listeners.get(response.notify) ?? []) listener(response.payload);
      return;
    }
    const pending = this.#pending.get(response.id);
    this.#pending.delete(response.id);
    if (response.ok) pending?.resolve(response.value);
    else pending?.reject(toAppError(response.error, pending.sql));
  }

  #end(error: Error): void {
    this.#ended ??= bugError(`The embedded database stopped: ${error.message}`, {
      hint: "What was confirmed is kept. Start the program again.",
      cause: error,
    });
    for (const pending of this.#pending.values()) pending.reject(this.#ended);
    this.#pending.clear();
  }

  call(request: WorkerCall, transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, sql: "sql" in request ? request.sql : undefined });
      this.#worker.postMessage({ ...request, id }, transfer);
    });
  }

  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    let listeners = this.#listeners.get(channel);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(channel, listeners);
      await this.call({ op: "listen", channel });
    }
    listeners.add(onNotify);
    return async () => {
      listeners.delete(onNotify);
      if (listeners.size > 0 || this.#listeners.get(channel) !== listeners) return;
      this.#listeners.delete(channel);
      if (!this.#ended) await this.call({ op: "unlisten", channel });
    };
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.call({ op: "close" });
    this.#ended ??= bugError("The database is closed");
    await this.#worker.terminate();
  }
}

class EmbeddedTransaction implements Transaction {
  #reads = true;
  #sent = false;

  constructor(
    private readonly worker: EmbeddedWorker,
    private readonly state: TransactionState,
    readonly scope: Scope,
    private readonly report: () => ((event: StatementEvent) => void) | undefined,
    private readonly audit: AuditKeeper | undefined,
  ) {}

  /** True when all that was sent read rows and was answered: how the transaction ends changes nothing. */
  get onlyRead(): boolean {
    return this.#sent && this.#reads;
  }

  auditKey(): AuditKey {
    return requireAuditKey(this.audit);
  }

  async #send(request: WorkerCall & { readonly sql: string }, transfer?: ArrayBuffer[]): Promise<unknown> {
    requireOpen(this.state);
    this.#reads &&= request.op !== "execute" && request.op !== "copy" && !changesRows(request.sql);
    this.#sent = true;
    const started = performance.now();
    try {
      return await this.worker.call(request, transfer);
    } catch (error) {
      this.state.failed ??= error;
      throw error;
    } finally {
      this.report()?.({ sql: request.sql, scope: this.scope, ms: performance.now() - started });
    }
  }

  async rows<Row>(sql: string, params?: readonly Param[], found?: "byKey"): Promise<Row[]> {
    const keptFor = planKeeper(this.scope, sql, found === "byKey");
    const text = await this.#send({ op: "value", sql: wrappedRows(sql), params: paramTexts(params), keptFor });
    return JSON.parse(String(text ?? "[]")) as Row[];
  }

  async bytes(sql: string, params?: readonly Param[]): Promise<Uint8Array | undefined> {
    return (await this.#send({ op: "valueBytes", sql, params: paramTexts(params) })) as Uint8Array | undefined;
  }

  async execute(sql: string, params?: readonly Param[]): Promise<number> {
    const keptFor = planKeeper(this.scope, sql, false);
    return (await this.#send({ op: "execute", sql, params: paramTexts(params), keptFor })) as number;
  }

  async copyIn(
    table: string,
    columns: readonly string[],
    rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>,
  ): Promise<number> {
    requireLoader(this.scope);
    const sql = `COPY ${requireIdentifier(table)} (${columns.map(requireIdentifier).join(", ")}) FROM '/dev/blob'`;
    let count = 0;
    const encoder = new TextEncoder();
    try {
      for await (const chunk of copyChunks(rows)) {
        const data = encoder.encode(chunk.text).buffer as ArrayBuffer;
        await this.#send({ op: "copy", sql, data }, [data]);
        count += chunk.rows;
      }
    } catch (error) {
      // A part may be in already: as with COPY on the native form, the transaction cannot go on.
      this.state.failed ??= error;
      throw toAppError(error, sql);
    }
    return count;
  }
}

/**
 * The embedded form: PGlite in a worker thread. It has one connection, so transactions stand in one queue and hold it
 * from BEGIN to COMMIT: a statement of another transaction never falls between.
 */
export class EmbeddedDatabase implements Database {
  readonly form = "embedded" as const;
  readonly audit: AuditKeeper | undefined;
  onStatement: ((event: StatementEvent) => void) | undefined;
  writesHeld = false;
  readonly #worker: EmbeddedWorker;
  readonly #options: WorkerOptions;
  readonly #onClose: () => void;
  #queue: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;

  private constructor(options: WorkerOptions, onClose: () => void, audit: AuditKeeper | undefined) {
    this.audit = audit;
    this.#options = options;
    this.#onClose = onClose;
    this.#worker = new EmbeddedWorker(options);
  }

  /** Starts the thread and waits until PostgreSQL answers. `onClose` runs after it has stopped, e.g. to free a lock. */
  static async start(
    options: WorkerOptions,
    onClose: () => void = () => undefined,
    audit?: AuditKeeper,
  ): Promise<EmbeddedDatabase> {
    const database = new EmbeddedDatabase(options, onClose, audit);
    await database.#worker.ready;
    return database;
  }

  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(bugError("The database is closed"));
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async transaction<T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    refuseNested(this);
    const opening = openingStatements(scope);
    return this.#exclusive(async () => {
      const state: TransactionState = { open: true, failed: undefined };
      try {
        // Not waited for: what fails here is the answer of all that follows.
        this.#worker.call({ op: "begin", sqls: opening }).catch(() => undefined);
        const tx = new EmbeddedTransaction(this.#worker, state, scope, () => this.onStatement, this.audit);
        const value = await runGuarded(this, state, () => work(tx));
        state.open = false;
        if (state.failed) throw toAppError(state.failed);
        const committed = this.#worker.call({ op: "end", sql: "COMMIT" });
        // Nothing was written that could be lost: what was read is true already.
        if (tx.onlyRead) committed.catch(() => undefined);
        else await committed;
        return value;
      } catch (error) {
        state.open = false;
        // A worker that has stopped cannot roll back and needs not to: the first error says so.
        await this.#worker.call({ op: "end", sql: "ROLLBACK" }).catch(() => undefined);
        throw toAppError(error);
      }
    });
  }

  async readText(scope: Scope, sql: string, params: readonly Param[]): Promise<string | undefined> {
    const bytes = await this.transaction(scope, (tx) => tx.bytes(sql, params));
    return bytes && new TextDecoder().decode(bytes);
  }

  async adminSession<T>(work: (client: AdminClient) => Promise<T>): Promise<T> {
    refuseNested(this);
    const worker = this.#worker;
    return this.#exclusive(() =>
      work({
        query: async (sql, params) => ({
          rows: (await this.#worker.call({
            op: "admin",
            sql,
            params: params ? paramTexts(params) : undefined,
          })) as Record<string, unknown>[],
        }),
        copyTo: async function* (select) {
          yield (await worker.call({ op: "copyOut", sql: select })) as Uint8Array;
        },
        copyFrom: async (table, columns, pieces) => {
          const sql = `COPY ${requireIdentifier(table)} (${columns.map(requireIdentifier).join(", ")}) FROM '/dev/blob'`;
          for await (const piece of pieces) {
            const data = Uint8Array.from(piece).buffer;
            await worker.call({ op: "copy", sql, data }, [data]);
          }
        },
      }),
    );
  }

  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    requireIdentifier(channel);
    const stop = await this.#exclusive(() => this.#worker.listen(channel, onNotify));
    return () => (this.#closed ? Promise.resolve() : this.#exclusive(stop));
  }

  async describe(): Promise<DatabaseFacts> {
    const rows = await this.adminSession(
      async (client) =>
        (
          await client.query(
            `SELECT current_setting('server_version') AS postgres, current_setting('fsync') AS fsync,
                    (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis`,
          )
        ).rows,
    );
    const row = rows[0] ?? {};
    const durable = row["fsync"] === "on";
    return {
      form: "embedded",
      postgres: String(row["postgres"]),
      postgis: row["postgis"] ? String(row["postgis"]) : "missing",
      location: this.#options.dataDir ?? "memory",
      durability: durable
        ? "Commits are flushed to disk by the host before they are confirmed: they survive kill -9, and a power loss (20 of 20 simulated) as far as the disk keeps what it says it has written."
        : "Commits survive the end of the process but are not flushed to disk: a power loss can lose or damage confirmed data.",
      durabilityKey: durable ? "durability.embedded" : "durability.embeddedUnsafe",
      survivesPowerLoss: durable,
    };
  }

  /**
   * Refuses every write from now on, once those that wait have ended; or takes them again. Ends with the process: whoever
   * starts on this folder writes.
   */
  async holdWrites(held: boolean): Promise<void> {
    this.writesHeld = held;
    await this.adminSession((client) => client.query(`SET default_transaction_read_only = ${held ? "on" : "off"}`));
  }

  /** Saves the data folder as the snapshot `key`; nothing else runs meanwhile. */
  async snapshot(key: string): Promise<void> {
    await this.#exclusive(() => this.#worker.call({ op: "snapshot", key }));
  }

  /** Writes everything out and flushes every file of the data folder; needed once after it was made. */
  async flush(): Promise<void> {
    const { dataDir } = this.#options;
    if (dataDir === undefined) return;
    await this.adminSession((client) => client.query("CHECKPOINT"));
    await this.#exclusive(() => flushTree(dataDir));
  }

  close(): Promise<void> {
    this.#closed ??= this.#queue.then(() => this.#worker.close()).finally(this.#onClose);
    return this.#closed;
  }
}
