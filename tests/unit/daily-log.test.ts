import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DailyLog, KEPT_DAYS } from "../../api/logs/daily-log.ts";

const DAY_MS = 86_400_000;
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "jingwei-logs-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = (): string[] => readdirSync(join(dir, "logs")).sort();
const text = (name: string): string => readFileSync(join(dir, "logs", name), "utf8");

describe("the server's log", () => {
  it("has one file a day and keeps each for more than six months, not for ever", () => {
    let now = Date.parse("2026-01-15T12:00:00Z");
    const log = new DailyLog(
      dir,
      () => now,
      () => undefined,
    );
    log.write("one\n");
    log.write("two\n");
    expect(text("jingwei-2026-01-15.log")).toBe("one\ntwo\n");
    now += 183 * DAY_MS;
    log.write("three\n");
    expect(files()).toEqual(["jingwei-2026-01-15.log", "jingwei-2026-07-17.log"]);
    writeFileSync(join(dir, "logs", "notes.txt"), "somebody's own");
    now += (KEPT_DAYS - 182) * DAY_MS;
    log.write("four\n");
    expect(files()).toEqual(["jingwei-2026-07-17.log", "jingwei-2026-08-04.log", "notes.txt"]);
  });

  it("goes on where it ended, and masks what names a resident, also on standard error", () => {
    const told: string[] = [];
    const now = () => Date.parse("2026-01-15T12:00:00Z");
    const line = `${JSON.stringify({ msg: "报告人 13812345678，身份证 140226198001011234" })}\n`;
    for (let start = 0; start < 2; start++) new DailyLog(dir, now, (one) => told.push(one)).write(line);
    const kept = text("jingwei-2026-01-15.log");
    expect(kept.split("\n")).toHaveLength(3);
    for (const secret of ["13812345678", "140226198001011234"]) {
      expect(kept).not.toContain(secret);
      expect(told.join("")).not.toContain(secret);
    }
  });

  it("leaves the rest of a day out when it is full, and says so once", () => {
    const now = () => Date.parse("2026-01-15T12:00:00Z");
    const log = new DailyLog(dir, now, () => undefined, 1_000);
    log.write(`${"x".repeat(20_000)}\n`.slice(0, 500));
    for (let n = 0; n < 40; n++) log.write(`${"y".repeat(99)}\n`);
    const kept = text("jingwei-2026-01-15.log");
    expect(kept.length).toBeLessThanOrEqual(1_100);
    expect(kept.match(/log is full/g)).toHaveLength(1);
  });

  it("that cannot be written says so once and stops nothing", () => {
    const told: string[] = [];
    const file = join(dir, "a-file");
    writeFileSync(file, "");
    const log = new DailyLog(file, Date.now, (line) => told.push(line));
    log.write("one\n");
    log.write("two\n");
    expect(told).toEqual(["one\n", expect.stringContaining("cannot be written"), "two\n"]);
  });
});
