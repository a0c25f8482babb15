import { firstInvalidUtf8, looksLikeGbk } from "../text-encoding.ts";

/** Code pages of a .cpg or of the language driver, as `TextDecoder` calls them. */
const BY_NAME: readonly (readonly [pattern: RegExp, encoding: string])[] = [
  [/utf-?8|65001/i, "utf-8"],
  [/gb|936/i, "gb18030"],
  [/big-?5|950/i, "big5"],
  [/932|shift|sjis/i, "shift_jis"],
  [/949|euc-?kr/i, "euc-kr"],
  [/1250/i, "windows-1250"],
  [/1251/i, "windows-1251"],
  [/1252|8859-?1$|88591$|latin-?1/i, "windows-1252"],
];

/** Language drivers of dBASE and Visual FoxPro (byte 29 of the header); 0x57 ("ANSI") is the page of whoever wrote it: it says nothing. */
const BY_DRIVER: Readonly<Record<number, string>> = {
  3: "windows-1252",
  19: "shift_jis",
  77: "gb18030",
  78: "euc-kr",
  79: "big5",
  88: "windows-1252",
  89: "windows-1252",
  122: "gb18030",
  123: "shift_jis",
  121: "euc-kr",
  120: "big5",
  200: "windows-1250",
  201: "windows-1251",
};

export interface DbfEncoding {
  readonly encoding: string;
  readonly by: "cpg" | "driver" | "content";
  /** What was said and cannot be: the bytes are no text of it. */
  readonly contradicted: string | undefined;
}

/**
 * Encoding of a dBASE table: what its .cpg says, else its language driver, else its own bytes (UTF-8, else GBK). What is said
 * gives way where the bytes cannot be it: programs write a .cpg of UTF-8 beside rows of GBK.
 *
 * @param cpg text of the .cpg; undefined without one
 * @param sample bytes of text columns and names, each ending with a blank
 */
export function dbfEncoding(cpg: string | undefined, driver: number, sample: Uint8Array): DbfEncoding {
  const named = cpg === undefined ? undefined : BY_NAME.find(([pattern]) => pattern.test(cpg.trim()))?.[1];
  const said = named ?? BY_DRIVER[driver];
  const ascii = !sample.some((byte) => byte >= 0x80);
  const isUtf8 = firstInvalidUtf8(sample) < 0;
  const fits =
    said === undefined
      ? false
      : ascii || (said === "utf-8" ? isUtf8 : decodes(sample, said) && !(isUtf8 && said === "windows-1252"));
  if (said !== undefined && fits) return { encoding: said, by: named ? "cpg" : "driver", contradicted: undefined };
  const encoding = isUtf8 ? "utf-8" : looksLikeGbk(sample) || decodes(sample, "gb18030") ? "gb18030" : "windows-1252";
  return {
    encoding: said !== undefined && encoding === "windows-1252" ? said : encoding,
    by: "content",
    contradicted: said,
  };
}

function decodes(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A value without the beginning of a last character that its column was too narrow for. */
export function withoutCutCharacter(value: Uint8Array): Uint8Array {
  const end = firstInvalidUtf8(value);
  return end >= 0 && firstInvalidUtf8(value, true) < 0 ? value.subarray(0, end) : value;
}
