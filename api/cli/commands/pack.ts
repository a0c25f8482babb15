import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { bugError, userError } from "../../../data/model/errors.ts";
import { PRODUCT_VERSION } from "../../backup/product.ts";
import { compileServer } from "../../pack/compile.ts";
import { type PackResult, packArchive } from "../../pack/pack.ts";
import { ownPlatform, PLATFORMS, type Platform } from "../../pack/platform.ts";
import { packedFiles, registryFile } from "../../pack/registry-file.ts";
import { RUNTIME_PACKAGES, RUNTIME_VERSION } from "../../pack/runtime-packages.ts";
import { shipDatabase } from "../../pack/shipped-database.ts";
import { ensureClient, PACKAGE_ROOT } from "../client-build.ts";
import type { Command, CommandCall } from "../command.ts";
import { EXIT, printResult, requiredFlag, textFlag, UsageError } from "../command.ts";

const NAMES = PLATFORMS.map(({ name }) => name);

const USAGE = `jingwei pack --out FILE [--platform ${NAMES.join("|")}|all] [--node DIR] [--packages DIR] [--fonts DIR] [--json]

  -o, --out   the archive: a .zip where its name ends so, else a .tar.gz; with "all" the folder for the three of them
  --platform  what it runs on (default: what this is)
  --node      folder of Node for that platform, as its archive unpacks (default: Node ${RUNTIME_VERSION}, fetched by npm as the
              package ${Object.values(RUNTIME_PACKAGES)
                .map(({ name }) => name)
                .join(", ")} and compared with its known hash)
  --packages  folder of package files for other platforms, made by npm pack, where no registry can be reached
  --fonts     folder of fonts to bring along, for screens that have no Chinese one

Unpack it and run ./jingwei start (Windows: jingwei.cmd start). It needs no npm and no network.`;

export const packCommand: Command = {
  usage: USAGE,
  options: {
    out: { type: "string", short: "o" },
    platform: { type: "string" },
    node: { type: "string" },
    packages: { type: "string" },
    fonts: { type: "string" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    if (call.positionals.length > 0) throw new UsageError(`unexpected words: ${call.positionals.join(" ")}`);
    const out = requiredFlag(call, "out");
    const platforms = wantedPlatforms(call);
    if (!existsSync(join(PACKAGE_ROOT, "web")))
      throw userError("an archive is packed from the sources, and this is an archive", {
        hint: "Run it in a checkout of the repository; or hand on the archive that this was unpacked from.",
      });
    const packages = textFlag(call, "packages");
    const wanted = platforms.map((platform) => ({ platform, ...nodeOf(call, platform, packages) }));
    await ensureClient();
    const compiled = compileServer(PACKAGE_ROOT);
    const results: (PackResult & { readonly platform: string })[] = [];
    let shipped: string | undefined;
    try {
      shipped = await shipDatabase(PACKAGE_ROOT);
      for (const { platform, node, nodeVersion } of wanted) {
        const ending = platform.os === "win32" ? "zip" : "tar.gz";
        const result = await packArchive({
          root: PACKAGE_ROOT,
          compiled,
          shipped,
          file:
            textFlag(call, "platform") === "all"
              ? join(out, `jingwei-${PRODUCT_VERSION}-${platform.name}.${ending}`)
              : out,
          product: PRODUCT_VERSION,
          platform,
          packages,
          node,
          nodeVersion,
          fonts: textFlag(call, "fonts"),
          now: io.now(),
        });
        results.push({ ...result, platform: platform.name });
      }
    } finally {
      rmSync(compiled, { recursive: true, force: true });
      if (shipped !== undefined) rmSync(shipped, { recursive: true, force: true });
    }
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
    const lines = results.map(
      ({ file, bytes, files, unpackedBytes, sha256 }) =>
        `${file}: ${megabytes(bytes)}, ${files} files, ${megabytes(unpackedBytes)} unpacked\nsha256 ${sha256}`,
    );
    printResult(call, io, results.length === 1 ? results[0] : results, lines.join("\n"));
    return EXIT.done;
  },
};

function wantedPlatforms(call: CommandCall): readonly Platform[] {
  const name = textFlag(call, "platform");
  if (name === "all") {
    if (textFlag(call, "node") !== undefined) throw new UsageError("--node is of one platform, not of all");
    return PLATFORMS;
  }
  const platform = name === undefined ? ownPlatform() : PLATFORMS.find((one) => one.name === name);
  if (platform) return [platform];
  throw new UsageError(`"${name ?? `${process.platform}-${process.arch}`}" is no platform of an archive`);
}

interface Runtime {
  readonly node: Uint8Array;
  readonly nodeVersion: string;
}

/** Node's program: of the folder that was given, else of the package that is pinned. */
function nodeOf(call: CommandCall, platform: Platform, packages: string | undefined): Runtime {
  const folder = textFlag(call, "node");
  if (folder !== undefined) {
    const found = [join(folder, "bin", platform.node), join(folder, platform.node)].find(
      (path) => existsSync(path) && statSync(path).isFile(),
    );
    if (found !== undefined) return { node: readFileSync(found), nodeVersion: "given with --node" };
    throw userError(`${folder} holds no ${platform.node}`, {
      at: "--node",
      hint: "Give the folder that Node's archive unpacks to.",
    });
  }
  const wanted = { ...RUNTIME_PACKAGES[platform.name], version: RUNTIME_VERSION };
  for (const { path, bytes } of packedFiles(registryFile(PACKAGE_ROOT, wanted, packages)))
    if (path === `bin/${platform.node}`) return { node: bytes, nodeVersion: RUNTIME_VERSION };
  throw bugError(`${wanted.name} ${RUNTIME_VERSION} holds no bin/${platform.node}`);
}
