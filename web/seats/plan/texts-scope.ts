/** Words of choosing how much one plan covers, in both languages. */
export const SCOPE_TEXTS = {
  "zh-CN": {
    whole: "整个{name}",
    wholeHint: "一个规划改动其中所有社区的网格",
    overview: "总览",
    someMany: "有网格超过 500 户",
    someFew: "有网格不足 300 户",
    allRight: "网格户数合适",
  },
  en: {
    whole: "All of {name}",
    wholeHint: "One plan for the grids of all its communities",
    overview: "Overview",
    someMany: "Has grids of more than 500 households",
    someFew: "Has grids of fewer than 300 households",
    allRight: "Grids in range",
  },
};
