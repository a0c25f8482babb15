import { sealAudit } from "../../db/audit/sealer.ts";
import { openDatabase } from "../../db/open-database.ts";
import { appendAudit } from "../../db/repositories/audit-repository.ts";
import { entryOf } from "./audit-chain.ts";

/**
 * A process that writes audit rows for ever and says the number of each once it was confirmed, while it seals what is
 * there: what a test then kills without warning.
 */
const [dir = "", cacheDir = "", url = "", county = "", first = "1"] = process.argv.slice(2);
const { database } = await openDatabase({ dir, cacheDir, url: url || undefined });
process.stdout.write("ready\n");
const seal = async (): Promise<never> => {
  for (;;) await sealAudit(database, { nowMs: Date.now() });
};
seal().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
for (let n = Number(first); ; n++) {
  await database.transaction({ kind: "county", county }, (tx) => appendAudit(tx, county, entryOf(n)));
  process.stdout.write(`acknowledged ${n}\n`);
}
