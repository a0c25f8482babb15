export const texts = {
  "zh-CN": {
    name: "底图",
    hint: "水系、绿地、道路、铁路、建筑",
    water: "水系",
    green: "绿地",
    field: "农田",
    road: "道路",
    rail: "铁路",
    building: "建筑",
  },
  en: {
    name: "Base map",
    hint: "Water, green, roads, railway, buildings",
    water: "Water",
    green: "Green",
    field: "Fields",
    road: "Road",
    rail: "Railway",
    building: "Buildings",
  },
};
