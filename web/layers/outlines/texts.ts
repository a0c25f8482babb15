export const texts = {
  "zh-CN": {
    name: "边界",
    hint: "县、乡镇、社区、网格边界",
    county: "县（区）界",
    town: "乡镇（街道）界",
    community: "社区（村）界",
    grid: "网格界",
    micro: "微网格界",
  },
  en: {
    name: "Boundaries",
    hint: "County, town, community and grid outlines",
    county: "County",
    town: "Town or street",
    community: "Community or village",
    grid: "Grid",
    micro: "Micro-grid",
  },
};
