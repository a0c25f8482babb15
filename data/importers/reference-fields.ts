import type { FieldNames } from "./field-map.ts";

const ID = [
  "id",
  "osmid",
  "osmwayid",
  "roadid",
  "blockid",
  "编号",
  "编码",
  "道路编号",
  "道路编码",
  "code",
  "fid",
  "objectid",
];
const NAME = ["name", "namezh", "名称", "mc", "道路名称", "路名", "河流名称", "水系名称", "铁路名称", "街区名称"];
const DATE = ["date", "sourcedate", "updated", "更新日期", "更新时间", "测绘日期", "采集日期"];

/** Fields of reference layers and the names they go by; none is required. */
export const REFERENCE_FIELDS = {
  roads: {
    id: ID,
    name: NAME,
    class: ["class", "highway", "fclass", "roadclass", "道路等级", "等级", "道路类型", "技术等级", "类型", "type"],
    date: DATE,
  },
  water: {
    id: ID,
    name: NAME,
    class: ["class", "waterway", "natural", "water", "fclass", "水系类型", "类型", "type"],
    date: DATE,
  },
  railways: { id: ID, name: NAME, class: ["class", "railway", "fclass", "铁路类型", "类型", "type"], date: DATE },
  blocks: {
    id: ID,
    name: [...NAME, "nearestcommunity"],
    class: ["class", "landuse", "街区类型", "类型", "type"],
    date: DATE,
  },
} as const satisfies Readonly<Record<string, FieldNames>>;

export type ReferenceKind = keyof typeof REFERENCE_FIELDS;

/** Kinds of reference layers that can be imported. */
export const REFERENCE_KINDS = Object.keys(REFERENCE_FIELDS) as readonly ReferenceKind[];
