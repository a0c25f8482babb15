/** Words of choosing how much one plan covers, in both languages. */
export const SCOPE_TEXTS = {
  "zh-CN": {
    whole: "整个{name}",
    wholeHint: "一个规划改动其中所有社区的网格",
  },
  en: {
    whole: "All of {name}",
    wholeHint: "One plan for the grids of all its communities",
  },
};
