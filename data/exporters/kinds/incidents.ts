import { column, type ExportKindDescription } from "../column.ts";

const text = { resource: "incident_text" } as const;
const COLUMNS = [
  // The number in the source where there is one, else our own id: what a second import knows the case by.
  column("case_id", "code", "案件编号", "Number in the source, or id"),
  column("ref", "integer", "序号", "Number in the county"),
  column("opened", "instant", "上报时间", "Opened"),
  column("due", "instant", "截止时间", "Due"),
  column("closed", "instant", "办结时间", "Closed"),
  column("state", "text", "状态", "State"),
  column("class", "code", "类别编码", "Class"),
  column("severity", "text", "严重程度", "Severity"),
  column("source", "text", "来源", "Channel"),
  column("title", "text", "标题", "Title", text),
  column("org", "text", "责任单位", "Unit in charge"),
  column("verdict", "text", "来源判定", "On time by the source", {
    note: "on_time, overdue, none; unjudged = the deadline decides",
  }),
  column("area_at", "code", "发生时网格编码", "Code of the grid as it was when the case fell in it"),
  column("area", "code", "所在区域编码", "Code of the deepest area it lies in today"),
  column("border", "boolean", "在边界上", "On a border"),
  column("suspicious", "boolean", "位置存疑", "Place in doubt"),
  column("sensitive", "boolean", "敏感类别", "Of a sensitive class: drawn at its area's label point"),
] as const;

export const INCIDENTS: ExportKindDescription<(typeof COLUMNS)[number]["name"]> = {
  label: { zh: "事件", en: "Incidents" },
  description: {
    zh: "事件；敏感类别的事件画在所在区域的标注点上",
    en: "Cases; those of sensitive classes stand at the label point of their area",
  },
  resource: "incident",
  geometry: "Point",
  time: "opened",
  idColumn: null,
  columns: COLUMNS,
};
