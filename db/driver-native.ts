import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import { bugError, userError } from "../data/model/errors.ts";
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
import { keptName, planKeeper, wrappedRows } from "./kept-plans.ts";
import { copyStatement, sendCopy } from "./native-copy.ts";
import { SingleRead } from "./single-read.ts";
import {
  openingStatements,
  paramTexts,
  requireIdentifier,
  requireLoader,
  runsAsOwner,
  withLiterals,
} from "./sql-text.ts";
import { refuseNested, requireAuditKey, requireOpen, runGuarded, type TransactionState } from "./transaction-guard.ts";

export interface NativeOptions {
  /** `postgres://…` of the login that transactions of viewers and of the system use. */
  readonly url: string;
  /**
   * Login that owns the schema, for migrations, loads and reviewed reads; absent = `url`. With one, the other login needs
   * to own nothing and can bypass nothing (docs/need-to-know.md).
   */
  readonly ownerUrl?: string | undefined;
  /** Connections held at most. */
  readonly poolSize?: number;
  readonly audit?: AuditKeeper | undefined;
}

/**
 * Settings of every session. They are constants, so they may leak through a pooler without harm: UTC and ISO give
 * equal times on both forms, jit costs more than it brings on short statements (measured, performance reference).
 */
const SESSION_OPTIONS =
  "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=iso_8601 -c extra_float_digits=1 -c jit=off -c search_path=public -c client_min_messages=warning";

/** Loads and migrations are few: the owner's login needs few connections. */
const OWNER_CONNECTIONS = 2;

function pool(connectionString: string, max: number): pg.Pool {
  const made = new pg.Pool({
    connectionString,
    max,
    options: SESSION_OPTIONS,
    application_name: "jingwei",
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  });
  // An idle connection that the server drops is replaced by the pool; without a listener it would end the process.
  made.on("error", () => undefined);
  return made;
}

/** The URL without its password, for messages. */
function publicUrl(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.password) parsed.password = "***";
    return parsed.toString();
  } catch {
    return "the given DATABASE_URL";
  }
}

type SendHook = (sql: string) => <T>(result: Promise<T>) => Promise<T>;

class NativeTransaction implements Transaction {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: pg.PoolClient,
    private readonly state: TransactionState,
    readonly scope: Scope,
    private readonly hook: SendHook,
    private readonly audit: AuditKeeper | undefined,
  ) {}

  auditKey(): AuditKey {
    return requireAuditKey(this.audit);
  }

  /** Resolves when all that was sent is answered: a connection takes one statement at a time. */
  idle(): Promise<unknown> {
    return this.#last;
  }

  #inTurn<T>(send: () => Promise<T>): Promise<T> {
    const result = this.#last.then(send);
    this.#last = result.catch(() => undefined);
    return result;
  }

  private async send(
    sql: string,
    params?: readonly Param[],
    keptFor?: string,
  ): Promise<pg.QueryArrayResult<unknown[]>> {
    requireOpen(this.state);
    try {
      // Extended, also without parameters: a text of several statements is refused.
      const config = {
        ...keptName(sql, keptFor),
        text: sql,
        values: paramTexts(params),
        rowMode: "array" as const,
        queryMode: "extended" as const,
      };
      return await this.#inTurn(() => this.hook(sql)(this.client.query<unknown[]>(config)));
    } catch (error) {
      this.state.failed ??= error;
      throw toAppError(error, sql);
    }
  }

  async rows<Row>(sql: string, params?: readonly Param[], found?: "byKey"): Promise<Row[]> {
    const result = await this.send(wrappedRows(sql), params, planKeeper(this.scope, sql, found === "byKey"));
    return JSON.parse(String(result.rows[0]?.[0] ?? "[]")) as Row[];
  }

  async bytes(sql: string, params?: readonly Param[]): Promise<Uint8Array | undefined> {
    const value = (await this.send(sql, params)).rows[0]?.[0];
    if (value === null || value === undefined) return undefined;
    if (typeof value === "string") return new Uint8Array(Buffer.from(value, "utf8"));
    if (value instanceof Uint8Array) return new Uint8Array(value);
    throw bugError("bytes() needs one column of type text or bytea", { at: sql.slice(0, 200) });
  }

  async execute(sql: string, params?: readonly Param[]): Promise<number> {
    return (await this.send(sql, params, planKeeper(this.scope, sql, false))).rowCount ?? 0;
  }

  async copyOut(sql: string, params: readonly Param[], onChunk: (bytes: Buffer) => void): Promise<void> {
    requireOpen(this.state);
    try {
      await this.hook(sql)(
        (async () => {
          const stream = this.client.query(copyTo(`COPY (${withLiterals(sql, params)}) TO STDOUT (FORMAT binary)`));
          let failure: { readonly error: unknown } | undefined;
          for await (const chunk of stream) {
            if (failure) continue;
            try {
              onChunk(chunk as Buffer);
            } catch (error) {
              // The rest is read and thrown away: a COPY that is left in the middle would keep its connection for good.
              failure = { error };
            }
          }
          if (failure) throw failure.error;
        })(),
      );
    } catch (error) {
      this.state.failed ??= error;
      throw toAppError(error, sql);
    }
  }

  async copyIn(
    table: string,
    columns: readonly string[],
    rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>,
  ): Promise<number> {
    requireOpen(this.state);
    requireLoader(this.scope);
    const sql = copyStatement(table, columns);
    let count = 0;
    try {
      await this.hook(sql)(
        sendCopy(
          this.client,
          sql,
          (async function* () {
            for await (const chunk of copyChunks(rows, 1_000_000)) {
              count += chunk.rows;
              yield chunk.text;
            }
          })(),
        ),
      );
      return count;
    } catch (error) {
      this.state.failed ??= error;
      throw toAppError(error, sql);
    }
  }
}

