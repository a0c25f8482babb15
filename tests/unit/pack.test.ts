import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { main } from "../../api/cli/main.ts";
import { PLATFORMS } from "../../api/pack/platform.ts";
import { serverPackages } from "../../api/pack/server-packages.ts";
import { startScripts } from "../../api/pack/start-scripts.ts";
import { type TarEntry, tarBytes } from "../../api/pack/tar.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "jingwei-pack-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function archive(entries: readonly TarEntry[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of tarBytes(entries, 1_768_435_200)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("an archive", () => {
  it("is one that the system's tar unpacks: bytes, long paths, who may run it", async () => {
    const long = `${"deep-folder-name/".repeat(9)}a-file-with-a-name-of-its-own.txt`;
    const bytes = await archive([
      { path: "jw/run", bytes: Buffer.from("#!/bin/sh\n"), executable: true },
      { path: long, bytes: Buffer.alloc(513, 7), executable: false },
      { path: "jw/空", bytes: Buffer.alloc(0), executable: false },
    ]);
    expect(bytes.length % 512).toBe(0);
    writeFileSync(join(dir, "a.tar"), bytes);
    expect(spawnSync("tar", ["-xf", "a.tar"], { cwd: dir }).status).toBe(0);
    expect(readFileSync(join(dir, "jw/run"), "utf8")).toBe("#!/bin/sh\n");
    expect(statSync(join(dir, "jw/run")).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(dir, long))).toEqual(Buffer.alloc(513, 7));
    expect(statSync(join(dir, "jw/空")).size).toBe(0);
    await expect(archive([{ path: "x".repeat(101), bytes: Buffer.alloc(0), executable: false }])).rejects.toThrow(
      "too long",
    );
  });

  it("brings the packages that a server needs on its platform, not the browser's", () => {
    const [linux = [], arm = [], windows = []] = PLATFORMS.map((platform) => serverPackages(root, platform));
    for (const list of [linux, arm, windows]) {
      for (const name of ["fastify", "pg", "tsx", "graphql", "@electric-sql/pglite-postgis"])
        expect(list).toContain(`node_modules/${name}`);
      for (const name of ["react", "maplibre-gl", "vite", "vitest", "playwright-core", "typescript"])
        expect(list).not.toContain(`node_modules/${name}`);
    }
    const own = (list: readonly string[]): string[] => list.filter((path) => /@esbuild|argon2-/.test(path));
    expect(own(linux)).toEqual(["node_modules/@esbuild/linux-x64", "node_modules/@node-rs/argon2-linux-x64-gnu"]);
    expect(own(arm)).toEqual(["node_modules/@esbuild/linux-arm64", "node_modules/@node-rs/argon2-linux-arm64-gnu"]);
    expect(own(windows)).toEqual(["node_modules/@esbuild/win32-x64", "node_modules/@node-rs/argon2-win32-x64-msvc"]);
  });

  it("starts with its own Node and keeps the data beside itself", () => {
    for (const platform of PLATFORMS) {
      const [script] = startScripts(platform);
      expect(script?.text).toContain(platform.os === "win32" ? "runtime\\node.exe" : "/runtime/node");
      expect(script?.text).toContain("jingwei-data");
      expect(script?.text).not.toMatch(/npm|npx/);
    }
  });

  it("says what is missing for another platform", async () => {
    let said = "";
    const io = {
      out: () => undefined,
      err: (text: string) => {
        said += text;
      },
      env: {},
      now: () => 0,
      openDatabase: () => Promise.reject(new Error("not needed")),
    };
    const run = (...argv: string[]): Promise<number> => main(["pack", "-o", join(dir, "x.tar.gz"), ...argv], io);
    expect(await run("--platform", "amiga")).toBe(2);
    const other = process.arch === "arm64" ? "linux-x64" : "linux-arm64";
    expect(await run("--platform", other)).toBe(1);
    expect(said).toContain(`Node for ${other} is not here`);
  });
});
