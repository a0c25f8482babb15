import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireDataLock } from "../../db/embedded/data-lock.ts";
import { startChild, type TestChild } from "../helpers/child.ts";

describe("lock of a data folder", () => {
  let dir = "";
  let file = "";
  const children: TestChild[] = [];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "jingwei-lock-"));
    file = join(dir, "pgdata.lock");
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    rmSync(dir, { recursive: true, force: true });
  });
  const holder = (startAt = 0): TestChild => {
    const child = startChild("lock-holder.ts", [file, String(startAt)]);
    children.push(child);
    return child;
  };
  const take = (): (() => void) => acquireDataLock(file, "The test folder");
  const owner = (): { pid: number; token: string } => JSON.parse(readFileSync(file, "utf8"));

  it("is held once, and free again afterwards", () => {
    const free = take();
    expect(take).toThrow(/in use by process/);
    free();
    expect(readdirSync(dir)).toEqual([]);
    take()();
  });

  it("names the living process that holds it and says what to do", async () => {
    const child = holder();
    await child.line("held");
    expect(take).toThrow(expect.objectContaining({ code: "CONFLICT", at: file }));
    expect(take).toThrow(`The test folder is in use by process ${child.process.pid}`);
  });

  it("is taken over after kill -9", async () => {
    const child = holder();
    await child.line("held");
    await child.kill();
    const free = take();
    expect(owner().pid).toBe(process.pid);
    expect(readdirSync(dir)).toEqual(["pgdata.lock"]);
    free();
  });

  it("is taken over when another process has the number now", () => {
    // Process 1 lives, but it started at another time than the one that wrote the lock.
    const stale = { pid: 1, host: hostname(), started: "another-boot/1", token: "t0" };
    writeFileSync(file, JSON.stringify(stale));
    const free = take();
    expect(owner().pid).toBe(process.pid);
    free();
  });

  it("is not taken from another host, whose processes cannot be seen", () => {
    writeFileSync(file, JSON.stringify({ pid: 1, host: "elsewhere", started: "x/1", token: "t0" }));
    expect(take).toThrow(/on host elsewhere/);
  });

  it("is not taken when the file cannot be read as a lock", () => {
    writeFileSync(file, "half a lo");
    expect(take).toThrow(expect.objectContaining({ at: file, hint: expect.stringContaining("delete") }));
  });

  it("goes on from a takeover that was cut off", () => {
    const dead = { host: hostname(), started: "another-boot/1" };
    writeFileSync(file, JSON.stringify({ ...dead, pid: 1, token: "t0" }));
    writeFileSync(`${file}.after-t0`, JSON.stringify({ ...dead, pid: 1, token: "t1" }));
    const free = take();
    expect(readdirSync(dir)).toEqual(["pgdata.lock"]);
    free();
  });

  it("goes to exactly one of six processes that find it stale at the same time", async () => {
    for (let round = 0; round < 3; round++) {
      writeFileSync(file, JSON.stringify({ pid: 1, host: hostname(), started: "another-boot/1", token: `t${round}` }));
      const startAt = Date.now() + 2500;
      const six = Array.from({ length: 6 }, () => holder(startAt));
      const answers = await Promise.all(six.map((child) => Promise.race([child.line("held"), child.line("refused")])));
      expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
      const winner = six[answers.indexOf("held")];
      expect(owner().pid).toBe(winner?.process.pid);
      for (const child of six) await child.kill();
    }
  });
});
