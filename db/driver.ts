import type { Role } from "../data/policy/roles.ts";
import type { AuditKeeper, AuditKey } from "./audit/audit-key.ts";

/**
 * The one interface to the store. Two forms serve it: native PostgreSQL (`driver-native.ts`) and embedded PGlite in a
 * worker thread (`driver-embedded.ts`). Repositories hold all SQL; nothing else calls these methods with statements.
 */

/**
 * Under which scope a transaction runs.
 * - `viewer`: the database role of a seat, which owns nothing: row-level security and column grants, generated from
 *   `data/policy`, cut what it sees to the role and area of the viewer's grant. Everything that answers a person runs so.
 * - `county`: role `jingwei_app`, which owns nothing, with `app.county` set: the system's own work in one county
 *   (profiles, imports' lookups, rollups), never an answer to a person.
 * - `auth`: role `jingwei_auth`: sign-in, sessions, tokens and kiosks, in any county; nothing else of a county.
 * - `accounts`: role `jingwei_accounts`: administration of one county's accounts.
 * - `sealer`: role `jingwei_sealer`: reads the audit log of any county and adds its seals; changes nothing.
 * - `loader`: the owner, for bulk loads and removal of one county (COPY FROM is refused under row-level security).
 * - `reference`: role `jingwei_app` without a county: reference tables only.
 * - `reviewed`: the owner, for a named and reviewed read across counties (data rule 2); `name` must be in
 *   `REVIEWED_CROSS_COUNTY`.
 */
export type Scope =
  | {
      readonly kind: "viewer";
      readonly county: string;
      readonly role: Role;
      /** Code of the granted area; equal to `county` for the whole county. */
      readonly area: string;
      /** Row id of the account, for what only the current handler may open; null for tokens and kiosks. */
      readonly account: string | null;
      /** Aggregates only. */
      readonly visitor: boolean;
    }
  | { readonly kind: "auth" }
  | { readonly kind: "sealer" }
  | { readonly kind: "accounts"; readonly county: string }
  | { readonly kind: "county"; readonly county: string }
  | { readonly kind: "loader"; readonly county: string }
  | { readonly kind: "reference" }
  | { readonly kind: "reviewed"; readonly name: ReviewedCrossCounty };

/** Reads that may cross counties (data rule 2). Adding one is a review. */
export const REVIEWED_CROSS_COUNTY = [
  "county-list",
  "content-versions",
  "reference-load",
  "audit-counties",
  "feed-heads",
  "unfinished-imports",
] as const;
export type ReviewedCrossCounty = (typeof REVIEWED_CROSS_COUNTY)[number];

/** A value that can be bound to `$n`. Objects are bound as JSON text; times as ISO 8601 text. */
export type Param = string | number | boolean | null | Uint8Array | readonly (string | number | boolean | null)[];

export interface Transaction {
  /** Under which scope it runs: which columns a statement may name (`policy/seat-columns.ts`). */
  readonly scope: Scope;
  /**
   * Rows of a SELECT or of `… RETURNING` (as `WITH q AS (…) SELECT …`), built as one JSON text by the database, so
   * that both forms give equal values: times as ISO 8601 text in UTC, bigint and numeric as numbers, bytea as `\\x…`
   * text (use `bytes` for those). A data-changing statement may stand alone with RETURNING or follow a WITH.
   *
   * @param found `byKey` for a read whose rows are found by their keys whatever the values are: its plan is kept
   */
  rows<Row>(sql: string, params?: readonly Param[], found?: "byKey"): Promise<Row[]>;
  /** One text or bytea value of one row, as bytes; undefined when it is null or there is no row. */
  bytes(sql: string, params?: readonly Param[]): Promise<Uint8Array | undefined>;
  /** A statement without result; returns the number of rows it touched. */
  execute(sql: string, params?: readonly Param[]): Promise<number>;
  /**
   * Bulk load by COPY in text format. Values are encoded by `encodeCopyValue`; geometry columns take EWKT or hex EWKB text.
   *
   * @returns the number of rows copied
   */
  copyIn(
    table: string,
    columns: readonly string[],
    rows: Iterable<readonly CopyValue[]> | AsyncIterable<readonly CopyValue[]>,
  ): Promise<number>;
  /**
   * Streams the rows of a SELECT by COPY in binary format, chunk by chunk as they come. Absent in the embedded form, where
   * COPY TO needs a superuser: there bulk reads take packed columns (`bytes`) chunk by chunk.
   *
   * @param params bound by the driver as literals, since COPY takes none
   * @param onChunk called with consecutive pieces of the stream; they may be cut anywhere and must not be kept
   */
  readonly copyOut?: (sql: string, params: readonly Param[], onChunk: (bytes: Buffer) => void) => Promise<void>;
  /**
   * The key that audit rows are signed with.
   *
   * @throws BUG when the database was opened without one
   */
  auditKey(): AuditKey;
}

/** A value of a COPY row; objects become JSON text. */
export type CopyValue = string | number | boolean | null;

/** A statement that was sent: its text as the repository wrote it (rows wrapped), its scope and how long it took. */
export interface StatementEvent {
  readonly sql: string;
  readonly scope: Scope;
  readonly ms: number;
}

/** What `adminSession` gives: statements as they are, several in one text allowed. */
export interface AdminClient {
  query(sql: string, params?: readonly Param[]): Promise<{ readonly rows: Record<string, unknown>[] }>;
  /**
   * Rows of a SELECT by COPY in text format, in pieces that may be cut anywhere. It takes no parameters. The embedded form
   * holds the whole answer in memory: ask for some megabytes at a time.
   */
  copyTo(select: string): AsyncIterable<Uint8Array>;
  /**
   * Rows into a table by COPY in text format.
   *
   * @param pieces each ends with the end of a row, some megabytes at most
   */
  copyFrom(
    table: string,
    columns: readonly string[],
    pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  ): Promise<void>;
}

export interface Database {
  readonly form: "native" | "embedded";
  /** What the audit log is signed and sealed with; always there on a database of `openDatabase`. */
  readonly audit: AuditKeeper | undefined;
  /** True while nothing is written: the data is being moved to another database, or was. */
  readonly writesHeld?: boolean;
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. */
  transaction<T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Text of the first column of one reading statement's first row, in a transaction of its own that takes one way to the
   * database and back; undefined for null and no row. The statement is prepared: only those whose number is small.
   */
  readText(scope: Scope, sql: string, params: readonly Param[]): Promise<string | undefined>;
  /** Calls back for each NOTIFY on a channel, until the returned function is called. NOTIFY only wakes. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /**
   * An owner's session of its own, outside a transaction, for migrations and backups; the embedded form serves nobody else
   * meanwhile.
   */
  adminSession<T>(work: (client: AdminClient) => Promise<T>): Promise<T>;
  /** Facts for `doctor` and `/readyz`: versions, durability promise, where the data lies. */
  describe(): Promise<DatabaseFacts>;
  /**
   * Told of every statement of a transaction once it is answered: for the test that lints captured SQL and for the log
   * of slow queries. `undefined` switches it off.
   */
  onStatement?: ((event: StatementEvent) => void) | undefined;
  close(): Promise<void>;
}

export interface DatabaseFacts {
  readonly form: "native" | "embedded";
  readonly postgres: string;
  readonly postgis: string;
  readonly location: string;
  /** What survives, one English sentence: said in README and by `doctor`. */
  readonly durability: string;
  /** The same as a key of the interface's texts, for Chinese and English. */
  readonly durabilityKey: string;
  /** True when a confirmed write survives a power loss, not only the end of a process. */
  readonly survivesPowerLoss: boolean;
}
