import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkProgram } from "../../api/health/program-check.ts";

const folder = mkdtempSync(join(tmpdir(), "jingwei-program-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = { "app/api/cli/main.js": "main", "app/db/migrations/0001_a.sql": "SELECT 1", "runtime/node": "node" };
const root = join(folder, "app");

function unpack(): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe("the program's files", () => {
  it("are not looked at in a checkout, which has no list", async () => {
    unpack();
    expect(await checkProgram(root)).toEqual([]);
  });

  it("are well as they were packed; a changed, a missing and a foreign one are named with what to do", async () => {
    const sums = Object.entries(FILES).map(
      ([path, text]) => `${createHash("sha256").update(text).digest("hex")}  ${path}\n`,
    );
    writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
    writeFileSync(join(folder, "release.json"), "{}");
    expect(await checkProgram(root)).toMatchObject([
      { id: "program", level: "ok", detail: { en: "3 files are as packed" } },
    ]);
    writeFileSync(join(folder, "app/db/migrations/0001_a.sql"), "SELECT 2");
    rmSync(join(folder, "runtime/node"));
    writeFileSync(join(folder, "app/db/migrations/0002_b.sql"), "DROP TABLE x");
    const [finding] = await checkProgram(root);
    expect(finding).toMatchObject({
      level: "fault",
      advice: { zh: expect.stringContaining("重新解包"), en: expect.stringContaining("Unpack") },
    });
    for (const path of ["app/db/migrations/0001_a.sql", "runtime/node", "app/db/migrations/0002_b.sql"])
      expect(finding?.detail.en).toContain(path);
    expect(finding?.detail.en).toMatch(/^3 files are not/);
  });
});
