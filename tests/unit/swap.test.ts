import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { beginSwap, commitSwap, finishSwap } from "../../db/embedded/swap.ts";

describe("a restored data folder takes the place of the old one", () => {
  let dir = "";
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "jingwei-swap-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const put = (name: string, text: string): void => {
    mkdirSync(join(dir, name), { recursive: true });
    writeFileSync(join(dir, name, "PG_VERSION"), text);
  };
  const current = (): string => readFileSync(join(dir, "pgdata", "PG_VERSION"), "utf8");

  it("one that is not complete counts for nothing", () => {
    put("pgdata", "old");
    put("pgdata.restoring", "half");
    finishSwap(dir);
    expect([current(), readdirSync(dir)]).toEqual(["old", ["pgdata"]]);
    expect(existsSync(beginSwap(dir))).toBe(false);
  });

  it("one that is complete counts, wherever the process was ended", () => {
    // Ended before the old one was removed, while it was being removed, and after it.
    const states: (() => void)[] = [() => put("pgdata", "old"), () => mkdirSync(join(dir, "pgdata")), () => undefined];
    for (const state of states) {
      rmSync(join(dir, "pgdata"), { recursive: true, force: true });
      state();
      put("pgdata.restored", "new");
      writeFileSync(join(dir, "pgdata.creating"), "");
      finishSwap(dir);
      expect([current(), readdirSync(dir)]).toEqual(["new", ["pgdata"]]);
    }
  });

  it("from beginning to end", () => {
    put("pgdata", "old");
    beginSwap(dir);
    put("pgdata.restoring", "new");
    commitSwap(dir);
    expect([current(), readdirSync(dir)]).toEqual(["new", ["pgdata"]]);
    finishSwap(dir);
    expect(current()).toBe("new");
  });
});
