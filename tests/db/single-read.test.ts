import { beforeAll, expect, it } from "vitest";
import type { Database, Scope } from "../../db/driver.ts";
import { describeOnBothDatabases } from "../helpers/database.ts";

const system: Scope = { kind: "county", county: "990100" };
const seat = (role: "leader" | "dispatcher"): Scope => ({
  kind: "viewer",
  county: "990100",
  role,
  area: "990100001",
  account: null,
  visitor: false,
});

describeOnBothDatabases("a single read", (open) => {
  let database: Database;
  beforeAll(async () => {
    ({ database } = await open());
  });

  it("gives the first column of the first row as text, nothing for null and no row", async () => {
    expect(await database.readText(system, "SELECT $1::text || '·' || current_setting('app.county')", ["é"])).toBe(
      "é·990100",
    );
    expect(await database.readText(system, "SELECT NULL::text", [])).toBeUndefined();
    expect(await database.readText(system, "SELECT 'x' WHERE false", [])).toBeUndefined();
    expect(await database.readText(system, "SELECT v FROM (VALUES ('a'), ('b')) t(v)", [])).toBe("a");
  });

  it("runs as its scope, also where other roles ran the same statement on the same connection", async () => {
    const sql = "SELECT current_user || ' ' || coalesce(current_setting('app.scope_from', true), '')";
    const asked = ["leader", "dispatcher", "leader"] as const;
    for (let round = 0; round < 8; round++)
      for (const role of asked) expect(await database.readText(seat(role), sql, [])).toBe(`jingwei_${role} 990100001`);
    // Nothing of a scope is left behind on the connection.
    expect(await database.readText({ kind: "auth" }, sql, [])).toBe("jingwei_auth ");
  });

  it("tells what the database refuses, and answers afterwards", async () => {
    await expect(database.readText(seat("leader"), "SELECT secret FROM nowhere", [])).rejects.toThrow();
    await expect(database.readText(seat("leader"), "SELECT (1 / $1::int)::text", [0])).rejects.toThrow(
      /division by zero/,
    );
    expect(await database.readText(seat("leader"), "SELECT (1 / $1::int)::text", [1])).toBe("1");
    await expect(database.readText(seat("leader"), "SELECT secret_hash FROM api_token", [])).rejects.toThrow();
    const many = Array.from({ length: 40 }, (_, i) => database.readText(system, "SELECT $1::text", [i]));
    expect(await Promise.all(many)).toEqual(Array.from({ length: 40 }, (_, i) => String(i)));
  });
});
