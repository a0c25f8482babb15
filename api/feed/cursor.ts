import type { Sealer } from "../seal/sealer.ts";
import type { FeedPosition } from "./event-bus.ts";

const about = (county: string): string => `cursor/${county}`;

/**
 * A place in a county's feed as clients carry it. Sealed: from two readable places anybody could tell how many changes lie
 * between them, those included that the viewer may not see.
 */
export const formatCursor = (sealer: Sealer, county: string, { epoch, seq }: FeedPosition): string =>
  Buffer.from(sealer.seal(`${epoch}.${seq}`, about(county))).toString("base64url");

/** The place that a cursor names; undefined for what is none of this county's. */
export function parseCursor(sealer: Sealer, county: string, cursor: string): FeedPosition | undefined {
  let text: string;
  try {
    text = sealer.open(Buffer.from(cursor, "base64url"), about(county));
  } catch {
    return undefined;
  }
  const [epoch, seq] = text.split(".").map(Number);
  return epoch === undefined || seq === undefined ? undefined : { epoch, seq };
}
