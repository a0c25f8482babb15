import type { Language } from "../../../app/view-state.ts";

const ZH = {
  title: "导出数据",
  kind: "内容",
  format: "格式",
  geojson: "GeoJSON（地图软件）",
  csv: "CSV（表格）",
  xlsx: "Excel（表格，最多 10 万行）",
  gpkg: "GeoPackage（QGIS 等）",
  place: "范围：{place}",
  asOf: "数据时点：{time}",
  window: "按当前筛选条件和时间窗口导出",
  present: "这类数据只有当前状态，不随时间轴变化",
  audited: "每次导出都会记入审计日志，文件带有来源、时间和导出人。",
  start: "导出",
  stop: "停止",
  coming: "已收到 {size}",
  waiting: "正在准备…",
  done: "已保存 {name}",
  failed: "导出失败：{reason}",
  stopped: "已停止，没有保存文件。",
};
type Texts = Readonly<Record<keyof typeof ZH, string>>;
const EN: Texts = {
  title: "Export data",
  kind: "Contents",
  format: "Format",
  geojson: "GeoJSON (map programs)",
  csv: "CSV (tables)",
  xlsx: "Excel (tables, up to 100,000 rows)",
  gpkg: "GeoPackage (QGIS and others)",
  place: "Area: {place}",
  asOf: "As of: {time}",
  window: "With the filters and the time window on screen",
  present: "Of this only the present state is kept, whatever the timeline shows",
  audited: "Each export is an entry of the audit log; the file names its source, time and who took it.",
  start: "Export",
  stop: "Stop",
  coming: "{size} so far",
  waiting: "Getting ready…",
  done: "Saved {name}",
  failed: "The export failed: {reason}",
  stopped: "Stopped; no file was saved.",
};

export const EXPORT_TEXTS: Readonly<Record<Language, Texts>> = { "zh-CN": ZH, en: EN };
