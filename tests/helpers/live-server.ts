import { loadConfig } from "../../api/config.ts";
import { Sealer } from "../../api/seal/sealer.ts";
import { createServer } from "../../api/server.ts";
import { openDatabase } from "../../db/open-database.ts";
import { writePaced } from "./planned-changes.ts";
import { authenticateByHeader } from "./viewers.ts";

/**
 * A server in a process of its own, which a test may kill and start again on the same port. `embedded` does not flush to the
 * disk, `embedded-durable` does. With a number of changes it writes
 * them, too, when its input says `go`: the embedded database belongs to one process.
 */
const [where = "", dir = "", cacheDir = "", port = "0", total = "0", perSecond = "0", lanes = "1"] =
  process.argv.slice(2);
const embedded = where.startsWith("embedded");
const durable = where === "embedded-durable";
const { database } = await openDatabase(embedded ? { dir, cacheDir, durable } : { url: where, dir });
const app = await createServer({
  database,
  config: loadConfig({}),
  sealer: new Sealer(new Uint8Array(32).fill(1)),
  authenticate: authenticateByHeader,
  rateLimits: { perAddress: 1e9, perViewer: 1e9, perSignIn: 1e9 },
  liveLimits: { socketsPerViewer: 10_000 },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const address = await app.listen({ port: Number(port), host: "127.0.0.1" });
if (Number(total) > 0)
  process.once("SIGUSR2", async () => {
    const pace = { total: Number(total), perSecond: Number(perSecond), lanes: Number(lanes) };
    say(`wrote ${await writePaced(database, pace)}`);
  });
// Last: whoever reads it may send the signal at once.
say(`listening ${address}`);
