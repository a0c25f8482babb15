import type { Prng } from "../prng.ts";

const SURNAMES =
  "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文";
const STEMS = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES = "子丑寅卯辰巳午未申酉戌亥";

/** 甲 … 癸, 子 … 亥, then the sixty pairs 甲子 … 癸亥: 82 marks. */
const MARKS: readonly string[] = [
  ...STEMS,
  ...BRANCHES,
  ...Array.from({ length: 60 }, (_, i) => STEMS.charAt(i % 10) + BRANCHES.charAt(i % 12)),
];

/**
 * Distinct names that read as nobody's: surname + 某 ("a certain") + a cyclical character, such as 王某甲. There are
 * about 8,000; short ones are used up first.
 */
export function fictitiousNames(prng: Prng): () => string {
  const surnames = prng.shuffle([...new Set(SURNAMES)]);
  let index = 0;
  return () => {
    const surname = surnames[index % surnames.length] as string;
    const mark = MARKS[Math.floor(index / surnames.length)];
    index += 1;
    // Beyond the marks a number keeps names distinct.
    return mark ? `${surname}某${mark}` : `${surname}某${index}`;
  };
}

/** Work phones 199-0000-0000 … 9999, which no operator assigns, then 199-0001-…; distinct. */
export function unassignablePhones(): () => string {
  let next = 0;
  return () => {
    const block = Math.floor(next / 10_000);
    const serial = next % 10_000;
    next += 1;
    return `199-${block.toString().padStart(4, "0")}-${serial.toString().padStart(4, "0")}`;
  };
}
