import { isLoopbackHost } from "../auth/connection.ts";
import type { Config } from "../config.ts";
import { reachableAddresses } from "../tls/host-names.ts";
import type { Transport } from "../tls/transport.ts";
import type { StepLog } from "./step-log.ts";

/** Says how the server is reached from elsewhere, whom its certificate asks to be trusted, and what is refused. */
export async function noteTransport(transport: Transport, config: Config, steps: StepLog): Promise<void> {
  if (isLoopbackHost(config.host)) {
    if (config.trustProxy !== undefined)
      steps.note("TRUST_PROXY: believes X-Forwarded-* of the proxy; let nobody else reach this port");
    return;
  }
  const others = reachableAddresses(config.host);
  if (others.length > 0) steps.note(`局域网地址 on the network: ${others.join(", ")}`);
  if (!transport.certificate) {
    steps.note(
      config.trustProxy === undefined
        ? "未加密，不能登录 not encrypted: nobody can sign in. Leave --insecure-http out, or set TRUST_PROXY=1 behind a proxy with TLS"
        : "未加密，须由反向代理提供 TLS plain HTTP behind a proxy: sign-in works only where it says X-Forwarded-Proto: https",
    );
    return;
  }
  const { authority } = await transport.certificate();
  if (!authority) return;
  steps.note(`自建证书机构 own authority: ${authority.file}`);
  steps.note(`SHA-256 指纹 fingerprint: ${authority.fingerprint}`);
  steps.note(
    "信任方法：把该文件拷到各终端，核对指纹后导入系统或浏览器的“受信任的根证书颁发机构” " +
      "to trust it: copy that file to each device, compare the fingerprint, import it as a trusted root authority",
  );
}
