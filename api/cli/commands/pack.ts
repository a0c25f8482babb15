import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { userError } from "../../../data/model/errors.ts";
import { PRODUCT_VERSION } from "../../backup/product.ts";
import { packArchive } from "../../pack/pack.ts";
import { ownPlatform, PLATFORMS, type Platform } from "../../pack/platform.ts";
import { ensureClient, PACKAGE_ROOT } from "../client-build.ts";
import type { Command, CommandCall } from "../command.ts";
import { EXIT, printResult, requiredFlag, textFlag, UsageError } from "../command.ts";

const USAGE = `jingwei pack --out FILE.tar.gz [--platform ${PLATFORMS.map(({ name }) => name).join("|")}] [--node DIR]
             [--modules DIR] [--fonts DIR] [--json]

  -o, --out   the archive
  --platform  what it runs on (default: what this is)
  --node      folder of Node for that platform, as its archive unpacks (default: the Node that runs now)
  --modules   a node_modules with the packages made for another platform
  --fonts     folder of fonts to bring along, for screens that have no Chinese one

Unpack it and run ./jingwei start (Windows: jingwei.cmd start). It needs no npm and no network.`;

export const packCommand: Command = {
  usage: USAGE,
  options: {
    out: { type: "string", short: "o" },
    platform: { type: "string" },
    node: { type: "string" },
    modules: { type: "string" },
    fonts: { type: "string" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    if (call.positionals.length > 0) throw new UsageError(`unexpected words: ${call.positionals.join(" ")}`);
    const file = requiredFlag(call, "out");
    const platform = wantedPlatform(call);
    const node = nodeOf(call, platform);
    await ensureClient();
    const result = await packArchive({
      root: PACKAGE_ROOT,
      file,
      product: PRODUCT_VERSION,
      platform,
      node,
      modules: textFlag(call, "modules"),
      fonts: textFlag(call, "fonts"),
      now: io.now(),
    });
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
    printResult(
      call,
      io,
      { ...result, platform: platform.name },
      `${result.file}: ${megabytes(result.bytes)}, ${result.files} files, ${megabytes(result.unpackedBytes)} unpacked\nsha256 ${result.sha256}`,
    );
    return EXIT.done;
  },
};

function wantedPlatform(call: CommandCall): Platform {
  const name = textFlag(call, "platform");
  const platform = name === undefined ? ownPlatform() : PLATFORMS.find((one) => one.name === name);
  if (platform) return platform;
  throw new UsageError(`"${name ?? `${process.platform}-${process.arch}`}" is no platform of an archive`);
}

/** Node's program: of the folder that was given, else the one that runs now. */
function nodeOf(call: CommandCall, platform: Platform): string {
  const folder = textFlag(call, "node");
  if (folder !== undefined) {
    const found = [join(folder, "bin", platform.node), join(folder, platform.node)].find(
      (path) => existsSync(path) && statSync(path).isFile(),
    );
    if (found !== undefined) return found;
    throw userError(`${folder} holds no ${platform.node}`, {
      at: "--node",
      hint: "Give the folder that Node's archive unpacks to.",
    });
  }
  if (platform === ownPlatform()) return process.execPath;
  throw userError(`Node for ${platform.name} is not here`, {
    at: "--node",
    hint: "Fetch Node's archive for it where there is a network, unpack it, and give its folder with --node.",
  });
}