/** The native form: a pool of connections to PostgreSQL with PostGIS. */
export class NativeDatabase implements Database {
  readonly form = "native" as const;
  readonly audit: AuditKeeper | undefined;
  onStatement: ((event: StatementEvent) => void) | undefined;
  readonly #pool: pg.Pool;
  /** The same pool where one login does both. */
  readonly #ownerPool: pg.Pool;
  readonly #url: string;
  readonly #listeners = new Set<pg.Client>();
  #closed = false;

  constructor(options: NativeOptions) {
    this.#url = options.url;
    this.audit = options.audit;
    this.#pool = pool(options.url, options.poolSize ?? 8);
    this.#ownerPool = options.ownerUrl ? pool(options.ownerUrl, OWNER_CONNECTIONS) : this.#pool;
  }

  async #connect(from: pg.Pool): Promise<pg.PoolClient> {
    if (this.#closed) throw bugError("The database is closed");
    try {
      return await from.connect();
    } catch (error) {
      const cause = error as Error;
      const owner = from !== this.#pool;
      const url = from.options.connectionString ?? this.#url;
      throw userError(`Cannot connect to ${publicUrl(url)}: ${cause.message || "no answer"}`, {
        at: owner ? "DATABASE_OWNER_URL" : "DATABASE_URL",
        hint: "Check host, port, user, password and that the server runs; or leave DATABASE_URL out to use the embedded database.",
        code: "INTERNAL",
        cause: error,
      });
    }
  }

