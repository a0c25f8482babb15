export const texts = {
  "zh-CN": {
    name: "责任单位",
    hint: "每个单位一种颜色；放大到社区显示单位名称",
    owned: "有责任单位",
    expired: "合同已到期",
    unowned: "无责任单位",
    grids: "{n} 个",
    more: "另有 {n} 个单位",
  },
  en: {
    name: "Responsible units",
    hint: "One colour per unit; names from community zoom",
    owned: "Owned",
    expired: "Contract expired",
    unowned: "Nobody",
    grids: "{n}",
    more: "{n} more units",
  },
};
