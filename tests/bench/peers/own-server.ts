import { authenticator } from "../../../api/auth/authenticate.ts";
import { loadConfig } from "../../../api/config.ts";
import { Sealer } from "../../../api/seal/sealer.ts";
import { createServer } from "../../../api/server.ts";
import { openDatabase } from "../../../db/open-database.ts";

/**
 * Our server as `jingwei start` makes it, in production mode: sign-in, row-level security, hooks and all. Only the limits
 * of requests per minute are lifted, which count all the same.
 */
const url = process.env["BENCH_URL"];
const dir = process.env["BENCH_DIR"];
if (!url || !dir) throw new Error("BENCH_URL and BENCH_DIR are missing");
const { database } = await openDatabase({ url, dir });
const app = await createServer({
  database,
  config: loadConfig({ NODE_ENV: "production", HOT_MEMORY_MB: process.env["HOT_MEMORY_MB"] }),
  sealer: new Sealer(new Uint8Array(32).fill(7)),
  authenticate: authenticator(database, Date.now),
  rateLimits: { perAddress: 1e9, perViewer: 1e9, perSignIn: 1e9 },
});
console.log(await app.listen({ port: 0, host: "127.0.0.1" }));
process.once("SIGTERM", () => process.exit(0));
