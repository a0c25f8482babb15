import type { Language } from "../../../app/view-state.ts";

/** A kind of import in plain words. */
export interface KindText {
  readonly name: string;
  /** What a file of it holds, one sentence. */
  readonly about: string;
  /** Which files it comes as. */
  readonly files: string;
  /** Names of its fields. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A line of a template, by field; undefined = comes as a drawn layer only. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  buildings: { id: "A-12", households: "36", floors: "18", lon: "112.700000", lat: "40.010000" },
  cameras: {
    code: "14022600001310000001",
    name: "中心街路口",
    network: "雪亮工程",
    status: "在线",
    direction: "东南",
    range: "80",
    sign: "有",
    since: "2025-05-01",
    lon: "112.700000",
    lat: "40.010000",
  },
  incidents: {
    id: "2026-000123",
    opened: "2026-01-15 08:30:00",
    due: "2026-01-16 08:30:00",
    closed: "",
    state: "办理中",
    class: "01001",
    title: "路灯不亮",
    lon: "112.700000",
    lat: "40.010000",
    source: "网格员上报",
    org: "市政服务中心",
  },
};

const AREA_ZH = { code: "编码", name: "名称", parent: "上级编码", households: "户数" };
const LAYER_ZH = "带属性的图层：Shapefile（zip 或散文件）、GeoPackage、GeoJSON、KML。";
const TABLE_ZH = "表格：CSV、XLSX（也可以放进 zip）；也可以是点图层。";
const REFERENCE_ZH = { id: "编号", name: "名称", kind: "类型", rank: "等级", class: "等级" };

const ZH: Readonly<Record<string, KindText>> = {
  areas: {
    name: "区划（县、镇街、社区、网格…）",
    about: "某一级区域的边界。每个面是一个区域。",
    files: LAYER_ZH,
    fields: AREA_ZH,
  },
  grids: { name: "网格", about: "网格的边界。每个面是一个网格。", files: LAYER_ZH, fields: AREA_ZH },
  buildings: {
    name: "楼栋",
    about: "楼栋的轮廓或位置，带户数和层数。",
    files: `${LAYER_ZH}或带经纬度的表格。`,
    fields: { id: "楼栋编号", households: "户数", floors: "层数", lon: "经度", lat: "纬度" },
  },
  incidents: {
    name: "事件（案件）",
    about: "每行一件事，带上报时间和经纬度。",
    files: TABLE_ZH,
    fields: {
      id: "编号",
      opened: "上报时间",
      due: "截止时间",
      closed: "办结时间",
      state: "状态",
      class: "类别",
      title: "标题",
      lon: "经度",
      lat: "纬度",
      source: "来源",
      org: "责任单位",
      verdict: "是否按期",
    },
  },
  cameras: {
    name: "摄像头",
    about: "摄像头的位置和状态，不含地址、密码和画面。",
    files: "GB/T 28181 目录 XML（分成几份的一次全选上）；带经纬度的表格：CSV、XLSX；也可以是点图层。",
    fields: {
      code: "设备国标编码",
      name: "点位名称",
      network: "所属项目",
      status: "状态",
      manufacturer: "厂商",
      model: "型号",
      owner: "产权单位",
      ptz: "摄像机类型",
      position: "位置类型",
      indoor: "室内外",
      direction: "监控方位",
      azimuth: "方位角",
      angle: "视场角",
      range: "视距",
      basis: "设置依据",
      sign: "提示标识",
      filing: "备案号",
      since: "启用日期",
      retention: "保存天数",
      lon: "经度",
      lat: "纬度",
    },
  },
  compounds: { name: "小区", about: "小区的范围和户数。", files: LAYER_ZH, fields: AREA_ZH },
  roads: { name: "道路", about: "道路线，用作底图和吸附。", files: LAYER_ZH, fields: REFERENCE_ZH },
  water: { name: "水系", about: "河流、湖泊的线或面。", files: LAYER_ZH, fields: REFERENCE_ZH },
  railways: { name: "铁路", about: "铁路线。", files: LAYER_ZH, fields: REFERENCE_ZH },
  organisations: {
    name: "单位",
    about: "部门、物业等单位，没有位置。",
    files: "表格：CSV、XLSX。",
    fields: { name: "名称", code: "代码", kind: "类型", phone: "值班电话" },
  },
  staff: {
    name: "值守人员",
    about: "岗位和在岗人员，只收工作电话。",
    files: "表格：CSV、XLSX。",
    fields: { name: "姓名", org: "单位", kind: "岗位", phone: "工作电话", area: "负责区域" },
  },
  stations: { name: "站点", about: "消防站、派出所、卫生院等。", files: TABLE_ZH, fields: REFERENCE_ZH },
  gauges: { name: "监测点", about: "水位、雨量等监测点。", files: TABLE_ZH, fields: REFERENCE_ZH },
  boards: { name: "公示牌", about: "网格公示牌的位置。", files: TABLE_ZH, fields: { ...REFERENCE_ZH, grid: "网格" } },
  layers: {
    name: "条线网格（党建、综治、城管…）",
    about: "其他条线自己划的网格，用来和基础网格对照。",
    files: LAYER_ZH,
    fields: { id: "网格编码", name: "名称", layer: "所属条线", unit: "责任单位", date: "划定日期" },
  },
  blocks: { name: "街区", about: "街区的面。", files: LAYER_ZH, fields: REFERENCE_ZH },
};

const AREA_EN = { code: "Code", name: "Name", parent: "Code of parent", households: "Households" };
const LAYER_EN = "A layer with attributes: shapefile (zip or loose parts), GeoPackage, GeoJSON, KML.";
const REFERENCE_EN = { id: "Id", name: "Name", kind: "Kind", rank: "Rank", class: "Rank" };

const EN: Readonly<Record<string, KindText>> = {
  areas: {
    name: "Areas (county, towns, communities, grids …)",
    about: "Boundaries of one level. Each polygon is an area.",
    files: LAYER_EN,
    fields: AREA_EN,
  },
  grids: { name: "Grids", about: "Boundaries of grids. Each polygon is a grid.", files: LAYER_EN, fields: AREA_EN },
  buildings: {
    name: "Buildings",
    about: "Footprints or places of buildings with households and floors.",
    files: `${LAYER_EN} Or a table with longitude and latitude.`,
    fields: { id: "Id", households: "Households", floors: "Floors", lon: "Longitude", lat: "Latitude" },
  },
  incidents: {
    name: "Cases",
    about: "One case a row, with when it was reported and where.",
    files: "A table: CSV, XLSX (also in a zip); or a layer of points.",
    fields: {
      id: "Number",
      opened: "Reported at",
      due: "Due at",
      closed: "Closed at",
      state: "State",
      class: "Class",
      title: "Title",
      lon: "Longitude",
      lat: "Latitude",
      source: "Source",
      org: "Unit",
      verdict: "In time or not",
    },
  },
  cameras: {
    name: "Cameras",
    about: "Where cameras stand and their state; no address, password or picture.",
    files: "Catalogue XML of GB/T 28181, all parts at once; a table (CSV, XLSX) or a layer of points.",
    fields: {
      code: "Device code",
      name: "Name",
      network: "Project",
      status: "State",
      manufacturer: "Maker",
      model: "Model",
      owner: "Owning unit",
      ptz: "Kind of camera",
      position: "Kind of place",
      indoor: "Indoors",
      direction: "Direction",
      azimuth: "Azimuth",
      angle: "Angle of view",
      range: "Range",
      basis: "Legal basis",
      sign: "Sign put up",
      filing: "Filing number",
      since: "In use since",
      retention: "Days kept",
      lon: "Longitude",
      lat: "Latitude",
    },
  },
  compounds: { name: "Compounds", about: "Compounds and their households.", files: LAYER_EN, fields: AREA_EN },
  roads: { name: "Roads", about: "Lines of roads, to draw and to snap to.", files: LAYER_EN, fields: REFERENCE_EN },
  water: { name: "Water", about: "Lines or areas of rivers and lakes.", files: LAYER_EN, fields: REFERENCE_EN },
  railways: { name: "Railways", about: "Lines of railways.", files: LAYER_EN, fields: REFERENCE_EN },
  organisations: {
    name: "Organisations",
    about: "Departments, property companies and other units, without a place.",
    files: "A table: CSV, XLSX.",
    fields: { name: "Name", code: "Code", kind: "Kind", phone: "Duty phone" },
  },
  staff: {
    name: "Duty staff",
    about: "Posts and who holds them; work phones only.",
    files: "A table: CSV, XLSX.",
    fields: { name: "Name", org: "Unit", kind: "Post", phone: "Work phone", area: "Area" },
  },
  stations: {
    name: "Stations",
    about: "Fire, police and health stations.",
    files: "A table or a layer of points.",
    fields: REFERENCE_EN,
  },
  gauges: {
    name: "Gauges",
    about: "Gauges of water and rain.",
    files: "A table or a layer of points.",
    fields: REFERENCE_EN,
  },
  boards: {
    name: "Boards",
    about: "Where the boards of grids stand.",
    files: "A table or a layer of points.",
    fields: { ...REFERENCE_EN, grid: "Grid" },
  },
  layers: {
    name: "Layers of grids (party, governance …)",
    about: "Grids that other offices drew for themselves, to be held against base grids.",
    files: LAYER_EN,
    fields: { id: "Code", name: "Name", layer: "Layer", unit: "Responsible unit", date: "Drawn on" },
  },
  blocks: { name: "Blocks", about: "Areas of city blocks.", files: LAYER_EN, fields: REFERENCE_EN },
};

const ALL: Readonly<Record<Language, Readonly<Record<string, KindText>>>> = { "zh-CN": ZH, en: EN };

/** What is only in the history, beside the kinds that can be chosen. */
const EDITION: Readonly<Record<Language, string>> = { "zh-CN": "新版区域", en: "New edition of areas" };

/** Words of a kind; its own name where nobody wrote any. */
export const kindText = (language: Language, kind: string): KindText =>
  ALL[language][kind] ?? { name: kind === "edition" ? EDITION[language] : kind, about: "", files: "", fields: {} };
