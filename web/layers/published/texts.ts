export const texts = {
  "zh-CN": {
    name: "公布统计",
    hint: "按社区着色：当月公布的普通类事件密度",
    unit: "件/平方千米",
    month: "{month}，普通类 {n} 件，截至前一日；纠纷与民生类不着色",
    waiting: "正在读取公布的统计",
    nothing: "没有公布的统计",
  },
  en: {
    name: "Published counts",
    hint: "Communities by density of ordinary cases published for the month",
    unit: "Cases per km²",
    month: "{month}, {n} ordinary cases through the day before; disputes and requests are not drawn",
    waiting: "Reading the published statistics",
    nothing: "No published statistics",
  },
};
