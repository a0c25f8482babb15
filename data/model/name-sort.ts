import { pinyin } from "pinyin-pro";

/** Digits of a number are padded to this width, so that 第2网格 sorts before 第10网格. */
const NUMBER_WIDTH = 6;

const DIGITS = "零一二三四五六七八九";

/** Value of a Chinese number below 1,000 (十二, 一百零三); undefined when it is not written that way. */
function chineseNumber(text: string): number | undefined {
  const match = /^(?:([一二三四五六七八九])百)?零?(?:([一二三四五六七八九]?)(十))?([一二三四五六七八九]?)$/.exec(text);
  if (!match || text === "") return undefined;
  const [, hundreds = "", tens = "", ten = "", ones = ""] = match;
  const digit = (character: string): number => (character === "" ? 0 : DIGITS.indexOf(character));
  return 100 * digit(hundreds) + (ten === "" ? 0 : 10 * (tens === "" ? 1 : digit(tens))) + digit(ones);
}

/** Ordinals become digits: 第十二网格 sorts after 第二网格. */
const withDigits = (text: string): string =>
  text.replace(/第([零一二三四五六七八九十百]+)/g, (all, number: string) => {
    const value = chineseNumber(number);
    return value === undefined ? all : `第${value}`;
  });

const cache = new Map<string, string>();
/** The cache only spares repeated names in one generation or import; it is emptied rather than left to grow. */
const CACHE_LIMIT = 20_000;

/**
 * Sort key of a name for `name_sort` columns under COLLATE "C" (DESIGN rule 11): pinyin without tones, Latin letters
 * in lower case, numbers and Chinese ordinals padded to six digits, everything else dropped. `云兴街社区第3网格` gives
 * `yunxingjieshequdi000003wangge`. A prefix typed in pinyin is a prefix of the key.
 */
export function nameSort(text: string): string {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const syllables = pinyin(withDigits(text), { toneType: "none", type: "array", nonZh: "consecutive", v: true });
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
