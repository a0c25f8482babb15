import { moveDatabase } from "../../../db/backup/move.ts";
import { PRODUCT_VERSION } from "../../backup/product.ts";
import { targetOf } from "../../backup/target.ts";
import { forgetMoved, noteMoved } from "../../move/moved-mark.ts";
import type { Command } from "../command.ts";
import { DATABASE_OPTIONS, dataDir, EXIT, flag, printResult, requiredFlag, UsageError } from "../command.ts";

const USAGE = `jingwei move --to URL [--replace] [--dir D] [--json]
jingwei move --to embedded [--replace] [--dir D] [--json]

  --to       postgres://… of an empty database with PostGIS: from the embedded database of --dir to there;
             "embedded": from the server of DATABASE_URL into the folder of --dir
  --replace  remove what is at the new place; without it a place that holds data is refused
  --dir      data folder (default JINGWEI_DIR or ./.jingwei); its keys serve both places

Stop the servers first. Every table is compared by hash; the old place stays as it is. Then set DATABASE_URL, or unset it.`;

export const moveCommand: Command = {
  usage: USAGE,
  options: {
    ...DATABASE_OPTIONS,
    to: { type: "string" },
    replace: { type: "boolean" },
    json: { type: "boolean" },
  },
  async run(call, io) {
    if (call.positionals.length > 0) throw new UsageError(`unexpected words: ${call.positionals.join(" ")}`);
    const to = requiredFlag(call, "to");
    const here = targetOf(dataDir(call, io), io);
    const embedded = { ...here, url: undefined, ownerUrl: undefined };
    const toServer = /^postgres(ql)?:\/\//.test(to);
    if (!toServer && to !== "embedded") throw new UsageError(`--to "${to}" is neither postgres://… nor "embedded"`);
    if (!toServer && here.url === undefined)
      throw new UsageError("DATABASE_URL is missing", "It names the server that the data lies on now.");
    const tables = await moveDatabase({
      from: toServer ? embedded : here,
      to: toServer ? { ...embedded, url: to } : embedded,
      replace: flag(call, "replace"),
      product: PRODUCT_VERSION,
      now: io.now(),
    });
    if (toServer) noteMoved(here.dir, to, io.now());
    else forgetMoved(here.dir);
    const width = Math.max(0, ...tables.map(({ name }) => name.length));
    const lines = tables.map(
      ({ name, rows, hash }) => `  ${name.padEnd(width)} ${String(rows).padStart(9)}  ${hash.slice(0, 16)} =`,
    );
    const next = toServer
      ? "下一步 next: start with DATABASE_URL set to that address. The folder keeps the keys and the old database (pgdata)."
      : "下一步 next: start without DATABASE_URL. The server still holds the old database.";
    const listed = tables.map(({ name, rows, hash }) => ({ name, rows, hash }));
    printResult(
      call,
      io,
      { moved: true, tables: listed },
      [...lines, "每张表的哈希一致 every table's hash is equal", next].join("\n"),
    );
    return EXIT.done;
  },
};
