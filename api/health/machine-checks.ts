import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { statfs, unlink, writeFile } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { HealthContext, HealthFinding } from "./finding.ts";
import { same } from "./finding.ts";

export type MachineCheck = (context: HealthContext) => Promise<readonly HealthFinding[]>;

const LOW_DISK_BYTES = 2 * 2 ** 30;
const FULL_DISK_BYTES = 500 * 2 ** 20;
/** Below this the machine begins to swap, and PGlite (about 400 MB) may not start. */
const LOW_MEMORY_BYTES = 300 * 2 ** 20;
/** The oldest year in which this program can run: an earlier clock has lost its battery. */
const FIRST_YEAR = 2025;

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;

/** The folder itself, or the one above in which it would be made. */
function standing(dir: string): string {
  let at = resolve(dir);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** Bytes that a process without privileges may still write where the data lies. */
export async function freeDiskBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(standing(dir));
  return bavail * bsize;
}

const checkNode: MachineCheck = async () => [
  {
    ...{ id: "node", level: "ok", name: same("Node.js") },
    detail: same(
      `${process.versions.node}, ICU ${process.versions.icu ?? "none"}, ${process.platform} ${process.arch}`,
    ),
  },
];

const checkClock: MachineCheck = async ({ nowMs }) => {
  const now = new Date(nowMs);
  const early = now.getUTCFullYear() < FIRST_YEAR;
  return [
    {
      ...{ id: "clock", level: early ? "fault" : "ok", name: { zh: "时钟", en: "clock" } },
      detail: same(`${now.toISOString().slice(0, 19).replace("T", " ")} UTC`),
      ...(early
        ? {
            advice: {
              zh: "把这台机器的时间调对，并用校时服务（NTP）保持。",
              en: "Set the system clock, and keep it right with NTP.",
            },
          }
        : {}),
    },
  ];
};

const checkDisk: MachineCheck = async ({ dir, url }) => {
  const free = await freeDiskBytes(dir);
  const at = standing(dir);
  const level = free < FULL_DISK_BYTES ? "fault" : free < LOW_DISK_BYTES ? "note" : "ok";
  const advice = {
    zh: url ? "请腾出空间。" : "请腾出空间，或用 --dir 把数据放到别处：盘满后写不进去。",
    en: url ? "Free some space." : "Free some space, or move the folder with --dir: a full disk stops writes.",
  };
  return [
    {
      ...{ id: "disk", level, name: { zh: "磁盘", en: "disk" } },
      detail: { zh: `${at} 还有 ${gigabytes(free)}`, en: `${gigabytes(free)} free at ${at}` },
      ...(level === "ok" ? {} : { advice }),
    },
  ];
};

/** A folder that cannot be written keeps neither the database nor uploads, heads of the audit log, or keys. */
const checkFolder: MachineCheck = async ({ dir }) => {
  const at = standing(dir);
  const base = { id: "folder", name: { zh: "数据目录", en: "data folder" } };
  const probe = join(at, `.jingwei-probe-${randomUUID()}`);
  try {
    await writeFile(probe, "");
    await unlink(probe);
    return [{ ...base, level: "ok", detail: same(at) }];
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return [
      {
        ...{ ...base, level: "fault" },
        detail: { zh: `${at} 写不进去（${code}）`, en: `${at} cannot be written: ${message}` },
        advice: {
          zh: `让运行经纬的用户能写这个目录（chown、chmod 或重新挂载为可写），或用 --dir 换一个。`,
          en: "Give the user that runs Jingwei the right to write there (chown, chmod, or mount it writable), or use another --dir.",
        },
      },
    ];
  }
};

const checkMemory: MachineCheck = async () => {
  const [free, total] = [freemem(), totalmem()];
  const low = free < LOW_MEMORY_BYTES;
  const { rss } = process.memoryUsage();
  return [
    {
      ...{ id: "memory", level: low ? "note" : "ok", name: { zh: "内存", en: "memory" } },
      detail: {
        zh: `空闲 ${gigabytes(free)}，共 ${gigabytes(total)}；本进程 ${gigabytes(rss)}`,
        en: `${gigabytes(free)} free of ${gigabytes(total)}; this process ${gigabytes(rss)}`,
      },
      ...(low
        ? {
            advice: {
              zh: "关掉别的程序，或把 HOT_MEMORY_MB 调小。",
              en: "Stop other programs, or lower HOT_MEMORY_MB.",
            },
          }
        : {}),
    },
  ];
};

/** What can be known of the machine without the database, in the order in which a person would look. */
export const MACHINE_CHECKS: readonly MachineCheck[] = [checkNode, checkClock, checkDisk, checkFolder, checkMemory];
