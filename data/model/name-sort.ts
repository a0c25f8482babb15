import { pinyin } from "pinyin-pro";

/** Digits of a number are padded to this width, so that 第2网格 sorts before 第10网格. */
const NUMBER_WIDTH = 6;

const cache = new Map<string, string>();
/** The cache only spares repeated names in one generation or import; it is emptied rather than left to grow. */
const CACHE_LIMIT = 20_000;

/**
 * Sort key of a name for `name_sort` columns under COLLATE "C" (DESIGN rule 11): pinyin without tones, Latin letters
 * in lower case, numbers padded to six digits, everything else dropped. `云兴街社区第3网格` gives
 * `yunxingjieshequdi000003wangge`. A prefix typed in pinyin is a prefix of the key.
 */
export function nameSort(text: string): string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const syllables = pinyin(text, { toneType: "none", type: "array", nonZh: "consecutive", v: true });
  const key = syllables
    .join("")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\d+/g, (digits) => digits.padStart(NUMBER_WIDTH, "0"))
    .replace(/[^\p{L}\p{N}]+/gu, "");
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, key);
  return key;
}
