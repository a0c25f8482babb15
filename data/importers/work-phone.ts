import type { ImportLog } from "./report.ts";

/** Digits with the signs that people put between; an extension behind. */
const PHONE = /^\+?[\d\s\-()（）]{3,24}(?:(?:转|ext\.?)\s?\d{1,6})?$/i;

/**
 * A telephone of an office or a duty. What is longer than a telephone number is left out and flagged: it may be an identity
 * number in the wrong column.
 */
export function readWorkPhone(text: string | undefined, at: string, log: ImportLog): string | null {
  if (text === undefined) return null;
  const digits = text.replace(/(?:转|ext).*$/i, "").replace(/\D/g, "");
  if (PHONE.test(text) && digits.length >= 3 && digits.length <= 13) return text;
  log.flag("bad_phone", `no telephone number can be read, first at ${at}; left empty`);
  return null;
}
