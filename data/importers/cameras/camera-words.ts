import type { CameraNetwork, CameraStatus, PtzType } from "../../model/camera.ts";

/** GB/T 28181 DirectionType 1–8 (东 西 南 北 东南 东北 西南 西北), degrees clockwise from north. */
const DIRECTIONS = [90, 270, 180, 0, 135, 45, 225, 315] as const;
const DIRECTION_WORDS = ["东", "西", "南", "北", "东南", "东北", "西南", "西北"] as const;

/** Azimuth of a DirectionType, a word for one, or degrees with their sign (45°); null for anything else. */
export function azimuthOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-8]$/.test(text)) return DIRECTIONS[Number(text) - 1] ?? null;
  const word = text.replace(/^[朝向正]+|[向方侧]+$/g, "").replace(/^([北南])([东西])$/, "$2$1");
  const index = (DIRECTION_WORDS as readonly string[]).indexOf(word);
  return DIRECTIONS[index] ?? null;
}

const PROJECTS: readonly (readonly [RegExp, CameraNetwork])[] = [
  [/雪亮|^xueliang$/i, "xueliang"],
  [/天网|^tianwang$/i, "tianwang"],
  [/慧眼|^huiyan$/i, "huiyan"],
  [/自建|单位|^unit$/i, "unit"],
];

/** The project that a word or the name of a group means; null for none. */
export const projectOf = (text: string | undefined): CameraNetwork | null =>
  PROJECTS.find(([pattern]) => text !== undefined && pattern.test(text))?.[1] ?? null;

/** Projects that groups are named for; a group of "单位" says nothing. */
export const projectOfGroup = (name: string): CameraNetwork | null => {
  const project = projectOf(name);
  return project === "unit" ? null : project;
};

/** Digit 14 of a device code says what network it hangs on (domain.md 4.6): 0 and 1 are the police's own. */
export const networkOfCode = (code: string): CameraNetwork => (/[01]/.test(code.charAt(13)) ? "tianwang" : "unit");

const STATUSES: readonly (readonly [RegExp, CameraStatus])[] = [
  [/^(on|online|ok|在线|正常|启用)$/i, "online"],
  [/^(off|offline|离线|不在线|停用)$/i, "offline"],
  [/^(faulty|fault|vlost|defect|error|故障|损坏|异常|视频丢失)$/i, "faulty"],
  [/^(unknown|未知)$/i, "unknown"],
];

export const statusOf = (text: string | undefined): CameraStatus | null =>
  STATUSES.find(([pattern]) => text !== undefined && pattern.test(text))?.[1] ?? null;

/** GB/T 28181 PTZType; of several (2022: `1/2`) the first. */
export function ptzTypeOf(text: string | undefined): PtzType | null {
  const number = wholeOf(text?.split("/")[0], 1, 7);
  return number as PtzType | null;
}

/** GB/T 28181 RoomType 1 outdoors, 2 indoors, or a word; null where it is not said. */
export function indoorOf(text: string | undefined): boolean | null {
  if (text === undefined) return null;
  if (/^(2|室内|true|yes|是|indoor)$/i.test(text)) return true;
  return /^(1|室外|户外|false|no|否|outdoor)$/i.test(text) ? false : null;
}

/** Yes or no; null for anything else. */
export function yesOrNo(text: string | undefined): boolean | null {
  if (text === undefined) return null;
  if (/^(有|是|已设置|true|yes|1)$/i.test(text)) return true;
  return /^(无|没有|否|未设置|false|no|0)$/i.test(text) ? false : null;
}

/** A whole number in a range; null for anything else. */
export function wholeOf(text: string | undefined, least: number, most: number): number | null {
  if (text === undefined || !/^\d{1,6}$/.test(text.trim())) return null;
  const number = Number(text);
  return number >= least && number <= most ? number : null;
}

/** A number above `above` and up to `most`; null for anything else. */
export function measureOf(text: string | undefined, above: number, most: number): number | null {
  const [digits] = /^\d{1,6}(\.\d{1,9})?/.exec(text?.trim() ?? "") ?? [];
  const number = Number(digits ?? Number.NaN);
  return number > above && number <= most ? number : null;
}
