import { existsSync } from "node:fs";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const PROGRAMS = ["/usr/bin/mapserv", "/usr/lib/cgi-bin/mapserv"];

/**
 * MapServer over the cases of a county (`peers/mapserver-server.ts`), or why it is left out. Its processor time is that of
 * MapServer alone: what passes its answers on costs it nothing.
 */
export async function startMapServer(
  url: string,
  county: string,
): Promise<ServerProcess | { readonly missing: string }> {
  const program = PROGRAMS.find(existsSync);
  if (!program) return { missing: "MapServer (Debian's cgi-mapserver) is not installed" };
  return startServerProcess("MapServer", ["--import", "tsx", "tests/bench/peers/mapserver-server.ts"], {
    env: { BENCH_URL: url, BENCH_COUNTY: county, BENCH_MAPSERVER: program },
    passesOn: true,
  });
}
