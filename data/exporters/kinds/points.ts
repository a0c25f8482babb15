import { column, type ExportKindDescription } from "../column.ts";

const AREA = column("area", "code", "所在区域编码", "Code of the deepest area it stands in");
const SOURCE = column("source", "text", "数据来源", "Source");
const SOURCE_REF = column("source_ref", "text", "原编号", "Id in the source");

const STATION_COLUMNS = [
  column("name", "text", "名称", "Name"),
  column("kind", "text", "类型", "Kind", {
    note: "party_service, party_post, rest_stop, casual_work, enterprise_post, neighbour_centre, governance_centre, police_room, council_hall, canteen, other",
  }),
  column("hours", "text", "开放时间", "Opening hours"),
  column("duty_phone", "code", "值班电话", "Duty phone", { resource: "unit_contact" }),
  AREA,
  SOURCE,
  SOURCE_REF,
] as const;

export const STATIONS: ExportKindDescription<(typeof STATION_COLUMNS)[number]["name"]> = {
  label: { zh: "站点", en: "Stations" },
  description: {
    zh: "党群服务中心、驿站、综治中心、警务室等站点",
    en: "Service centres, rest stops, police rooms and other places that people go to",
  },
  resource: "map",
  geometry: "Point",
  time: "none",
  idColumn: "id",
  columns: STATION_COLUMNS,
};

const GAUGE_COLUMNS = [
  column("name", "text", "名称", "Name"),
  column("kind", "text", "类型", "Kind", { note: "rain, water_level" }),
  column("warn_level_m", "number", "警戒水位（米）", "Level from which it warns, m"),
  AREA,
  SOURCE,
  SOURCE_REF,
] as const;

export const GAUGES: ExportKindDescription<(typeof GAUGE_COLUMNS)[number]["name"]> = {
  label: { zh: "监测站", en: "Gauges" },
  description: { zh: "雨量站和水位站", en: "Rain and water gauges" },
  resource: "map",
  geometry: "Point",
  time: "none",
  idColumn: "id",
  columns: GAUGE_COLUMNS,
};

const BOARD_COLUMNS = [
  column("name", "text", "名称", "Name"),
  column("state", "text", "状态", "State", { note: "good, damaged, missing, unknown" }),
  column("printed_on", "date", "制作日期", "Printed on"),
  column("area", "code", "公示区域编码", "Code of the grid that it tells of"),
  SOURCE,
  SOURCE_REF,
] as const;

export const BOARDS: ExportKindDescription<(typeof BOARD_COLUMNS)[number]["name"]> = {
  label: { zh: "公示牌", en: "Notice boards" },
  description: { zh: "网格公示牌", en: "Notice boards of the grids" },
  resource: "map",
  geometry: "Point",
  time: "none",
  idColumn: "id",
  columns: BOARD_COLUMNS,
};
