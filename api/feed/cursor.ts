import type { FeedPosition } from "./event-bus.ts";

/** A place in a county's feed as clients carry it: opaque to them. */
export const formatCursor = (county: string, { epoch, seq }: FeedPosition): string =>
  Buffer.from(`${county}.${epoch}.${seq}`).toString("base64url");

/** The place that a cursor names; undefined for what is none of this county's. */
export function parseCursor(county: string, cursor: string): FeedPosition | undefined {
  const [of, epoch, seq, ...rest] = Buffer.from(cursor, "base64url").toString("latin1").split(".");
  if (of !== county || rest.length > 0 || !/^\d{1,15}$/.test(epoch ?? "") || !/^\d{1,15}$/.test(seq ?? ""))
    return undefined;
  return { epoch: Number(epoch), seq: Number(seq) };
}
