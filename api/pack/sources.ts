import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { bugError, userError } from "../../data/model/errors.ts";
import { fitsPlatform, nativeKind } from "./native-files.ts";
import type { Platform } from "./platform.ts";
import { packedFiles, registryFile } from "./registry-file.ts";
import { BUILD_FILES, SERVER_FOLDERS, type ServerPackage, serverPackages } from "./server-packages.ts";
import { POSTGIS_BUNDLE } from "./shipped-database.ts";
import { startScripts } from "./start-scripts.ts";
import type { ArchiveEntry } from "./tar.ts";

/** What an archive is made of. */
export interface ArchiveParts {
  /** Root of the program, with a fresh `dist/client`. */
  readonly root: string;
  /** The server as JavaScript (`compileServer`). */
  readonly compiled: string;
  /** What it ships for the embedded database (`shipDatabase`). */
  readonly shipped: string;
  readonly platform: Platform;
  /** Node's program for that platform. */
  readonly node: Uint8Array;
  /** Folder with files of packages for other platforms; absent = they are fetched. */
  readonly packages?: string | undefined;
  /** Folder of fonts to bring along. */
  readonly fonts?: string | undefined;
}

/** What packages bring that no server reads. */
const IGNORED =
  /\.(map|md|markdown|flow|tsbuildinfo)$|\.d\.[cm]?ts$|(^|\/)(test|tests|__tests__|docs|example|examples|benchmark|\.husky)\//i;
/** Licences travel with what they cover. */
const LICENCE = /(^|\/)(licen[cs]e|notice|copying|authors)[^/]*$/i;
/** Of a package. Packages within it are listed by themselves. */
const keepOfPackage = (path: string): boolean =>
  !path.startsWith("node_modules/") && (LICENCE.test(path) || !IGNORED.test(path));

const slashes = (path: string): string => path.split(sep).join("/");

function* folderEntries(
  folder: string,
  to: string,
  keep: (path: string) => boolean = () => true,
): Generator<ArchiveEntry> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const from of files) {
    const path = slashes(relative(folder, from));
    if (keep(path))
      yield { path: `${to}/${path}`, bytes: readFileSync(from), executable: (statSync(from).mode & 0o100) !== 0 };
  }
}

/** A package from `node_modules`, or, where it is made for another platform, from its file. */
function* packageEntries(wanted: ServerPackage, root: string, packages: string | undefined): Generator<ArchiveEntry> {
  const { path, name, version, integrity } = wanted;
  const manifest = join(root, path, "package.json");
  if (!existsSync(manifest)) {
    for (const entry of packedFiles(registryFile(root, { name, version, integrity }, packages)))
      if (keepOfPackage(entry.path)) yield { ...entry, path: `app/${path}/${entry.path}` };
    return;
  }
  const installed = (JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version;
  if (installed !== version)
    throw userError(`${path} is of version ${installed ?? "none"}, the lock file asks for ${version}`, {
      at: path,
      hint: "Run npm ci, then pack again.",
    });
  yield* folderEntries(join(root, path), `app/${path}`, keepOfPackage);
}

/** Every file of an archive but its own lists (`release.json`, `SHA256SUMS`), in a fixed order. */
function* everyEntry(parts: ArchiveParts): Generator<ArchiveEntry> {
  const { root, compiled, shipped, platform, node, packages, fonts } = parts;
  for (const { name, text, executable } of startScripts(platform))
    yield { path: name, bytes: Buffer.from(text), executable };
  yield { path: `runtime/${platform.node}`, bytes: node, executable: true };
  for (const name of ["package.json", "LICENSE", "README.md", "README.zh-CN.md"])
    yield { path: `app/${name}`, bytes: readFileSync(join(root, name)), executable: false };
  const stays = new Set(BUILD_FILES.map((path) => path.replace(/\.ts$/, ".js")));
  for (const folder of SERVER_FOLDERS) {
    const keep = (path: string): boolean => !stays.has(`${folder}/${path}`);
    // What is not TypeScript is read as it lies: SQL, schemas, plain JavaScript.
    yield* folderEntries(join(root, folder), `app/${folder}`, (path) => !/\.(ts|md)$/.test(path) && keep(path));
    if (existsSync(join(compiled, folder))) yield* folderEntries(join(compiled, folder), `app/${folder}`, keep);
  }
  yield* folderEntries(shipped, "app/shipped");
  yield* folderEntries(join(root, "dist", "client"), "app/dist/client");
  yield* folderEntries(join(root, "deploy"), "deploy");
  yield* folderEntries(join(root, "docs"), "docs", (path) => path.endsWith(".md"));
  if (fonts !== undefined) yield* folderEntries(fonts, "fonts");
  for (const wanted of serverPackages(root, platform)) yield* packageEntries(wanted, root, packages);
}

/**
 * Files of an archive: Node's runtime, the program, its packages, the built client, the demo counties (which are code).
 *
 * @throws bugError when a native file of another platform is among them
 */
export function* archiveEntries(parts: ArchiveParts): Generator<ArchiveEntry> {
  for (const entry of everyEntry(parts)) {
    if (entry.path === `app/${POSTGIS_BUNDLE}`) continue;
    const kind = nativeKind(entry.bytes);
    if (kind && !fitsPlatform(kind, parts.platform))
      throw bugError(`${entry.path} (${kind.form}, ${kind.cpu}) does not run on ${parts.platform.name}`, {
        at: entry.path,
      });
    yield entry;
  }
}
