import { pinyin } from "pinyin-pro";

/**
 * Sort key of a name under COLLATE "C" (data rule 11): Chinese as toneless pinyin, Latin in lower case without marks,
 * numbers padded to six digits so that ward 2 comes before ward 10.
 */
export function nameSort(name: string): string {
  return pinyin(name, { toneType: "none", type: "array", nonZh: "consecutive", v: true })
    .join(" ")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.padStart(6, "0"))
    .replace(/\s+/g, " ")
    .trim();
}
