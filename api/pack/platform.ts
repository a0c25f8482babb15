/** What an archive runs on. */
export interface Platform {
  readonly name: "linux-x64" | "linux-arm64" | "win-x64";
  /** As npm's lock file and Node name them. */
  readonly os: NodeJS.Platform;
  readonly cpu: NodeJS.Architecture;
  readonly libc: "glibc" | undefined;
  /** Name of Node's program. */
  readonly node: "node" | "node.exe";
}

export const PLATFORMS: readonly Platform[] = [
  { name: "linux-x64", os: "linux", cpu: "x64", libc: "glibc", node: "node" },
  { name: "linux-arm64", os: "linux", cpu: "arm64", libc: "glibc", node: "node" },
  { name: "win-x64", os: "win32", cpu: "x64", libc: undefined, node: "node.exe" },
];

/** The platform of this process; undefined for one that no archive is made for. */
export const ownPlatform = (): Platform | undefined =>
  PLATFORMS.find(({ os, cpu }) => os === process.platform && cpu === process.arch);
