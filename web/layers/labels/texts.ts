export const texts = {
  "zh-CN": { name: "名称", hint: "区域名称与责任单位" },
  en: { name: "Names", hint: "Names of areas and responsible units" },
};
