import { beforeAll, expect, it } from "vitest";
import type { Database, Scope } from "../../db/driver.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

const reference: Scope = { kind: "reference" };
const loader: Scope = { kind: "loader", county: "990001" };

describeOnBothDatabases("statements whose plans are kept", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = (await open()).database;
    await database.adminSession((client) =>
      client.query("CREATE TABLE kept_probe (id integer PRIMARY KEY, note text)"),
    );
  });
  const read = async (sql: string, value: number): Promise<number | undefined> => {
    const rows = await database.transaction(reference, (tx) => tx.rows<{ n: number }>(sql, [value], "byKey"));
    return rows[0]?.n;
  };
  const notes = () =>
    database.transaction(loader, (tx) => tx.rows("SELECT p.id, p.note FROM kept_probe p ORDER BY p.id"));

  it("run again after they failed, after others took their room, and after definitions changed", async () => {
    const divide = "SELECT 10 / $1::int AS n";
    expect(await read(divide, 2)).toBe(5);
    await expect(read(divide, 0)).rejects.toThrow(/zero/);
    expect(await read(divide, 5)).toBe(2);
    // The first use may fail, too.
    await expect(read("SELECT 20 / $1::int AS n", 0)).rejects.toThrow(/zero/);
    expect(await read("SELECT 20 / $1::int AS n", 5)).toBe(4);
    for (let n = 0; n < 260; n++) expect(await read(`SELECT $1::int + ${n} AS n`, 1)).toBe(n + 1);
    expect(await read(divide, 1)).toBe(10);
    await database.adminSession((client) => client.query("ALTER TABLE kept_probe ADD COLUMN more integer"));
    expect(await read(divide, 10)).toBe(1);
  });

  it("run in the order in which they were sent together, all or none", async () => {
    const insert = (id: number) => ["INSERT INTO kept_probe (id, note) VALUES ($1, 'new')", [id]] as const;
    const [, touched, seen] = await database.transaction(loader, (tx) =>
      Promise.all([
        tx.execute(...insert(1)),
        tx.execute("UPDATE kept_probe SET note = 'changed' WHERE id = $1", [1]),
        tx.rows("SELECT p.note FROM kept_probe p WHERE p.id = $1", [1]),
      ]),
    );
    expect([touched, seen]).toEqual([1, [{ note: "changed" }]]);
    const failing = database.transaction(loader, (tx) =>
      Promise.all([tx.execute(...insert(2)), tx.execute(...insert(1)), tx.execute(...insert(3))]),
    );
    // The first failure, not that of what came after it.
    await expect(failing).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await notes()).toEqual([{ id: 1, note: "changed" }]);
  });

  it("do not run where the scope of their transaction could not be entered", async () => {
    const nobody = { kind: "viewer", county: "990001", role: "nobody", area: "990001", account: null, visitor: false };
    const write = database.transaction(nobody as unknown as Scope, (tx) =>
      tx.execute("INSERT INTO kept_probe (id, note) VALUES (9, 'outside')"),
    );
    await expect(write).rejects.toThrow(/jingwei_nobody/);
    // Work that asks nothing is told, too.
    await expect(database.transaction(nobody as unknown as Scope, async () => 1)).rejects.toThrow(/jingwei_nobody/);
    expect(await notes()).toEqual([{ id: 1, note: "changed" }]);
    expect(await read("SELECT $1::int AS n", 7)).toBe(7);
  });
});
