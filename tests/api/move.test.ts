import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { moveLive } from "../../db/backup/move-live.ts";
import type { EmbeddedDatabase } from "../../db/driver-embedded.ts";
import { openDatabase } from "../../db/open-database.ts";
import { SMALL_CLASSES } from "../fixtures/small-classes.ts";
import { SMALL_COUNTY, SMALL_NOW, smallCounty } from "../fixtures/small-county.ts";
import { type TestApi, testApiOver } from "../helpers/api.ts";
import {
  createNativeDatabase,
  dropNativeDatabase,
  nativeMissing,
  nativeServer,
  openEmbeddedTestDatabase,
  type TestDatabase,
} from "../helpers/database.ts";
import { codeOf } from "../helpers/reports.ts";
import { viewerAs } from "../helpers/viewers.ts";

interface Move {
  readonly phase: string;
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly hash: string }[];
  readonly error: string | null;
  readonly settings: readonly string[] | null;
}
const FIELDS = "phase tables { name rows hash } error settings";
const ADMIN = viewerAs("admin", SMALL_COUNTY);

describe.skipIf(nativeMissing())("the move of a running server's data to a server", () => {
  const dir = mkdtempSync(join(tmpdir(), "jingwei-move-"));
  let test: TestDatabase;
  let api: TestApi;
  let server: string;
  let url: string;
  beforeAll(async () => {
    server = await nativeServer();
    url = await createNativeDatabase(server);
    test = await openEmbeddedTestDatabase();
    api = await testApiOver(test.database, {
      ...{ datasets: [smallCounty(5)], classes: SMALL_CLASSES, now: SMALL_NOW },
      environment: { JINGWEI_DIR: dir },
    });
  });
  afterAll(async () => {
    await api?.close();
    await test?.dispose();
    await dropNativeDatabase(server, url);
    rmSync(dir, { recursive: true, force: true });
  });

  const send = <T>(field: string, to?: string, viewer = ADMIN) => {
    const [kind, args] = to === undefined ? ["query", ""] : ["mutation", ", url: $url"];
    const variables = to === undefined ? "" : ", $url: String!";
    return api.graphql<Record<string, T>>(
      `${kind} ($county: String!${variables}) { it: ${field.replace("(", `(county: $county${args}`)} }`,
      { county: SMALL_COUNTY, ...(to === undefined ? {} : { url: to }) },
      viewer,
    );
  };
  const check = (to: string, viewer = ADMIN) =>
    send<{ target: string; cases: number }>("checkMove() { target postgis cases }", to, viewer);
  const progress = async (): Promise<Move | undefined> =>
    (await send<Move>(`databaseMove() { ${FIELDS} }`)).data?.["it"];
  const ended = async (): Promise<Move | undefined> => {
    for (;;) {
      const move = await progress();
      if (move?.phase !== "RUNNING") return move;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const write = () =>
    test.database.transaction({ kind: "loader", county: SMALL_COUNTY }, (tx) =>
      tx.execute("UPDATE county_profile SET name = name WHERE county = $1", [SMALL_COUNTY]),
    );

  it("is for whoever administers all that is there, and says what is in the way", async () => {
    for (const viewer of [viewerAs("leader", SMALL_COUNTY), viewerAs("admin", `${SMALL_COUNTY}001`)])
      expect(codeOf(await check(url, viewer))).toBe("FORBIDDEN");
    for (const [wrong, why] of [
      ["mysql://here/db", "no address"],
      ["postgres://nobody:secret@127.0.0.1:1/none", "Cannot connect"],
    ] as const) {
      const { errors } = await check(wrong);
      expect(errors?.[0]?.message).toContain(why);
      expect(errors?.[0]?.extensions?.["hint"]).toBeTruthy();
      expect(JSON.stringify(errors)).not.toContain("secret");
    }
    expect((await check(url)).data?.["it"]).toMatchObject({ cases: smallCounty(5).incidents.length });
    // Looked at only.
    expect((await check(url)).errors).toBeUndefined();
    expect((await progress())?.phase).toBe("NONE");
  });

  it("that fails changes nothing: writes are taken again", async () => {
    const database = test.database as EmbeddedDatabase;
    const nowhere = { dir, url: "postgres://nobody@127.0.0.1:1/none" };
    const lines: string[] = [];
    const failing = moveLive(database, {
      to: nowhere,
      product: "test",
      now: Date.parse(SMALL_NOW),
      onTable: (side, line) => lines.push(`${side} ${line}`),
    });
    await expect(failing).rejects.toThrow();
    expect(lines.some((line) => line.startsWith("from incident:"))).toBe(true);
    expect(database.writesHeld).toBe(false);
    expect(await write()).toBeGreaterThan(0);
  });

  it("compares every table, takes no write that the new place would lack, and says what to set", async () => {
    await send<Move>(`startMove() { phase }`, url);
    const move = await ended();
    expect(move).toMatchObject({ phase: "DONE", error: null });
    expect(move?.tables.find(({ name }) => name === "incident")?.rows).toBe(smallCounty(5).incidents.length);
    expect(move?.settings?.[0]).toMatch(/^DATABASE_URL=postgres:\/\//);
    await expect(write()).rejects.toMatchObject({ code: "CONFLICT", hint: expect.stringContaining("/admin/move") });
    expect(codeOf(await check(url))).toBe("CONFLICT");
    expect(codeOf(await send<Move>("startMove() { phase }", url))).toBe("CONFLICT");
    // Everybody still reads; the new place knows who moved it.
    expect((await api.graphql("{ counties { code } }", {}, ADMIN)).errors).toBeUndefined();
    const { database } = await openDatabase({ dir, url });
    try {
      const log = await database.adminSession((client) =>
        client.query("SELECT entity FROM audit_log WHERE action = 'database.move'"),
      );
      expect(log.rows).toHaveLength(1);
      expect(JSON.stringify(log.rows)).not.toContain(new URL(url).password || "no password");
    } finally {
      await database.close();
    }
  });
});