  #hook(scope: Scope): SendHook {
    return (sql) => (result) => {
      const report = this.onStatement;
      if (!report) return result;
      const started = performance.now();
      return result.finally(() => report({ sql, scope, ms: performance.now() - started }));
    };
  }

  async transaction<T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    refuseNested(this);
    const opening = openingStatements(scope);
    const client = await this.#connect(runsAsOwner(scope) ? this.#ownerPool : this.#pool);
    const state: TransactionState = { open: true, failed: undefined };
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on("error", onError);
    try {
      // Each a statement of its own (data rule 7), sent together: they cost one way to the server and back.
      await client.query(opening.join("; "));
      const tx = new NativeTransaction(client, state, scope, this.#hook(scope), this.audit);
      const value = await runGuarded(this, state, () => work(tx)).finally(() => {
        state.open = false;
        return tx.idle();
      });
      if (state.failed) throw toAppError(state.failed);
      await client.query("COMMIT");
      return value;
    } catch (error) {
      state.open = false;
      await client.query("ROLLBACK").catch((failure: Error) => {
        broken ??= failure;
      });
      throw toAppError(error);
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }

  async readText(scope: Scope, sql: string, params: readonly Param[]): Promise<string | undefined> {
    refuseNested(this);
    const opening = openingStatements(scope);
    const client = await this.#connect(runsAsOwner(scope) ? this.#ownerPool : this.#pool);
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on("error", onError);
    try {
      const read = new Promise<string | undefined>((resolve, reject) => {
        client.query(new SingleRead(opening, opening[1] ?? "", sql, paramTexts(params), { resolve, reject }));
      });
      return await this.#hook(scope)(sql)(read);
    } catch (error) {
      broken ??= error as Error;
      throw toAppError(error, sql);
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }

  async adminSession<T>(work: (client: AdminClient) => Promise<T>): Promise<T> {
    refuseNested(this);
    const client = await this.#connect(this.#ownerPool);
    let broken: Error | undefined;
    try {
      return await work({
        query: async (sql, params) => {
          const result = await client.query(sql, params ? paramTexts(params) : undefined);
          const results = Array.isArray(result) ? (result as pg.QueryResult[]) : [result];
          return { rows: (results.at(-1)?.rows ?? []) as Record<string, unknown>[] };
        },
        copyTo: (select) => client.query(copyTo(`COPY (${select}) TO STDOUT`)),
        copyFrom: (table, columns, pieces) => sendCopy(client, copyStatement(table, columns), pieces),
      });
    } catch (error) {
      // What the session held (locks, an open transaction) ends with its connection.
      broken = error instanceof Error ? error : new Error(String(error));
      throw toAppError(error);
    } finally {
      client.release(broken);
    }
  }

  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    requireIdentifier(channel);
    let stopped = false;
    let client: pg.Client | undefined;
    const start = async (): Promise<void> => {
      const fresh = new pg.Client({ connectionString: this.#url, application_name: "jingwei-listen", keepAlive: true });
      fresh.on("notification", (message) => {
        if (message.channel === channel) onNotify(message.payload ?? "");
      });
      fresh.on("error", () => undefined);
      fresh.on("end", () => {
        this.#listeners.delete(fresh);
        if (!stopped && !this.#closed) setTimeout(() => void start().catch(retry), 1000).unref();
      });
      await fresh.connect();
      await fresh.query(`LISTEN ${channel}`);
      this.#listeners.add(fresh);
      client = fresh;
      if (stopped) await fresh.end();
    };
    const retry = (): void => {
      if (!stopped && !this.#closed) setTimeout(() => void start().catch(retry), 2000).unref();
    };
    await start();
    return async () => {
      stopped = true;
      if (client) await client.end().catch(() => undefined);
    };
  }

  async describe(): Promise<DatabaseFacts> {
    const client = await this.#connect(this.#pool);
    try {
      const row = (
        await client.query<{ postgres: string; postgis: string | null; fsync: string; commit: string }>(
          `SELECT current_setting('server_version') AS postgres, current_setting('fsync') AS fsync,
                  current_setting('synchronous_commit') AS commit,
                  (SELECT extversion FROM pg_extension WHERE extname = 'postgis') AS postgis`,
        )
      ).rows[0];
      const durable = row?.fsync === "on" && row.commit !== "off";
      return {
        form: "native",
        postgres: row?.postgres ?? "unknown",
        postgis: row?.postgis ?? "missing",
        location: publicUrl(this.#url),
        durability: durable
          ? "Commits are flushed to disk before they are confirmed (fsync = on): they survive a crash and a power loss."
          : "This server runs with fsync or synchronous_commit off: a power loss can lose or damage confirmed data.",
        durabilityKey: durable ? "durability.native" : "durability.nativeUnsafe",
        survivesPowerLoss: durable,
      };
    } catch (error) {
      throw toAppError(error);
    } finally {
      client.release();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([...this.#listeners].map((client) => client.end().catch(() => undefined)));
    await this.#pool.end();
    if (this.#ownerPool !== this.#pool) await this.#ownerPool.end();
  }
}
