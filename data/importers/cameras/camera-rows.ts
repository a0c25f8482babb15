import { isCameraCode } from "../../model/codes.ts";
import { readDay } from "../day.ts";
import type { FieldMap, FieldNames } from "../field-map.ts";
import { propertyText } from "../property-text.ts";
import type { RawFeature } from "../raw-layer.ts";
import type { ImportLog } from "../report.ts";
import type { CameraDraft } from "./camera-draft.ts";
import { cameraPlace } from "./camera-positions.ts";
import { cameraText } from "./camera-text.ts";
import {
  azimuthOf,
  indoorOf,
  measureOf,
  networkOfCode,
  projectOf,
  ptzTypeOf,
  statusOf,
  wholeOf,
  yesOrNo,
} from "./camera-words.ts";

/** Fields of cameras and the names they go by in tables, layers and catalogues. */
export const CAMERA_FIELDS: FieldNames = {
  code: [
    "devicecode",
    "deviceid",
    "code",
    "gbcode",
    "gbid",
    "国标编码",
    "国标编号",
    "国标id",
    "设备国标编码",
    "设备编码",
    "摄像机编码",
    "摄像头编码",
    "设备编号",
    "编码",
  ],
  name: ["name", "devicename", "名称", "设备名称", "点位名称", "摄像机名称", "摄像头名称", "监控名称"],
  network: ["network", "project", "项目", "所属项目", "建设项目", "所属工程", "所属网络", "视频网络"],
  status: ["status", "state", "状态", "在线状态", "设备状态", "运行状态"],
  manufacturer: ["manufacturer", "vendor", "厂商", "设备厂商", "生产厂商", "厂家", "品牌"],
  model: ["model", "型号", "设备型号", "规格型号"],
  owner: ["owner", "owningunit", "产权单位", "建设单位", "所属单位", "权属单位"],
  ptz: ["ptztype", "ptz", "摄像机类型", "摄像头类型", "云台类型"],
  position: ["positiontype", "位置类型", "摄像机位置类型", "点位类型"],
  indoor: ["indoor", "roomtype", "室内外", "安装位置室内外", "是否室内"],
  direction: ["directiontype", "direction", "监视方位", "监控方位", "朝向", "方位"],
  azimuth: ["azimuthdeg", "azimuth", "方位角", "朝向角度", "朝向度"],
  angle: ["angledeg", "angle", "fov", "horizontalfieldangle", "视角", "视场角", "水平视场角", "视角度"],
  range: ["rangem", "range", "maxviewdistance", "视距", "监控距离", "最大可视距离", "视距米"],
  basis: ["legalbasis", "设置依据", "建设依据"],
  sign: ["sign", "提示标识", "标识", "是否设置标识"],
  filing: ["filingno", "备案号", "备案编号"],
  since: ["inusesince", "installtime", "启用日期", "启用时间", "投用日期", "安装时间", "建成时间"],
  retention: ["retentiondays", "recordsavedays", "保存天数", "录像保存天数", "存储天数"],
};

export const REQUIRED_CAMERA_FIELDS: readonly string[] = ["code"];

/** Legal bases of Order 799 that the model knows: articles 7 (1), 7 (2), 9 and 33. */
const BASES = /^(7-1|7-2|9|33)$/;

/** Reads cameras from rows or features; what has no device code is skipped into the log. @param seen places by code */
export async function readCameraRows(
  features: AsyncIterable<RawFeature>,
  fields: FieldMap,
  log: ImportLog,
  seen: Map<string, string>,
): Promise<CameraDraft[]> {
  const drafts: CameraDraft[] = [];
  for await (const feature of features) {
    const draft = cameraRow(feature, fields, log);
    if (!draft) continue;
    const first = seen.get(draft.deviceCode);
    if (first === undefined) drafts.push(draft);
    else
      log.skip("duplicate_code", {
        at: draft.at,
        value: draft.deviceCode,
        message: `${first} has the same device code`,
      });
    seen.set(draft.deviceCode, first ?? draft.at);
  }
  return drafts;
}

function cameraRow(
  { at, properties, geometry }: RawFeature,
  fields: FieldMap,
  log: ImportLog,
): CameraDraft | undefined {
  const cell = (field: string): string | undefined => propertyText(properties, fields[field]);
  const text = (field: string): string | null => cameraText(cell(field), at, log);
  // Tables out of spreadsheets guard long numbers with an apostrophe.
  const deviceCode = (cell("code") ?? "").replace(/^'/, "");
  if (!isCameraCode(deviceCode)) {
    log.skip("bad_code", {
      at,
      value: deviceCode,
      message: /^\d(\.\d+)?e\+?\d+$/i.test(deviceCode)
        ? "a spreadsheet has rounded the device code: format the column as text and fill it in again"
        : "a camera's device code has 20 digits, of which the eleventh to thirteenth are 131, 132 or 118",
    });
    return undefined;
  }
  const basis = cell("basis");
  if (basis !== undefined && !BASES.test(basis))
    log.flag("bad_basis", `a legal basis is none of 7-1, 7-2, 9, 33 (Order 799), first ${at}; left empty`);
  return {
    at,
    deviceCode,
    removed: null,
    name: text("name"),
    network: projectOf(cell("network")),
    likelyNetwork: networkOfCode(deviceCode),
    status: statusOf(cell("status")),
    manufacturer: text("manufacturer"),
    model: text("model"),
    owner: cell("owner") ?? null,
    ptzType: ptzTypeOf(cell("ptz")),
    positionType: wholeOf(cell("position"), 1, 10),
    indoor: indoorOf(cell("indoor")),
    azimuthDeg: azimuthInDegrees(cell("azimuth")) ?? azimuthOf(cell("direction")),
    angleDeg: measureOf(cell("angle"), 0, 360),
    rangeM: measureOf(cell("range"), 0, 100_000),
    ...cameraPlace(geometry),
    legalBasis: basis !== undefined && BASES.test(basis) ? basis : null,
    sign: yesOrNo(cell("sign")),
    filingNo: text("filing"),
    inUseSince: readDay(properties, fields["since"], at, log),
    retentionDays: wholeOf(cell("retention"), 1, 3_650),
  };
}

/** 0 is north; 360 is north too. */
function azimuthInDegrees(text: string | undefined): number | null {
  const degrees = measureOf(text, -1, 360);
  return degrees === null ? null : degrees % 360;
}
