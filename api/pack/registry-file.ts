import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { userError } from "../../data/model/errors.ts";
import { type ArchiveEntry, tarEntries } from "./tar.ts";

/** A package as a registry hands it out. */
export interface RegistryPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity, `sha512-…`: a file with another hash is not used. */
  readonly integrity: string;
}

const fileName = ({ name, version }: RegistryPackage): string =>
  `${name.replace(/^@/, "").replaceAll("/", "-")}-${version}.tgz`;

const integrityOf = (bytes: Uint8Array): string => `sha512-${createHash("sha512").update(bytes).digest("base64")}`;

/** What a package holds, its own folder left out of the paths. */
export function* packedFiles(tgz: Uint8Array): Generator<ArchiveEntry> {
  for (const entry of tarEntries(gunzipSync(tgz)))
    yield { ...entry, path: entry.path.slice(entry.path.indexOf("/") + 1) };
}

/**
 * The file of a package: kept from an earlier time, found in a folder of such files, or fetched by npm, which knows the
 * site's registry. No script of it is run.
 *
 * @param offline folder with files that `npm pack` made; then nothing is fetched
 * @throws userError when it cannot be had, or is not the file that the lock file or the list of runtimes names
 */
export function registryFile(root: string, wanted: RegistryPackage, offline?: string): Uint8Array {
  const name = fileName(wanted);
  const kept = join(root, "node_modules", ".cache", "jingwei", "packages");
  const refuse = (at: string): Error =>
    userError(`${at} is not ${wanted.name} ${wanted.version}: its hash differs from the one that is known`, {
      at,
      hint: "Fetch it again from a registry that you trust.",
    });
  const file = join(offline ?? kept, name);
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    if (integrityOf(bytes) === wanted.integrity) return bytes;
    if (offline !== undefined) throw refuse(file);
    rmSync(file, { force: true });
  }
  if (offline !== undefined)
    throw userError(`${name} is not in ${offline}`, {
      at: "--packages",
      hint: `Where a registry can be reached: npm pack ${wanted.name}@${wanted.version}; bring the file here.`,
    });
  const fetching = mkdtempSync(join(tmpdir(), "jingwei-pack-"));
  try {
    const args = ["pack", `${wanted.name}@${wanted.version}`, "--ignore-scripts", "--pack-destination", fetching];
    const { status, stderr } = spawnSync("npm", args, {
      cwd: fetching,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const [fetched] = readdirSync(fetching);
    if (status !== 0 || fetched === undefined)
      throw userError(`${wanted.name} ${wanted.version} could not be fetched: ${(stderr ?? "no npm").trim()}`, {
        at: wanted.name,
        hint: `On a machine with a registry: npm pack ${wanted.name}@${wanted.version}; then --packages FOLDER.`,
      });
    const bytes = readFileSync(join(fetching, fetched));
    if (integrityOf(bytes) !== wanted.integrity) throw refuse(join(fetching, fetched));
    mkdirSync(kept, { recursive: true });
    copyFileSync(join(fetching, fetched), file);
    return bytes;
  } finally {
    rmSync(fetching, { recursive: true, force: true });
  }
}
