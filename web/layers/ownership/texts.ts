export const texts = {
  "zh-CN": {
    name: "责任单位",
    hint: "每个单位一种颜色；社区在屏幕上够大时显示，写得下才写单位名称",
    owned: "有责任单位",
    expired: "合同已到期",
    unowned: "无责任单位",
    grids: "{n} 个",
    byUnit: "一色一单位",
    more: "另有 {n} 个单位",
  },
  en: {
    name: "Responsible units",
    hint: "One colour per unit once communities are large enough; names where they fit",
    owned: "Owned",
    expired: "Contract expired",
    unowned: "Nobody",
    grids: "{n}",
    byUnit: "One colour per unit",
    more: "{n} more units",
  },
};
