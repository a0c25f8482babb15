import { Swarm } from "./live-swarm.ts";
import { swarmMembers } from "./swarm-members.ts";

/** Clients of planned changes in a process of their own, so that what they cost is not the server's. */
const [urls = "[]", members = "1", total = "1", lanes = "1", cuts = "0", cutMs = "1"] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const swarm = new Swarm({
  urls: JSON.parse(urls) as string[],
  members: swarmMembers(Number(members)),
  total: Number(total),
  lanes: Number(lanes),
  cuts: Number(cuts),
});
await swarm.ready();
process.once("SIGUSR2", async () => {
  await swarm.cutFor(Number(cutMs));
  const { delays, ...result } = await swarm.settle(20_000);
  const at = (share: number): number => delays[Math.min(Math.floor(delays.length * share), delays.length - 1)] ?? -1;
  say(`result ${JSON.stringify({ ...result, p50: at(0.5), p95: at(0.95), measured: delays.length })}`);
  swarm.end();
  process.exit(0);
});
// Last: whoever reads it may send the signal at once.
say("ready");
