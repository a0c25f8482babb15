import { type PGlite, protocol } from "@electric-sql/pglite";

const { serialize } = protocol;
type BackendMessage = Awaited<ReturnType<PGlite["execProtocolStream"]>>[number];

/** A statement with parameters in PostgreSQL's text form. */
export interface WireStatement {
  readonly sql: string;
  readonly params: readonly (string | null)[];
  /** Keep it parsed and planned under this name of a role; absent: parsed and planned for this time only. */
  readonly keptFor?: string | undefined;
}

/** First column of the first row, as text; the type's OID where it was asked for. */
export interface WireAnswer {
  readonly value: string | null | undefined;
  readonly type: number | undefined;
  readonly affected: number;
}

/** Statements that are kept parsed at most: each takes some ten kilobytes of the database's memory. */
const MOST_KEPT = 160;

/**
 * PostgreSQL's extended protocol to PGlite, a statement in one message. PGlite's own `query` sends six, asks for types that are
 * known to be text, and plans each time: a statement costs 1.3 ms there, 0.3 here, and 0.1 where it is kept.
 *
 * A kept statement is one role's: PostgreSQL plans it anew whenever another role uses it, since row-level security is in it.
 */
export class Wire {
  readonly #database: PGlite;
  /** Names by role and text, the latest used last. */
  readonly #kept = new Map<string, string>();
  #named = 0;

  constructor(database: PGlite) {
    this.#database = database;
  }

  /**
   * Runs one statement.
   *
   * @param typed whether the type of the first column is wanted
   * @throws PostgreSQL's own error
   */
  async run({ sql, params, keptFor }: WireStatement, typed = false): Promise<WireAnswer> {
    const key = keptFor === undefined ? undefined : `${keptFor}\n${sql}`;
    const known = key === undefined ? undefined : this.#kept.get(key);
    const name = known ?? (key === undefined ? "" : `jw_${this.#named++}`);
    const parts = known === undefined ? [...this.#room(key), serialize.parse({ name, text: sql })] : [];
    parts.push(serialize.bind({ statement: name, values: [...params] }));
    if (typed) parts.push(serialize.describe({ type: "P" }));
    parts.push(serialize.execute({}), serialize.sync());
    const messages = await this.#send(Buffer.concat(parts));
    // A statement that fails when it runs is parsed all the same, whatever becomes of the transaction.
    if (key !== undefined && (known !== undefined || messages.some((one) => one.name === "parseComplete"))) {
      this.#kept.delete(key);
      this.#kept.set(key, name);
    }
    return answerOf(messages);
  }

  /** Runs statements without parameters, in one text; stops at the first that fails. */
  async simple(sqls: readonly string[]): Promise<void> {
    answerOf(await this.#send(serialize.query(sqls.join("; "))));
  }

  /** Forgets what is kept: definitions may be others from now on. Also amid a transaction that has failed. */
  async forget(): Promise<void> {
    if (this.#kept.size === 0) return;
    // By messages: a statement that deallocates would be refused until the failed transaction is rolled back.
    const closing = [...this.#kept.values()].map((name) => serialize.close({ type: "S", name }));
    this.#kept.clear();
    answerOf(await this.#send(Buffer.concat([...closing, serialize.sync()])));
  }

  /** What makes room for one more: the one that was not used for longest goes. */
  #room(key: string | undefined): Uint8Array[] {
    const [oldest] = this.#kept;
    if (key === undefined || this.#kept.size < MOST_KEPT || oldest === undefined) return [];
    this.#kept.delete(oldest[0]);
    return [serialize.close({ type: "S", name: oldest[1] })];
  }

  /** Errors come as messages; notifications reach those who listen. */
  #send(message: Uint8Array): Promise<BackendMessage[]> {
    return this.#database.execProtocolStream(message, { syncToFs: false, throwOnError: false });
  }
}

const COUNTED = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY)\b.* (\d+)$/;

function answerOf(messages: readonly BackendMessage[]): WireAnswer {
  let value: string | null | undefined;
  let type: number | undefined;
  let affected = 0;
  for (const message of messages) {
    if (message instanceof protocol.messages.DatabaseError) throw message;
    if (message instanceof protocol.messages.RowDescriptionMessage) type = message.fields[0]?.dataTypeID;
    if (message instanceof protocol.messages.DataRowMessage && value === undefined) value = message.fields[0];
    if (message instanceof protocol.messages.CommandCompleteMessage)
      affected += Number(COUNTED.exec(message.text)?.[1] ?? 0);
  }
  return { value, type, affected };
}
