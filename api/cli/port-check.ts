import { createServer } from "node:net";
import type { HealthFinding } from "../health/finding.ts";

/** How long an answer of whatever listens there is waited for, ms. */
const PATIENCE_MS = 2_000;

const codeOfListening = (port: number, host: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });

/** Does a server of ours answer there? With a certificate it cannot be asked in the clear: then nobody is sure. */
async function isOurs(port: number, host: string): Promise<boolean> {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return ((await answer.json()) as { status?: unknown }).status === "ok";
  } catch {
    return false;
  }
}

/** Whether the port is free, or ours already. */
export async function checkPort({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<readonly HealthFinding[]> {
  const base = { id: "port", name: { zh: "端口", en: "port" } };
  if (port === 0) return [];
  const code = await codeOfListening(port, host);
  if (code === undefined)
    return [{ ...base, level: "ok", detail: { zh: `${port} 空闲`, en: `${port} on ${host} is free` } }];
  if (code === "EADDRINUSE" && (await isOurs(port, host)))
    return [{ ...base, level: "ok", detail: { zh: `${port}：经纬正在运行`, en: `${port}: Jingwei runs there` } }];
  const taken = code === "EADDRINUSE";
  return [
    {
      ...{ ...base, level: taken ? "note" : "fault" },
      detail: taken
        ? { zh: `${port} 已被占用`, en: `${port} on ${host} is in use` }
        : { zh: `${host}:${port} 不能监听（${code}）`, en: `${host}:${port} cannot be listened on: ${code}` },
      advice: {
        zh: "若不是经纬在用，停掉那个程序，或用 --port、PORT 换一个端口。",
        en: "If it is not Jingwei, stop that program, or choose another port with --port or PORT.",
      },
    },
  ];
}
