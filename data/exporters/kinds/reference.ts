import { column, type ExportKindDescription } from "../column.ts";

const COLUMNS = [
  column("name", "text", "名称", "Name"),
  column("class", "text", "类别", "Class in the source"),
  column("rank", "text", "等级", "Rank on the map"),
  column("length_m", "number", "长度（米）", "Length, m"),
  column("area_m2", "number", "面积（平方米）", "Area, m²"),
  column("source", "text", "数据来源", "Source"),
  column("source_ref", "text", "原编号", "Id in the source"),
  column("date", "date", "数据日期", "Date of the source"),
] as const;

type ReferenceDescription = ExportKindDescription<(typeof COLUMNS)[number]["name"]>;

const reference = (zh: string, en: string): ReferenceDescription => ({
  label: { zh, en },
  description: { zh: `参考图层：${zh}`, en: `Reference layer: ${en.toLowerCase()}` },
  resource: "map",
  geometry: "Geometry",
  time: "none",
  idColumn: "id",
  columns: COLUMNS,
});

export const ROADS = reference("道路", "Roads");
export const WATER = reference("水系", "Water");
export const RAILWAYS = reference("铁路", "Railways");
export const BLOCKS = reference("街区", "Blocks");

/** Grids that party, governance or another office drew for itself; our row ids mean nothing to it, its own codes do. */
export const LAYERS = {
  label: { zh: "条线网格", en: "Grids of other offices" },
  description: {
    zh: "党建、综治、城管等条线各自划定的网格",
    en: "Grids that party, governance and other offices drew for themselves",
  },
  resource: "map",
  geometry: "MultiPolygon",
  time: "none",
  idColumn: null,
  columns: [
    column("layer", "text", "条线", "Layer of grids"),
    column("code", "code", "网格编码", "Code in the layer"),
    column("name", "text", "网格名称", "Name"),
    column("unit", "text", "责任单位", "Responsible unit"),
    column("date", "date", "划定日期", "Date of the source"),
    column("area_m2", "number", "面积（平方米）", "Area, m²"),
    column("merged", "instant", "并入基础网格的时间", "When base grids came to stand for it"),
  ],
} as const satisfies ExportKindDescription;
