import type pg from "pg";

/** Statements that a connection keeps parsed, at most; further ones are parsed each time. */
const MAX_NAMED = 256;
/** Names by text, then by the role that plans it: a long text is hashed once, as long as it is the same string. */
const names = new Map<string, Map<string, string>>();
let named = 0;
const parsedOn = new WeakMap<pg.Connection, Set<string>>();

/** Name of a prepared statement; empty (the unnamed one) once there are too many. */
function nameOf(text: string, role: string): string {
  const byRole = names.get(text) ?? new Map<string, string>();
  const known = byRole.get(role);
  if (known !== undefined || named >= MAX_NAMED) return known ?? "";
  const name = `jw_${named++}`;
  byRole.set(role, name);
  names.set(text, byRole);
  return name;
}

interface Part {
  readonly name: string;
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** What `pg`'s connection is sent; its own types ask for a second argument that it no longer takes. */
interface Wire {
  parse(query: { readonly name: string; readonly text: string }): void;
  bind(config: { readonly statement: string; readonly values: readonly (string | null)[] }): void;
  execute(config: object): void;
  sync(): void;
}

/**
 * A transaction of one reading statement, sent as a whole and answered as a whole: one way to the server and back where
 * a transaction of its own statements takes three. Each is a statement of its own under one Sync, so that an error
 * skips all that follows it, COMMIT too.
 *
 * Statements are prepared once a connection, by the role that they run as: PostgreSQL plans a statement anew for every
 * other role that row-level security concerns.
 */
export class SingleRead implements pg.Submittable {
  readonly #parts: readonly Part[];
  readonly #main: number;
  readonly #settle: { resolve: (value: string | undefined) => void; reject: (error: Error) => void };
  #fresh: string[] = [];
  #connection: pg.Connection | undefined;
  #completed = 0;
  #value: string | undefined;

  /**
   * @param opening statements from BEGIN to the last SET LOCAL
   * @param role what the statement runs as, for the name of its plan
   * @param settle told the first column of the first row as text, or undefined for null and no row
   */
  constructor(
    opening: readonly string[],
    role: string,
    sql: string,
    values: readonly (string | null)[],
    settle: { resolve: (value: string | undefined) => void; reject: (error: Error) => void },
  ) {
    this.#main = opening.length;
    this.#settle = settle;
    const part = (text: string): Part => ({ name: nameOf(text, ""), text, values: [] });
    this.#parts = [...opening.map(part), { name: nameOf(sql, role), text: sql, values }, part("COMMIT")];
  }

  submit(connection: pg.Connection): void {
    this.#connection = connection;
    const wire = connection as unknown as Wire;
    const parsed = parsedOn.get(connection) ?? new Set<string>();
    parsedOn.set(connection, parsed);
    // One packet: otherwise each message may become one.
    connection.stream.cork();
    try {
      for (const { name, text, values } of this.#parts) {
        if (name === "" || !(parsed.has(name) || this.#fresh.includes(name))) {
          wire.parse({ name, text });
          if (name !== "") this.#fresh.push(name);
        }
        wire.bind({ statement: name, values });
        wire.execute({});
      }
      wire.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription(): void {}

  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void {
    if (this.#completed === this.#main) this.#value ??= message.fields[0] ?? undefined;
  }

  handleCommandComplete(): void {
    this.#completed++;
  }

  handleEmptyQuery(): void {
    this.#completed++;
  }

  /** After it nothing is known of what the connection has prepared: whoever sent this gives it up. */
  handleError(error: Error): void {
    this.#settle.reject(error);
  }

  handleReadyForQuery(): void {
    const parsed = this.#connection && parsedOn.get(this.#connection);
    for (const name of this.#fresh) parsed?.add(name);
    this.#fresh = [];
    this.#settle.resolve(this.#value);
  }
}
