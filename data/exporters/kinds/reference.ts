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
