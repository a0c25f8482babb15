import { column, ESTIMATED, type ExportKindDescription } from "../column.ts";

const COMPOUND_COLUMNS = [
  column("name", "text", "名称", "Name"),
  column("kind", "text", "类型", "Kind", { note: "residential, village_cluster, institution, commercial" }),
  column("community", "code", "所属社区编码", "Code of its community"),
  column("households", "integer", "户数", "Households"),
  ESTIMATED,
] as const;

export const COMPOUNDS: ExportKindDescription<(typeof COMPOUND_COLUMNS)[number]["name"]> = {
  label: { zh: "小区", en: "Compounds" },
  description: { zh: "小区、自然村和单位院落", en: "Housing estates, villages and yards of institutions" },
  resource: "map",
  geometry: "MultiPolygon",
  time: "none",
  idColumn: "id",
  columns: COMPOUND_COLUMNS,
};

const BUILDING_COLUMNS = [
  column("floors", "integer", "层数", "Floors"),
  column("households", "integer", "户数", "Households"),
  ESTIMATED,
  column("area", "code", "所在区域编码", "Code of the deepest area it stands in"),
  column("compound", "text", "小区", "Compound"),
] as const;

export const BUILDINGS: ExportKindDescription<(typeof BUILDING_COLUMNS)[number]["name"]> = {
  label: { zh: "楼栋", en: "Buildings" },
  description: { zh: "楼栋轮廓、层数和户数", en: "Outlines of buildings with floors and households" },
  resource: "household",
  geometry: "MultiPolygon",
  time: "none",
  idColumn: "id",
  columns: BUILDING_COLUMNS,
};

const device = { resource: "camera_device" } as const;
const CAMERA_COLUMNS = [
  column("device_code", "code", "设备编码", "Device code (GB/T 28181)"),
  column("name", "text", "名称", "Name"),
  column("network", "text", "网络", "Network", { note: "xueliang, tianwang, huiyan, unit" }),
  column("indoor", "boolean", "室内", "Indoor"),
  column("area", "code", "所在区域编码", "Code of the deepest area it stands in"),
  column("status", "text", "状态", "Status", device),
  column("manufacturer", "text", "厂商", "Manufacturer", device),
  column("model", "text", "型号", "Model", device),
  column("owner", "text", "归属单位", "Owner", device),
  column("ptz_type", "integer", "结构类型", "Type (GB/T 28181 PTZType)", device),
  column("position_type", "integer", "位置类型", "Place (GB/T 28181 PositionType)", device),
  column("azimuth_deg", "number", "朝向（度）", "Azimuth, degrees", device),
  column("angle_deg", "number", "视角（度）", "Angle of view, degrees", device),
  column("range_m", "number", "视距（米）", "Range, m", device),
  column("legal_basis", "text", "设置依据", "Legal basis", device),
  column("sign", "boolean", "提示标识", "Sign put up", device),
  column("filing_no", "text", "备案号", "Filing number", device),
  column("in_use_since", "date", "启用日期", "In use since", device),
  column("retention_days", "integer", "保存天数", "Days that recordings are kept", device),
] as const;

export const CAMERAS: ExportKindDescription<(typeof CAMERA_COLUMNS)[number]["name"]> = {
  label: { zh: "摄像头", en: "Cameras" },
  description: {
    zh: "摄像头台账（不含地址、端口、密码和码流）",
    en: "The inventory of cameras: no address, port, password or stream is in it",
  },
  resource: "camera",
  geometry: "Point",
  time: "none",
  idColumn: "id",
  columns: CAMERA_COLUMNS,
};
