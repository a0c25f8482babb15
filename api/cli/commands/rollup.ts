import type { RollupVerification } from "../../../db/rollups/rebuild.ts";
import type { Command, CommandCall, CommandIo } from "../command.ts";
import { DATABASE_OPTIONS, EXIT, printResult, requiredFlag, UsageError, withDatabase } from "../command.ts";
import { requireCountyCode } from "../county-code.ts";

const USAGE = `jingwei rollup verify --county CODE [--json]
jingwei rollup rebuild --county CODE [--json]

  --county  six-digit code
  --dir     folder of the embedded database (default JINGWEI_DIR or ./.jingwei)

Roll-ups count a county's cases by day and by square; every write keeps them. verify compares them with a fresh count and
lists what differs (exit code 1); rebuild counts them anew. Cases are written again once either is done.`;

export const rollupCommand: Command = {
  usage: USAGE,
  options: { ...DATABASE_OPTIONS, county: { type: "string" }, json: { type: "boolean" } },
  async run(call, io) {
    const [action, ...extra] = call.positionals;
    if (extra.length > 0) throw new UsageError(`unexpected words: ${extra.join(" ")}`);
    if (action !== "verify" && action !== "rebuild") throw new UsageError("say what to do: verify or rebuild");
    const county = requiredFlag(call, "county");
    requireCountyCode(county, "--county");
    return action === "verify" ? verify(call, io, county) : rebuild(call, io, county);
  },
};

const counts = (rows: Readonly<Record<string, number>>): string =>
  Object.entries(rows)
    .map(([table, count]) => `${count} 行 rows of ${table}`)
    .join(", ");

async function verify(call: CommandCall, io: CommandIo, county: string): Promise<number> {
  const { verifyRollups } = await import("../../../db/rollups/rebuild.ts");
  const found = await withDatabase(call, io, ({ database }) =>
    database.transaction({ kind: "loader", county }, (tx) => verifyRollups(tx, county)),
  );
  printResult(call, io, { ok: found.differing === 0, ...found }, verificationText(found));
  return found.differing === 0 ? EXIT.done : EXIT.inputFault;
}

function verificationText({ county, rows, differing, differences }: RollupVerification): string {
  if (differing === 0) return `${county}  一致 equal to a fresh count (${counts(rows)})`;
  return [
    `${county}  ${differing} 处不同 keys differ; 重建 rebuild them: jingwei rollup rebuild --county ${county}`,
    ...differences.map(
      ({ table, key, stored, counted }) =>
        `        ${table} ${Object.values(key).join(" ")}: 存 stored ${stored}, 实 counted ${counted}`,
    ),
  ].join("\n");
}

async function rebuild(call: CommandCall, io: CommandIo, county: string): Promise<number> {
  const { rebuildRollups } = await import("../../../db/rollups/rebuild.ts");
  const started = performance.now();
  const rows = await withDatabase(call, io, ({ database }) =>
    database.transaction({ kind: "loader", county }, (tx) => rebuildRollups(tx, county)),
  );
  const seconds = Math.round(performance.now() - started) / 1000;
  printResult(call, io, { county, rows, seconds }, `${county}  已重建 rebuilt: ${counts(rows)}, ${seconds} s`);
  return EXIT.done;
}
