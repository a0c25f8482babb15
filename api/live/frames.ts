/** First byte of a frame that is a whole text message (RFC 6455, 5.2). */
const WHOLE_TEXT = 0x81;
/** Longest payload whose length fits the second byte, and the value there that says that two bytes of length follow. */
const SHORT = 125;
const MEDIUM = 126;
const MOST_MEDIUM = 0xffff;
const LONG = 127;

const headerBytes = (payload: number): number => (payload <= SHORT ? 2 : payload <= MOST_MEDIUM ? 4 : 10);

function writeHeader(out: Buffer, at: number, payload: number): number {
  out[at] = WHOLE_TEXT;
  if (payload <= SHORT) {
    out[at + 1] = payload;
    return at + 2;
  }
  if (payload <= MOST_MEDIUM) {
    out[at + 1] = MEDIUM;
    return out.writeUInt16BE(payload, at + 2);
  }
  out[at + 1] = LONG;
  return out.writeBigUInt64BE(BigInt(payload), at + 2);
}

/**
 * WebSocket frames of text messages, one after another in one buffer, so that however many messages are one write. A server's
 * frames are not masked (RFC 6455, 5.1).
 *
 * @param head what each message begins with, the client's own
 * @param tails what they go on with, shared by all clients
 */
export function textFrames(head: Buffer, tails: readonly Buffer[]): Buffer {
  let bytes = 0;
  for (const tail of tails) {
    const payload = head.length + tail.length;
    bytes += headerBytes(payload) + payload;
  }
  const out = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const tail of tails) {
    at = writeHeader(out, at, head.length + tail.length);
    out.set(head, at);
    at += head.length;
    out.set(tail, at);
    at += tail.length;
  }
  return out;
}
