export const texts = {
  "zh-CN": {
    name: "底图",
    hint: "本地底图，标注来源和审图号",
  },
  en: {
    name: "Base map",
    hint: "Local base map, with its source and review number",
  },
};
