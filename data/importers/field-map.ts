import { dataError, userError } from "../model/errors.ts";

/** Which column or property holds each field: `code` → `WARD`. */
export type FieldMap = Readonly<Record<string, string>>;

/** Names, in order of preference, that a field goes by in files; compared without case, spaces and punctuation. */
export type FieldNames = Readonly<Record<string, readonly string[]>>;

const plain = (name: string): string => name.toLowerCase().replace(/[\s_\-./()（）:：]/g, "");

/**
 * Parses `--map code=WARD,households=TOTPOP`.
 *
 * @param fields that this import kind knows
 * @throws USER error for anything else
 */
export function parseFieldMap(text: string | undefined, fields: readonly string[]): FieldMap {
  const out: Record<string, string> = {};
  for (const pair of (text ?? "").split(",")) {
    if (pair.trim() === "") continue;
    const at = pair.indexOf("=");
    const field = pair.slice(0, at).trim();
    const column = pair.slice(at + 1).trim();
    if (at < 1 || column === "") {
      throw userError(`"${pair}" is not of the form field=column`, {
        at: "--map",
        hint: `Fields: ${fields.join(", ")}.`,
      });
    }
    if (!fields.includes(field)) {
      throw userError(`"${field}" is not a field that can be mapped here`, {
        at: "--map",
        hint: `Fields: ${fields.join(", ")}.`,
      });
    }
    out[field] = column;
  }
  return out;
}

export interface ResolvedFields {
  readonly map: FieldMap;
  /** `field=column` of what was guessed rather than told. */
  readonly guessed: readonly string[];
}

/**
 * Completes a map by guessing from the header. A column serves one field only; what the caller mapped comes first.
 *
 * @throws DATA error when a mapped column is not in the header
 */
export function resolveFields(
  given: FieldMap,
  header: readonly string[],
  names: FieldNames,
  file: string,
): ResolvedFields {
  for (const [field, column] of Object.entries(given)) {
    if (column === "" || header.includes(column)) continue;
    throw dataError(`${file} has no column "${column}" for ${field}`, {
      at: `${file}:1`,
      hint: `Its columns: ${header.slice(0, 40).join(", ")}.`,
    });
  }
  const map: Record<string, string> = { ...given };
  const taken = new Set(Object.values(given));
  const guessed: string[] = [];
  for (const [field, candidates] of Object.entries(names)) {
    if (map[field] !== undefined) continue;
    const column = candidates
      .map((candidate) => header.find((name) => !taken.has(name) && plain(name) === plain(candidate)))
      .find((name) => name !== undefined);
    if (column === undefined) continue;
    map[field] = column;
    taken.add(column);
    guessed.push(`${field}=${column}`);
  }
  // An empty column says that the field has none: it was only kept from being guessed.
  const held = Object.fromEntries(Object.entries(map).filter(([, column]) => column !== ""));
  return { map: held, guessed };
}

/**
 * Refuses a layer that lacks what its kind cannot do without.
 *
 * @throws DATA error naming every field that no column was found for
 */
export function requireFields(map: FieldMap, required: readonly string[], file: string): void {
  const missing = required.filter((field) => map[field] === undefined);
  if (missing.length === 0) return;
  throw dataError(`${file} has no column for ${missing.join(", ")}`, {
    at: file,
    hint: `Say which: --map ${missing.map((field) => `${field}=COLUMN`).join(",")}.`,
  });
}

/** Fields of counts, for every kind that has them. */
export const HOUSEHOLD_FIELDS: FieldNames = {
  households: ["households", "户数", "总户数", "住户数", "居民户数", "units"],
  estimated: ["estimated", "approximate", "是否估算", "估算", "是否估计"],
  counted: ["counted", "counteddate", "countdate", "户数日期", "统计日期", "统计时间", "普查日期"],
};

/** Fields of areas and the names they go by. */
export const AREA_FIELDS: FieldNames = {
  code: ["code", "areacode", "gridcode", "编码", "代码", "网格编码", "社区编码", "区划代码", "geoid", "id", "objectid"],
  name: ["name", "namezh", "名称", "网格名称", "社区名称", "mc"],
  parent: ["parent", "parentcode", "上级编码", "上级代码", "所属社区", "所属社区编码", "所属街道"],
  ...HOUSEHOLD_FIELDS,
  // What our own exports say beside; words that are not ours are not taken.
  kind: ["kind"],
  urban: ["urban"],
  sourceRef: ["sourceref"],
};

/** Columns of a table that make its rows points. */
export const POINT_FIELDS: FieldNames = {
  lon: ["lon", "lng", "long", "longitude", "经度", "x"],
  lat: ["lat", "latitude", "纬度", "y"],
};

/** Fields of buildings and the names they go by. */
export const BUILDING_FIELDS: FieldNames = {
  id: ["id", "buildingid", "code", "编码", "楼栋编码", "楼栋编号", "osmid", "osmwayid"],
  compound: ["compound", "compoundid", "compoundname", "小区", "小区名称", "所属小区", "小区编码"],
  floors: ["floors", "levels", "buildinglevels", "层数", "楼层", "楼层数", "地上层数"],
  ...HOUSEHOLD_FIELDS,
};

/** Fields of incidents and the names they go by. */
export const INCIDENT_FIELDS: FieldNames = {
  id: [
    "id",
    "caseid",
    "caseenquiryid",
    "servicerequestid",
    "requestid",
    "uniquekey",
    "案卷编号",
    "案件编号",
    "事件编号",
    "任务号",
    "编号",
  ],
  opened: [
    "opened",
    "openedat",
    "opendt",
    "opendate",
    "createddate",
    "requesteddatetime",
    "reportedat",
    "上报时间",
    "受理时间",
    "发现时间",
    "创建时间",
  ],
  due: ["due", "dueat", "targetdt", "duedate", "expecteddatetime", "截止时间", "应办结时间", "处置截止时间"],
  closed: ["closed", "closedat", "closeddt", "closeddate", "办结时间", "结案时间", "完成时间"],
  state: ["state", "status", "casestatus", "状态", "案件状态", "事件状态"],
  class: [
    "class",
    "classcode",
    "type",
    "category",
    "servicename",
    "complainttype",
    "类别",
    "事件类别",
    "案件类别",
    "小类",
    "事件类型",
  ],
  title: ["title", "casetitle", "subject", "summary", "标题", "事件标题", "问题描述"],
  lon: ["lon", "lng", "long", "longitude", "经度", "x"],
  lat: ["lat", "latitude", "纬度", "y"],
  source: ["source", "channel", "来源", "问题来源", "上报渠道"],
  org: [
    "org",
    "organisation",
    "organization",
    "department",
    "agency",
    "agencyresponsible",
    "责任单位",
    "处置部门",
    "主责部门",
  ],
  verdict: ["verdict", "ontime", "按期", "是否超期", "是否按期"],
};
