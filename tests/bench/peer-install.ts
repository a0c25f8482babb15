import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PEERS = fileURLToPath(new URL("./peers/", import.meta.url));

/** Where peers are installed: the user's cache, so that the project's own `node_modules` never holds them. */
const cacheFolder = (): string => join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "jingwei-bench");

/**
 * Installs a peer's exact versions (`peers/<name>/package.json`) and its server outside the repository; once per content.
 *
 * @returns the folder with the peer's server, or why it is left out
 */
export function installPeer(name: string): { readonly folder: string } | { readonly missing: string } {
  const source = join(PEERS, name);
  const manifest = readFileSync(join(source, "package.json"));
  const folder = join(cacheFolder(), `${name}-${createHash("sha256").update(manifest).digest("hex").slice(0, 12)}`);
  const done = join(folder, "installed");
  mkdirSync(folder, { recursive: true });
  cpSync(source, folder, { recursive: true });
  if (existsSync(done)) return { folder };
  // Their own floor of Node is above ours; what runs is what the polyfill makes run.
  const result = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-save", "--engine-strict=false"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (result.status !== 0)
    return { missing: `npm could not install ${name} (no network?): ${result.stderr.trim().split("\n").at(-1) ?? ""}` };
  for (const spec of unpacked(manifest)) {
    const failure = unpack(spec, folder);
    if (failure) return { missing: `npm could not fetch ${spec} (no network?): ${failure}` };
  }
  writeFileSync(done, "");
  return { folder };
}

/** Packages that a peer's manifest wants without their dependencies. */
const unpacked = (manifest: Buffer): readonly string[] =>
  (JSON.parse(manifest.toString("utf8")) as { unpack?: string[] }).unpack ?? [];

/** Fetches a package and unpacks it into a folder of its name. @returns why it could not */
function unpack(spec: string, folder: string): string | undefined {
  const packed = spawnSync("npm", ["pack", spec, "--json"], { cwd: folder, encoding: "utf8" });
  if (packed.status !== 0) return packed.stderr.trim().split("\n").at(-1) ?? "";
  const [{ filename, name }] = JSON.parse(packed.stdout) as [{ filename: string; name: string }];
  const target = join(folder, name);
  mkdirSync(target, { recursive: true });
  const opened = spawnSync("tar", ["-xzf", filename, "-C", target, "--strip-components=1", "package/umd"], {
    cwd: folder,
    encoding: "utf8",
  });
  return opened.status === 0 ? undefined : opened.stderr;
}
