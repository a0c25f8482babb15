import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

/** What a certificate stands for. */
export interface HostNames {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

const WILDCARDS = ["0.0.0.0", "::"];

/**
 * Names and addresses under which others may ask for this machine: the one listened on, or each of its interfaces where
 * it listens on all of them, besides its host name and the loopback ones. Link-local IPv6 addresses are left out: they
 * need a zone, which a certificate cannot carry.
 *
 * @param host address or name that the server listens on
 */
export function hostNames(host: string): HostNames {
  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .map(({ address }) => address)
    .filter((address) => !address.toLowerCase().startsWith("fe80:"));
  const listened = WILDCARDS.includes(host) ? own : isIP(host) ? [host] : [];
  const machine = hostname().toLowerCase();
  const names = ["localhost", machine, ...(isIP(host) ? [] : [host.toLowerCase()])];
  return {
    names: [...new Set(names)].filter((name) => /^[a-z0-9.-]{1,253}$/.test(name)).sort(),
    addresses: [...new Set(["127.0.0.1", "::1", ...listened])].sort(),
  };
}

/** Addresses that other machines may try, for what `start` prints. */
export const reachableAddresses = (host: string): readonly string[] =>
  hostNames(host).addresses.filter((address) => address !== "127.0.0.1" && address !== "::1");
