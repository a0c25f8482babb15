import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../db/open-database.ts";
import { startChild, type TestChild } from "../helpers/child.ts";
import { TEST_CACHE_DIR } from "../helpers/database.ts";

const ROUNDS = 3;
const PER_ROUND = 1_000_000;

describe("kill -9 while rows are written (embedded)", () => {
  let dir = "";
  let child: TestChild | undefined;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "jingwei-kill-"));
  });
  afterEach(async () => {
    await child?.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  it("loses nothing that was confirmed, and keeps no half transaction", async () => {
    const confirmed: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const first = round * PER_ROUND;
      child = startChild("write-and-acknowledge.ts", [dir, TEST_CACHE_DIR, String(first)]);
      await child.line(`acknowledged ${first + 1}`);
      // Other moments in each round: in the middle of a statement, a commit, a flush.
      await delay(150 + round * 137);
      await child.kill();
      for (const line of child.lines) {
        const last = /^acknowledged (\d+)$/.exec(line)?.[1];
        if (last !== undefined) confirmed.push(Number(last) - 1, Number(last));
      }
      const { database, fresh } = await openDatabase({ dir, cacheDir: TEST_CACHE_DIR });
      expect(fresh).toBe(false);
      const { rows, halves } = await database.transaction({ kind: "loader", county: "990001" }, async (tx) => ({
        rows: await tx.rows<{ n: number }>("SELECT n FROM kill_probe ORDER BY n"),
        halves: await tx.rows(
          "SELECT n FROM kill_probe a WHERE NOT EXISTS (SELECT FROM kill_probe b WHERE b.n = a.pair AND b.pair = a.n)",
        ),
      }));
      await database.close();
      const kept = new Set(rows.map(({ n }) => n));
      expect(confirmed.filter((n) => !kept.has(n))).toEqual([]);
      expect(halves).toEqual([]);
    }
    expect(confirmed.length).toBeGreaterThan(ROUNDS * 10);
  }, 300_000);
});
