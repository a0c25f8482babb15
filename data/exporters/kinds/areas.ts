import { column, ESTIMATED, type ExportKindDescription } from "../column.ts";

const COLUMNS = [
  column("code", "code", "编码", "Code"),
  column("name", "text", "名称", "Name"),
  column("level", "text", "层级", "Level", { note: "county, town, community, grid, micro" }),
  column("parent", "code", "上级编码", "Code of the area around it"),
  column("kind", "text", "类型", "Kind"),
  column("urban", "boolean", "城镇", "Urban"),
  column("households", "integer", "户数", "Households"),
  ESTIMATED,
  column("area_m2", "number", "面积（平方米）", "Area, m²"),
  column("source_ref", "text", "原编码", "Code in the source, where it is another"),
  column("source_crs", "text", "原坐标系", "Reference system of the source"),
  column("valid_from", "instant", "启用时间", "Valid from"),
  column("valid_to", "instant", "停用时间", "Valid to"),
] as const;

type AreaColumn = (typeof COLUMNS)[number]["name"];

/** Areas of every level; one row is one version of a boundary. */
export const AREAS: ExportKindDescription<AreaColumn> = {
  label: { zh: "区域", en: "Areas" },
  description: {
    zh: "县、乡镇（街道）、村（社区）、网格和微网格的边界",
    en: "Boundaries of the county, its towns, communities, grids and micro-grids",
  },
  resource: "map",
  geometry: "MultiPolygon",
  time: "valid",
  idColumn: "id",
  columns: COLUMNS,
};

/** Areas of the level grid. */
export const GRIDS: ExportKindDescription<AreaColumn> = {
  ...AREAS,
  label: { zh: "网格", en: "Grids" },
  description: { zh: "网格的边界", en: "Boundaries of the grids" },
};
