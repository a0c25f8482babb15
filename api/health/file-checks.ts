import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readBackupStatus } from "../backup/status.ts";
import { ago, type HealthFinding } from "./finding.ts";
import type { MachineCheck } from "./machine-checks.ts";

const DAY_MS = 86_400_000;
/** Our own certificates are renewed with 30 days left (`api/tls`): one with less is not renewed. */
const CERTIFICATE_NOTE_MS = 21 * DAY_MS;
/** A day's backup with some hours of grace: a missed one is told, two missed ones are a fault. */
const BACKUP_NOTE_MS = 26 * 3_600_000;
const BACKUP_FAULT_MS = 50 * 3_600_000;
/** A backup that nobody read through is a hope. */
const VERIFY_NOTE_MS = 8 * DAY_MS;

const CERTIFICATE = { id: "certificate", name: { zh: "证书", en: "certificate" } };
const RENEW = {
  zh: "换上新证书（TLS_CERT、TLS_KEY）；自带的证书在重启时重新签发。浏览器不接受过期证书，没有人能登录。",
  en: "Put a renewed one in place (TLS_CERT, TLS_KEY); our own is made anew when the server starts. Browsers refuse an ended one, and nobody can sign in.",
};

/** When the certificate that is served ends, epoch ms; undefined where none is served. */
export async function certificateEnds(context: {
  readonly dir: string;
  readonly certificate: string | undefined;
}): Promise<number | undefined> {
  const file = context.certificate ?? join(resolve(context.dir), "tls", "server.pem");
  const pem = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && context.certificate === undefined) return undefined;
    throw error;
  });
  return pem === undefined ? undefined : Date.parse(new X509Certificate(pem).validTo);
}

export const checkCertificate: MachineCheck = async (context) => {
  let ends: number | undefined;
  try {
    ends = await certificateEnds(context);
  } catch (error) {
    const detail = (error as Error).message;
    return [{ ...CERTIFICATE, level: "fault", detail: { zh: `读不出：${detail}`, en: detail }, advice: RENEW }];
  }
  if (ends === undefined) return [];
  const left = ends - context.nowMs;
  const until = new Date(ends).toISOString().slice(0, 10);
  if (left <= 0)
    return [
      {
        ...{ ...CERTIFICATE, level: "fault", advice: RENEW },
        detail: { zh: `已于 ${until} 过期`, en: `ended on ${until}` },
      },
    ];
  const days = Math.floor(left / DAY_MS);
  const soon = left < CERTIFICATE_NOTE_MS;
  return [
    {
      ...{ ...CERTIFICATE, level: soon ? "note" : "ok" },
      detail: { zh: `有效到 ${until}（还有 ${days} 天）`, en: `valid until ${until} (${days} days)` },
      ...(soon ? { advice: RENEW } : {}),
    },
  ];
};

const BACKUP = { id: "backup", name: { zh: "备份", en: "backup" } };
const TAKE = {
  zh: "现在备份一次：jingwei backup 文件，最好放到另一台机器或另一块盘；定时备份见 docs/operations.md。",
  en: "Take one now: jingwei backup FILE, best to another machine or disk; docs/operations.md has the schedule.",
};

export const checkBackup: MachineCheck = async ({ dir, nowMs }): Promise<HealthFinding[]> => {
  const { last, failure } = readBackupStatus(dir);
  if (failure && (!last || Date.parse(failure.at) > Date.parse(last.takenAt)))
    return [
      {
        ...{ ...BACKUP, level: "fault", advice: TAKE },
        detail: { zh: `最近一次没有成功：${failure.message}`, en: `the last one failed: ${failure.message}` },
      },
    ];
  if (!last)
    return [{ ...BACKUP, level: "note", detail: { zh: "还没有备份过", en: "none was taken yet" }, advice: TAKE }];
  const age = nowMs - Date.parse(last.takenAt);
  const old = ago(age);
  if (age > BACKUP_NOTE_MS)
    return [
      {
        ...{ ...BACKUP, level: age > BACKUP_FAULT_MS ? "fault" : "note", advice: TAKE },
        detail: { zh: `最近一次在 ${old.zh}前`, en: `the last one is ${old.en} old` },
      },
    ];
  const verified = last.verifiedAt !== null && nowMs - Date.parse(last.verifiedAt) < VERIFY_NOTE_MS;
  return [
    {
      ...{ ...BACKUP, level: verified ? "ok" : "note" },
      detail: {
        zh: `${old.zh}前，${verified ? "已校验" : "近期没有校验"}：${last.file}`,
        en: `${old.en} old, ${verified ? "verified" : "not verified lately"}: ${last.file}`,
      },
      ...(verified
        ? {}
        : {
            advice: {
              zh: "通读一遍：jingwei backup --verify 文件",
              en: "Read it through: jingwei backup --verify FILE",
            },
          }),
    },
  ];
};
