import type { FastifyInstance } from "fastify";
import { isSecure } from "../auth/connection.ts";

/**
 * What a page of ours may load and do: only what this server serves, and no script, style or event handler that stands
 * inside a document, so that a text that slips into a page stays a text. Styles that code sets on an element (React's
 * `style`, the map, the charts) go through the object model, which the rule does not concern. `blob:` is for the map's
 * worker and images it makes, `data:` for icons.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** Nothing of the machine but its place, which a grid worker's phone reports from. */
const PERMISSIONS_POLICY = [
  "geolocation=(self)",
  "fullscreen=(self)",
  ...["camera", "microphone", "payment", "usb", "serial", "midi", "display-capture", "browsing-topics"].map(
    (feature) => `${feature}=()`,
  ),
].join(", ");

const SECURITY_HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "permissions-policy": PERMISSIONS_POLICY,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const;

/** A year: browsers then ask for this name by TLS only. Names beside ours are not ours to decide about. */
const STRICT_TRANSPORT = "max-age=31536000";

/** Sets the headers of every answer, refusals included; HSTS (RFC 6797) only over TLS. */
export function securityHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (isSecure(request)) reply.header("strict-transport-security", STRICT_TRANSPORT);
  });
}
