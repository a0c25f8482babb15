import { FREE_TEXT_MASK, maskFreeText } from "../../policy/free-text.ts";
import type { ImportLog } from "../report.ts";

/**
 * What would lead to a camera's picture, by its form: addresses of the internet protocol with their ports, of network cards,
 * and of pages and streams. Devices are often named by their address.
 */
const ADDRESSES =
  /[a-z][a-z0-9+.-]*:\/\/[^\s，。；、]+|(?<!\d)\d{1,3}(?:[.．_-]\d{1,3}){3}(?!\d)(?::\d{1,5})?|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{1,}/gi;
const LONGEST = 200;

/** A text as it may be held: addresses and what names a resident masked, shortened. @returns null for nothing */
export function cameraText(text: string | undefined, at: string, log: ImportLog): string | null {
  if (text === undefined) return null;
  const clean = maskFreeText(text.replace(ADDRESSES, FREE_TEXT_MASK)).text.trim().slice(0, LONGEST);
  if (clean !== text.trim().slice(0, LONGEST))
    log.flag("masked_text", `a text held an address or a number of a person, which is not held: masked, first ${at}`);
  return clean === "" ? null : clean;
}
