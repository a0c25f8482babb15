import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix, relative, sep } from "node:path";
import { z } from "zod";
import type { Platform } from "./platform.ts";

const packageSchema = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().optional() })).optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
});
type LockedPackage = z.infer<typeof packageSchema>;
const MODULES = "node_modules";
const lockSchema = z.object({ packages: z.record(z.string(), packageSchema) });

/** The program's own folders that a server runs; the browser's sources stay behind, its build comes along. */
export const SERVER_FOLDERS: readonly string[] = ["api", "bin", "data", "db"];

/** Files of these folders that only a checkout runs: they stay behind. */
export const BUILD_FILES: readonly string[] = ["api/codegen.ts", "api/cli/client-build-process.mjs"];

/** Packages that only a build needs: an archive brings the built client, and the server's sources as JavaScript. */
const BUILD_ONLY = new Set(["tsx", "typescript", "vite"]);

/** A package that an archive brings. */
export interface ServerPackage {
  /** Its folder, such as `node_modules/pg`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of its file in a registry, as the lock file has it. */
  readonly integrity: string;
}

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Packages that the server's sources import, read from their text. */
function importedPackages(root: string): Set<string> {
  const found = new Set<string>();
  for (const folder of SERVER_FOLDERS)
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(ts|mjs)$/.test(entry.name)) continue;
      const file = join(entry.parentPath, entry.name);
      if (BUILD_FILES.includes(relative(root, file).split(sep).join("/"))) continue;
      const text = readFileSync(file, "utf8");
      for (const [, specifier = ""] of text.matchAll(
        /(?:\bfrom|\bimport|require\.resolve|import\.meta\.resolve)\s*\(?\s*["']([^"']+)["']/g,
      )) {
        const name = packageOf(specifier);
        if (/^[.#/]|^node:/.test(specifier) || builtinModules.includes(name) || BUILD_ONLY.has(name)) continue;
        found.add(name);
      }
    }
  return found;
}

function runsOn({ os, cpu, libc }: LockedPackage, platform: Platform): boolean {
  const fits = (list: readonly string[] | undefined, value: string): boolean =>
    list === undefined || (list.includes(value) && !list.includes(`!${value}`));
  return fits(os, platform.os) && fits(cpu, platform.cpu) && (platform.libc === undefined || fits(libc, platform.libc));
}

/** Where Node finds a package that one at `from` asks for: beside it, or in a folder above. */
function resolveLocked(
  packages: Readonly<Record<string, LockedPackage>>,
  from: string,
  name: string,
): string | undefined {
  for (let at = from; ; at = posix.dirname(at)) {
    if (posix.basename(at) === "node_modules") continue;
    const path = at === "" || at === "." ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (packages[path]) return path;
    if (at === "" || at === ".") return undefined;
  }
}

/**
 * Packages that the server needs on a platform: what it imports and all that these depend on, as the lock file has them.
 *
 * @returns sorted by folder
 */
export function serverPackages(root: string, platform: Platform): ServerPackage[] {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const own = packages[""]?.dependencies ?? {};
  const needed = new Set<string>();
  const visit = (from: string, name: string): void => {
    const path = resolveLocked(packages, from, name);
    const found = path === undefined ? undefined : packages[path];
    if (path === undefined || !found || needed.has(path) || !runsOn(found, platform)) return;
    needed.add(path);
    const peers = Object.keys(found.peerDependencies ?? {}).filter(
      (peer) => !found.peerDependenciesMeta?.[peer]?.optional,
    );
    for (const next of [
      ...Object.keys(found.dependencies ?? {}),
      ...Object.keys(found.optionalDependencies ?? {}),
      ...peers,
    ])
      visit(path, next);
  };
  for (const name of importedPackages(root)) {
    if (own[name] === undefined) continue;
    visit("", name);
  }
  return [...needed].sort().map((path) => {
    const { version = "", integrity = "" } = packages[path] ?? {};
    return { path, name: path.slice(path.lastIndexOf(`${MODULES}/`) + MODULES.length + 1), version, integrity };
  });
}
