import { column, type ExportKindDescription } from "../column.ts";

const ORGANISATION_COLUMNS = [
  column("name", "text", "名称", "Name"),
  column("kind", "text", "类型", "Kind"),
  column("credit_code", "code", "统一社会信用代码", "Unified social credit code"),
  column("unit_level", "integer", "单位级别", "Level of the unit"),
  column("duty_phone", "code", "值班电话", "Duty phone", { resource: "unit_contact" }),
] as const;

export const ORGANISATIONS: ExportKindDescription<(typeof ORGANISATION_COLUMNS)[number]["name"]> = {
  label: { zh: "单位", en: "Organisations" },
  description: { zh: "单位名录", en: "Departments and units" },
  resource: "map",
  geometry: "none",
  time: "none",
  idColumn: "id",
  columns: ORGANISATION_COLUMNS,
};

const STAFF_COLUMNS = [
  column("name", "text", "姓名", "Name"),
  column("title", "text", "职务", "Title"),
  column("organisation", "text", "单位", "Organisation"),
  column("kind", "text", "岗位类型", "Kind of the post"),
  column("area", "code", "岗位服务的区域", "Codes of the areas that the post serves, by ;"),
  column("slot", "text", "AB岗", "A, or B who stands in"),
  column("place", "text", "岗位所在地", "Where the post is: an office"),
  column("from", "date", "任职日期", "Since"),
  column("to", "date", "离岗日期", "Last day"),
  column("work_phone", "code", "工作电话", "Work phone", { resource: "staff_contact" }),
  column("scope", "code", "服务区域编码", "Code of the deepest area that holds all areas served"),
] as const;

/** Work data only: what a member of staff is in office. A row is one person on one post; who holds none has a row without. */
export const STAFF: ExportKindDescription<(typeof STAFF_COLUMNS)[number]["name"]> = {
  label: { zh: "人员", en: "Staff" },
  description: { zh: "网格工作人员的工作信息", en: "Duty staff: their work data only" },
  resource: "duty",
  geometry: "none",
  time: "none",
  idColumn: "id",
  columns: STAFF_COLUMNS,
};
