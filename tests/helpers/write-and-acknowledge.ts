import { openDatabase } from "../../db/open-database.ts";

/**
 * A process that writes rows for ever, one transaction each, and says the number of each only after its transaction
 * was confirmed: what a test then kills without warning.
 */
const [dir = "", cacheDir = "", first = "0"] = process.argv.slice(2);
const { database } = await openDatabase({ dir, cacheDir });
await database.transaction({ kind: "loader", county: "990001" }, (tx) =>
  tx.execute(
    "CREATE TABLE IF NOT EXISTS kill_probe (n integer PRIMARY KEY, pair integer NOT NULL, filler text NOT NULL)",
  ),
);
process.stdout.write("ready\n");
for (let n = Number(first); ; n += 2) {
  await database.transaction({ kind: "loader", county: "990001" }, async (tx) => {
    // Two rows in one transaction: one without the other afterwards would be half a transaction.
    const insert = "INSERT INTO kill_probe (n, pair, filler) VALUES ($1, $2, $3)";
    await tx.execute(insert, [n, n + 1, "x".repeat(500)]);
    await tx.execute(insert, [n + 1, n, "y".repeat(500)]);
  });
  process.stdout.write(`acknowledged ${n + 1}\n`);
}
