import type { Agent } from "undici";
import type { BenchCluster } from "./bench-cluster.ts";
import { keepAlive, type LoadRequest, median, sendMany } from "./http-load.ts";
import type { ServerProcess } from "./server-process.ts";

/** A server with the question that it is asked. */
export interface Contender {
  readonly name: string;
  readonly server: ServerProcess;
  /** Makes the n-th request. */
  readonly request: (n: number) => LoadRequest;
}

/** What a contender cost. */
export interface Measured {
  readonly name: string;
  /** Median over rounds of processor time of server and database per request, ms. */
  readonly cpuMs: number;
  /** The server's own part. */
  readonly serverMs: number;
  /** Median over rounds of the ratio to the first contender in the same round. */
  readonly ratio: number;
  /** Median time of one request at one connection, ms. */
  readonly p50Ms: number;
  /** Requests per second at 16 connections; NaN where not asked for. */
  readonly perSecond: number;
}

export interface Rounds {
  readonly rounds: number;
  /** Requests of a round at one connection. */
  readonly count: number;
  /** Requests of each server before anything counts; 20 at least when absent. */
  readonly warm?: number;
  /** Requests of a round at 16 connections; none when absent. */
  readonly loadCount?: number;
  /** Requests of each server at 16 connections before anything counts; as many as of a round when absent. */
  readonly warmLoad?: number;
}

/**
 * Asks all contenders in turn, round by round, so that each meets the same machine: processor time per request at one
 * connection, then requests per second at 16.
 */
export async function compareServers(
  cluster: Pick<BenchCluster, "cpuMs">,
  contenders: readonly Contender[],
  { rounds, count, warm = Math.max(20, count), loadCount = 0, warmLoad = loadCount }: Rounds,
): Promise<Measured[]> {
  const agents = new Map<string, Agent>(contenders.map(({ name }) => [name, keepAlive(16)]));
  const found = contenders.map(({ name }) => ({
    name,
    cpu: [] as number[],
    own: [] as number[],
    p50: [] as number[],
    rate: [] as number[],
  }));
  const agentOf = (name: string): Agent => agents.get(name) ?? keepAlive(16);
  // Plans, caches and compiled code warm up before anything counts.
  for (const { name, server, request } of contenders) {
    await sendMany(server.address, agentOf(name), request, warm, 1);
    if (warmLoad) await sendMany(server.address, agentOf(name), request, warmLoad, 16);
  }
  for (let round = 0; round < rounds; round++)
    for (const [index, { name, server, request }] of contenders.entries()) {
      const mine = found[index];
      if (!mine) continue;
      const [own, database] = [server.cpuMs(), cluster.cpuMs()];
      const { times } = await sendMany(server.address, agentOf(name), request, count, 1);
      const ownMs = (server.cpuMs() - own) / count;
      mine.own.push(ownMs);
      mine.cpu.push(ownMs + (cluster.cpuMs() - database) / count);
      mine.p50.push(median(times));
      if (loadCount === 0) continue;
      const { seconds } = await sendMany(server.address, agentOf(name), request, loadCount, 16);
      mine.rate.push(loadCount / seconds);
    }
  for (const agent of agents.values()) void agent.destroy();
  const floor = found[0]?.cpu ?? [];
  return found.map(({ name, cpu, own, p50, rate }) => ({
    name,
    cpuMs: median(cpu),
    serverMs: median(own),
    ratio: median(cpu.map((ms, round) => ms / (floor[round] ?? Number.NaN))),
    p50Ms: median(p50),
    perSecond: median(rate),
  }));
}

/** Rounded to three digits that count. */
export const round3 = (value: number): number => Number(value.toPrecision(3));
