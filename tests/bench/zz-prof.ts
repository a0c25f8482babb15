import { generate } from "../../data/demo/generate.ts";
import { DEMO_PROFILES } from "../../data/demo/profiles/registry.ts";
import { CLASS_CODES } from "../../data/model/class-codes.ts";
import { loadCounty } from "../../db/load/load-county.ts";
import { loadReference } from "../../db/load/load-reference.ts";
import { startBenchCluster } from "./bench-cluster.ts";
import { GRIDS_DOCUMENT } from "./grids.bench.ts";
import { keepAlive, sendMany } from "./http-load.ts";
import { startServerProcess } from "./server-process.ts";

const cluster = await startBenchCluster();
if ("missing" in cluster) throw new Error();
const now = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000).toISOString();
const dataset = generate(DEMO_PROFILES.yungang, "jingwei", now);
await loadReference(cluster.database, CLASS_CODES);
await loadCounty(cluster.database, dataset, { now });
const codes = [...new Set(dataset.areas.filter((a) => a.level === "grid").map((a) => a.code.slice(0, 12)))].filter(
  (c) => dataset.areas.filter((a) => a.code.startsWith(c) && a.level === "grid").length >= 3,
);
const authorization = await cluster.token(dataset.profile.county, "dispatcher");
const own = await startServerProcess(
  "ours",
  ["--cpu-prof", "--cpu-prof-dir=/tmp/prof", "--import", "tsx", "tests/bench/peers/own-server.ts"],
  { env: { BENCH_URL: cluster.url, BENCH_DIR: "/tmp/benchdir" } },
);
const floor = await startServerProcess(
  "floor",
  ["--cpu-prof", "--cpu-prof-dir=/tmp/proff", "--import", "tsx", "tests/bench/peers/floor-server.ts"],
  { env: { BENCH_URL: cluster.url } },
);
const at = new Date().toISOString();
const req = (n: number) => ({
  path: "/graphql",
  body: JSON.stringify({
    query: GRIDS_DOCUMENT,
    variables: {
      inside: codes[n % codes.length],
      at: process.env.NOAT ? undefined : new Date(Date.now() - 1000 + (n % 997)).toISOString(),
    },
  }),
  headers: { authorization },
});
const freq = (n: number) => ({
  path: `/grids?county=${dataset.profile.county}&inside=${codes[n % codes.length]}&at=${at}`,
});
const agent = keepAlive(16);
for (let i = 0; i < 4; i++)
  for (const [name, s, r] of [
    ["ours", own, req],
    ["floor", floor, freq],
  ] as const) {
    const a = s.cpuMs(),
      b = cluster.cpuMs();
    await sendMany(s.address, agent, r, 500, 1);
    const c = s.cpuMs() - a,
      d = cluster.cpuMs() - b;
    const e = s.cpuMs(),
      f = cluster.cpuMs();
    const x = await sendMany(s.address, agent, r, 1000, 16);
    console.log(
      name,
      (c / 500).toFixed(3),
      (d / 500).toFixed(3),
      "c16",
      ((s.cpuMs() - e) / 1000).toFixed(3),
      ((cluster.cpuMs() - f) / 1000).toFixed(3),
      "rps",
      (1000 / x.seconds).toFixed(0),
    );
  }
await own.stop();
await floor.stop();
await cluster.stop();
