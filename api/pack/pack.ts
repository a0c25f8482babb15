import { createHash, randomUUID } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { userError } from "../../data/model/errors.ts";
import { asDiskError } from "../../db/backup/disk-errors.ts";
import { MIGRATIONS_DIR } from "../../db/migrate.ts";
import type { Platform } from "./platform.ts";
import { SERVER_FOLDERS, serverPackages } from "./server-packages.ts";
import { startScripts } from "./start-scripts.ts";
import { type TarEntry, tarBytes } from "./tar.ts";

export interface PackOptions {
  /** Root of the program, with a fresh `dist/client`. */
  readonly root: string;
  readonly file: string;
  readonly product: string;
  readonly platform: Platform;
  /** Node's program for that platform. */
  readonly node: string;
  /** A `node_modules` with the packages that are made for that platform; absent = the program's own. */
  readonly modules?: string | undefined;
  /** Folder of fonts to bring along. */
  readonly fonts?: string | undefined;
  readonly now: number;
}

export interface PackResult {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly unpackedBytes: number;
  readonly files: number;
}

interface Source {
  readonly path: string;
  readonly from: string | Uint8Array;
  readonly executable: boolean;
}

/** What packages bring that no server reads. */
const IGNORED =
  /\.(map|md|markdown|flow|tsbuildinfo)$|\.d\.[cm]?ts$|(^|\/)(test|tests|__tests__|docs|example|examples|benchmark)\//i;
/** Licences travel with what they cover. */
const LICENCE = /(^|\/)(licen[cs]e|notice|copying|authors)[^/]*$/i;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const slashes = (path: string): string => path.split(sep).join("/");

function* folderSources(folder: string, to: string, keep: (path: string) => boolean = () => true): Generator<Source> {
  for (const from of filesUnder(folder)) {
    const path = slashes(relative(folder, from));
    if (keep(path)) yield { path: `${to}/${path}`, from, executable: (statSync(from).mode & 0o100) !== 0 };
  }
}

function* packageSources({ root, platform, modules }: PackOptions): Generator<Source> {
  const missing: string[] = [];
  for (const path of serverPackages(root, platform)) {
    const own = join(root, path);
    const other = modules && join(modules, relative("node_modules", path));
    const folder = [own, other].find((one) => one !== undefined && existsSync(join(one, "package.json")));
    if (folder === undefined) {
      missing.push(path);
      continue;
    }
    // Packages within a package are listed by themselves.
    const keep = (file: string): boolean =>
      !file.startsWith("node_modules/") && (LICENCE.test(file) || !IGNORED.test(file));
    yield* folderSources(folder, `app/${path}`, keep);
  }
  if (missing.length > 0)
    throw userError(`packages for ${platform.name} are not here: ${missing.join(", ")}`, {
      at: "--modules",
      hint: `On a machine with a registry: npm ci --omit=dev --os=${platform.os} --cpu=${platform.cpu}; give its node_modules with --modules.`,
    });
}

function* allSources(options: PackOptions): Generator<Source> {
  const { root, platform, node, fonts } = options;
  for (const { name, text, executable } of startScripts(platform))
    yield { path: name, from: Buffer.from(text), executable };
  yield { path: `runtime/${platform.node}`, from: node, executable: true };
  for (const name of ["package.json", "LICENSE", "README.md", "README.zh-CN.md"])
    yield { path: `app/${name}`, from: join(root, name), executable: false };
  for (const folder of SERVER_FOLDERS) yield* folderSources(join(root, folder), `app/${folder}`);
  yield* folderSources(join(root, "dist", "client"), "app/dist/client");
  yield* folderSources(join(root, "deploy"), "deploy");
  yield* folderSources(join(root, "docs"), "docs", (path) => path.endsWith(".md"));
  if (fonts !== undefined) yield* folderSources(fonts, "fonts");
  yield* packageSources(options);
}

/**
 * Writes one archive with everything that a server needs on a platform: Node's runtime, the program, its packages, the built
 * client, the demo counties (which are code) and a checksum of every file.
 */
export async function packArchive(options: PackOptions): Promise<PackResult> {
  const target = resolve(options.file);
  const folder = `jingwei-${options.product}-${options.platform.name}`;
  const sums: string[] = [];
  let unpackedBytes = 0;
  const entries = function* (): Generator<TarEntry> {
    for (const { path, from, executable } of allSources(options)) {
      const bytes = typeof from === "string" ? readFileSync(from) : from;
      sums.push(`${createHash("sha256").update(bytes).digest("hex")}  ${path}`);
      unpackedBytes += bytes.length;
      yield { path: `${folder}/${path}`, bytes, executable };
    }
    const migrations = readdirSync(MIGRATIONS_DIR)
      .filter((name) => name.endsWith(".sql"))
      .sort();
    const release = {
      product: options.product,
      platform: options.platform.name,
      migrations: migrations.map((name) => name.slice(0, -4)),
    };
    const text = Buffer.from(`${JSON.stringify(release, null, 2)}\n`);
    sums.push(`${createHash("sha256").update(text).digest("hex")}  release.json`);
    yield { path: `${folder}/release.json`, bytes: text, executable: false };
    yield { path: `${folder}/SHA256SUMS`, bytes: Buffer.from(`${sums.join("\n")}\n`), executable: false };
  };
  const draft = `${target}.partial-${randomUUID()}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    await pipeline(
      tarBytes(entries(), Math.floor(options.now / 1000)),
      createGzip({ level: 6 }),
      createWriteStream(draft, { flush: true }),
    );
    renameSync(draft, target);
  } catch (error) {
    throw asDiskError(error, target);
  } finally {
    if (existsSync(draft)) rmSync(draft, { force: true });
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(target), hash);
  return {
    file: target,
    bytes: statSync(target).size,
    sha256: hash.digest("hex"),
    unpackedBytes,
    files: sums.length + 1,
  };
}
