import { createServer as createPlainServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { ErrorLog } from "../errors.ts";
import type { Certificate } from "./own-certificate.ts";
import type { Transport } from "./transport.ts";

/**
 * Time limits of every connection, milliseconds. Headers that trickle in (slow-loris) and bodies that never end give their
 * socket back; Node looks every `checks`.
 */
export const CONNECTION_LIMITS = { headers: 10_000, request: 60_000, keepAlive: 72_000, checks: 2_000 } as const;
/** Node's own default, written down: names and values of all headers, bytes. */
const MAX_HEADER_BYTES = 16 * 1024;
/** A supplied certificate may be replaced on disk at any time; our own is renewed long before it ends. */
const RENEWAL_CHECK_MS = 3_600_000;

const OPTIONS = {
  headersTimeout: CONNECTION_LIMITS.headers,
  requestTimeout: CONNECTION_LIMITS.request,
  keepAliveTimeout: CONNECTION_LIMITS.keepAlive,
  connectionsCheckingInterval: CONNECTION_LIMITS.checks,
  maxHeaderSize: MAX_HEADER_BYTES,
} as const;

/** Puts a renewed certificate in place while the server runs; one that cannot be read is logged and the old one kept. */
function renewWhileRunning(
  server: TlsServer,
  first: Certificate,
  read: () => Promise<Certificate>,
  log: ErrorLog,
): void {
  let served = first;
  const timer = setInterval(async () => {
    try {
      const next = await read();
      if (next.cert === served.cert) return;
      server.setSecureContext({ key: next.key, cert: next.cert });
      served = next;
    } catch (error) {
      log({ err: error }, "the TLS certificate could not be renewed");
    }
  }, RENEWAL_CHECK_MS);
  timer.unref();
  server.once("close", () => clearInterval(timer));
}

/** Makes Node's server for a transport: what Fastify's `serverFactory` wants. */
export async function httpServerFactory(
  transport: Transport,
  log: ErrorLog,
): Promise<(handler: RequestListener) => Server> {
  const read = transport.certificate;
  if (!read) return (handler) => createPlainServer(OPTIONS, handler);
  const certificate = await read();
  return (handler) => {
    const options = { ...OPTIONS, key: certificate.key, cert: certificate.cert, minVersion: "TLSv1.2" } as const;
    const server = createTlsServer(options, handler);
    renewWhileRunning(server, certificate, read, log);
    // An https.Server is an http.Server in all that Fastify uses.
    return server as unknown as Server;
  };
}
