import { beforeAll, expect, it } from "vitest";
import { AppError } from "../../data/model/errors.ts";
import type { CopyValue, Database, Scope, StatementEvent } from "../../db/driver.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

const COUNTY = "990001";
const loader: Scope = { kind: "loader", county: COUNTY };
const reference: Scope = { kind: "reference" };

const caught = async (promise: Promise<unknown>): Promise<AppError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

const gate = (): { readonly passed: Promise<void>; pass(): void } => {
  let pass: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  return { passed, pass: () => pass() };
};

describeOnBothDatabases("driver", (open) => {
  let database: Database;
  const count = async (where = "true"): Promise<number> => {
    const rows = await database.transaction(loader, (tx) =>
      tx.rows<{ n: number }>(`SELECT count(*) AS n FROM driver_probe WHERE ${where}`),
    );
    return rows[0]?.n ?? -1;
  };

  beforeAll(async () => {
    database = (await open()).database;
    await database.transaction(loader, (tx) =>
      tx.execute("CREATE TABLE driver_probe (id integer PRIMARY KEY, note text, amount double precision)"),
    );
  });

  it("gives equal values for every type", async () => {
    const [row] = await database.transaction(reference, (tx) =>
      tx.rows(
        `SELECT '2026-01-15T08:00:00.123+08:00'::timestamptz AS at, 9007199254740991::bigint AS big, 1.5::numeric AS num,
           0.1::float8 AS dbl, true AS yes, NULL::text AS none, '{"k": [1, null]}'::jsonb AS doc, '经纬"''\\'::text AS word,
           ARRAY['a', NULL, 'b,c'] AS list, '2026-01-15'::date AS day, '\\x00ff'::bytea AS raw`,
      ),
    );
    expect(row).toEqual({
      at: "2026-01-15T00:00:00.123+00:00",
      big: 9007199254740991,
      num: 1.5,
      dbl: 0.1,
      yes: true,
      none: null,
      doc: { k: [1, null] },
      word: "经纬\"'\\",
      list: ["a", null, "b,c"],
      day: "2026-01-15",
      raw: "\\x00ff",
    });
  });

  it("binds every kind of parameter", async () => {
    const nasty = 'NULL, "\\ {} \t\n 网格 \u{1f4cd}';
    const [row] = await database.transaction(reference, (tx) =>
      tx.rows(
        `SELECT $1::text AS word, $2::int AS n, $3::boolean AS yes, $4::text AS none, $5::text[] AS words, $6::int[] AS ns,
           encode($7::bytea, 'hex') AS raw, $8::timestamptz AS at, $9::jsonb AS doc`,
        [
          nasty,
          42,
          false,
          null,
          [nasty, null, "", "null"],
          [1, 2],
          new Uint8Array([0, 92, 255]),
          "2026-01-15T00:00:00+08:00",
          JSON.stringify({ a: nasty }),
        ],
      ),
    );
    expect(row).toEqual({
      word: nasty,
      n: 42,
      yes: false,
      none: null,
      words: [nasty, null, "", "null"],
      ns: [1, 2],
      raw: "005cff",
      at: "2026-01-14T16:00:00+00:00",
      doc: { a: nasty },
    });
  });

  it("keeps the order of rows and reads WITH, RETURNING and trailing comments", async () => {
    await database.transaction(loader, async (tx) => {
      const inserted = await tx.rows(
        "INSERT INTO driver_probe (id, note) VALUES (102, 'b'), (101, 'a') RETURNING id, note;",
      );
      expect(inserted).toEqual([
        { id: 102, note: "b" },
        { id: 101, note: "a" },
      ]);
      const moved = await tx.rows(
        `WITH gone AS (DELETE FROM driver_probe WHERE id = 102 RETURNING id)
         SELECT id FROM gone -- what went`,
      );
      expect(moved).toEqual([{ id: 102 }]);
      const changed = await tx.rows(
        "WITH src AS (SELECT 101 AS id) UPDATE driver_probe p SET note = 'c' FROM src WHERE p.id = src.id RETURNING p.note",
      );
      expect(changed).toEqual([{ note: "c" }]);
      expect(await tx.rows("SELECT n FROM generate_series(1, 5) n ORDER BY n DESC")).toEqual(
        [5, 4, 3, 2, 1].map((n) => ({ n })),
      );
      expect(await tx.execute("DELETE FROM driver_probe WHERE id = $1", [101])).toBe(1);
      expect(await tx.rows("SELECT id FROM driver_probe WHERE id = 101")).toEqual([]);
    });
  });

  it("gives one text or bytea value as bytes", async () => {
    await database.transaction(reference, async (tx) => {
      const big = await tx.bytes("SELECT repeat('网', 500000)");
      expect(big?.length).toBe(1_500_000);
      expect(await tx.bytes("SELECT $1::bytea", [new Uint8Array([1, 0, 200])])).toEqual(new Uint8Array([1, 0, 200]));
      expect(await tx.bytes("SELECT NULL::bytea")).toBeUndefined();
      expect(await tx.bytes("SELECT 'x' WHERE false")).toBeUndefined();
    });
  });

  it("copies nasty text in, from lists and from streams", async () => {
    const notes = [
      "plain",
      "tab\there",
      "line\nbreak\r\n",
      "back\\slash \\N \\.",
      "经纬 \u{1f4cd}",
      "",
      null,
      "\v\f\b",
    ];
    const rows: CopyValue[][] = notes.map((note, i) => [i + 1, note, i / 3]);
    await database.transaction(loader, async (tx) => {
      expect(await tx.copyIn("driver_probe", ["id", "note", "amount"], rows)).toBe(rows.length);
      const back = await tx.rows<{ note: string | null; amount: number }>(
        "SELECT note, amount FROM driver_probe WHERE id <= 8 ORDER BY id",
      );
      expect(back).toEqual(notes.map((note, i) => ({ note, amount: i / 3 })));
      async function* many(): AsyncGenerator<CopyValue[]> {
        for (let i = 0; i < 60_000; i++) yield [1000 + i, "x".repeat(100), null];
      }
      expect(await tx.copyIn("driver_probe", ["id", "note", "amount"], many())).toBe(60_000);
      expect(await tx.execute("DELETE FROM driver_probe WHERE id < 100 OR id >= 1000")).toBe(60_008);
    });
  });

  it("refuses COPY outside the loader scope", async () => {
    const error = await caught(database.transaction(reference, (tx) => tx.copyIn("driver_probe", ["id"], [[1]])));
    expect(error.kind).toBe("BUG");
    expect(error.message).toContain("loader");
  });

  it("rolls a failed COPY back, whether the rows or their source fail", async () => {
    const twice = await caught(
      database.transaction(loader, (tx) =>
        tx.copyIn(
          "driver_probe",
          ["id", "note"],
          [
            [1, "a"],
            [1, "b"],
          ],
        ),
      ),
    );
    expect(twice.code).toBe("CONFLICT");
    function* broken(): Generator<CopyValue[]> {
      yield [2, "a"];
      throw new Error("the file ended");
    }
    const source = await caught(
      database.transaction(loader, (tx) => tx.copyIn("driver_probe", ["id", "note"], broken())),
    );
    expect(source.message).toContain("the file ended");
    expect(await count()).toBe(0);
  });

  it("rolls back when the work throws, and the next transaction works", async () => {
    const error = await caught(
      database.transaction(loader, async (tx) => {
        await tx.execute("INSERT INTO driver_probe (id) VALUES (1)");
        throw new AppError("USER", "changed my mind");
      }),
    );
    expect(error.message).toBe("changed my mind");
    expect(await count()).toBe(0);
  });

  it("does not report success when a statement failed and the work went on", async () => {
    const error = await caught(
      database.transaction(loader, async (tx) => {
        await tx.execute("INSERT INTO driver_probe (id) VALUES (1)");
        await tx.execute("INSERT INTO driver_probe (id) VALUES (1)").catch(() => undefined);
        return "done";
      }),
    );
    expect(error.code).toBe("CONFLICT");
    expect(await count()).toBe(0);
  });

  it("says whose fault an error is", async () => {
    const run = (sql: string) => caught(database.transaction(loader, (tx) => tx.execute(sql)));
    expect(await run("SELECT 1 / 0")).toMatchObject({ kind: "DATA", code: "BAD_USER_INPUT" });
    expect(await run("SELECT 'x'::timestamptz")).toMatchObject({ kind: "DATA" });
    expect(await run("INSERT INTO driver_probe (id) VALUES (NULL)")).toMatchObject({
      kind: "DATA",
      at: "driver_probe.id",
    });
    const bug = await run("SELECT nothing FROM nowhere");
    expect(bug).toMatchObject({ kind: "BUG", code: "INTERNAL" });
    expect(bug.at).toContain("nowhere");
    const zero = await caught(database.transaction(loader, (tx) => tx.rows("SELECT $1::text AS t", ["a\0b"])));
    // A text with a NUL was sent by somebody: it is refused, not looked for.
    expect(zero).toMatchObject({ kind: "USER", code: "BAD_USER_INPUT" });
  });

  it("keeps a statement of B out of A's transaction", async () => {
    const aHasInserted = gate();
    const bIsWaiting = gate();
    const a = database
      .transaction(loader, async (tx) => {
        await tx.execute("INSERT INTO driver_probe (id, note) VALUES (1, 'A')");
        aHasInserted.pass();
        await bIsWaiting.passed;
        await tx.rows("SELECT 1 AS one");
        throw new AppError("USER", "A gives up");
      })
      .catch(() => undefined);
    await aHasInserted.passed;
    const b = database.transaction(loader, (tx) => tx.execute("INSERT INTO driver_probe (id, note) VALUES (2, 'B')"));
    bIsWaiting.pass();
    await Promise.all([a, b]);
    expect(await count("note = 'A'")).toBe(0);
    expect(await count("note = 'B'")).toBe(1);
    await database.transaction(loader, (tx) => tx.execute("DELETE FROM driver_probe"));
  });

  it("serves many transactions at once, each with its own result", async () => {
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        database.transaction(reference, async (tx) => (await tx.rows<{ n: number }>("SELECT $1::int AS n", [i]))[0]?.n),
      ),
    );
    expect(results).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it("refuses a transaction inside another one instead of waiting for ever", async () => {
    const error = await caught(
      database.transaction(loader, () => database.transaction(reference, (tx) => tx.rows("SELECT 1 AS one"))),
    );
    expect(error.kind).toBe("BUG");
    expect(error.message).toContain("inside another");
  });

  it("refuses a statement after the end of its transaction", async () => {
    let kept: { rows(sql: string): Promise<unknown> } | undefined;
    await database.transaction(reference, async (tx) => {
      kept = tx;
    });
    expect((await caught(kept?.rows("SELECT 1 AS one") ?? Promise.resolve())).message).toContain(
      "after its transaction",
    );
  });

  it("wakes listeners, and only after the commit", async () => {
    const heard: string[] = [];
    const first = gate();
    const stop = await database.listen("driver_probe_channel", (payload) => {
      heard.push(payload);
      first.pass();
    });
    await caught(
      database.transaction(loader, async (tx) => {
        await tx.execute("SELECT pg_notify('driver_probe_channel', 'lost')");
        throw new AppError("USER", "no");
      }),
    );
    await database.transaction(loader, (tx) => tx.execute("SELECT pg_notify('driver_probe_channel', '一')"));
    await first.passed;
    await stop();
    await database.transaction(loader, (tx) => tx.execute("SELECT pg_notify('driver_probe_channel', 'late')"));
    expect(heard).toEqual(["一"]);
  });

  it("reports every statement with its scope and time", async () => {
    const events: StatementEvent[] = [];
    database.onStatement = (event) => events.push(event);
    await database.transaction(reference, (tx) => tx.rows("SELECT 7 AS seven"));
    database.onStatement = undefined;
    await database.transaction(reference, (tx) => tx.rows("SELECT 8 AS eight"));
    expect(events).toHaveLength(1);
    expect(events[0]?.sql).toContain("SELECT 7 AS seven");
    expect(events[0]?.scope).toEqual(reference);
    expect(events[0]?.ms).toBeGreaterThanOrEqual(0);
  });

  it("runs in UTC, without jit, and says what it is", async () => {
    const [row] = await database.transaction(reference, (tx) =>
      tx.rows("SELECT current_setting('TimeZone') AS zone, current_setting('jit') AS jit"),
    );
    expect(row).toEqual({ zone: "UTC", jit: "off" });
    const facts = await database.describe();
    expect(facts.form).toBe(database.form);
    expect(Number.parseInt(facts.postgres, 10)).toBeGreaterThanOrEqual(15);
    expect(Number.parseFloat(facts.postgis)).toBeGreaterThanOrEqual(3.3);
    expect(facts.durability).toMatch(/power loss/);
  });
});
