import type { ClassCode } from "../../model/class-code.ts";

/** Papers that communities of Decheng do not stamp: 20 (domain.md DC4). Which they are is not published; the words are ours. */
const STAMPS: readonly (readonly [name: string, nameEn: string])[] = [
  ["亲属关系证明", "Proof of kinship"],
  ["居民身份信息证明", "Proof of identity"],
  ["户口登记项目变更证明", "Proof for a change in the household register"],
  ["无犯罪记录证明", "Certificate of no criminal record"],
  ["婚姻状况证明", "Proof of marital status"],
  ["出生证明", "Proof of birth"],
  ["健在证明", "Proof of life"],
  ["非正常死亡证明", "Proof of unnatural death"],
  ["疾病状况证明", "Proof of illness"],
  ["残疾状况证明", "Proof of disability"],
  ["生育状况证明", "Proof of number of children"],
  ["就业状况证明", "Proof of employment"],
  ["个人档案证明", "Proof about a personal file"],
  ["个人财产证明", "Proof of property"],
  ["遗产继承权证明", "Proof of inheritance"],
  ["证件遗失证明", "Proof of a lost document"],
  ["市场主体住所证明", "Proof of business premises"],
  ["收入状况证明", "Proof of income"],
  ["房屋产权证明", "Proof of home ownership"],
  ["车辆过户证明", "Proof for a transfer of a vehicle"],
];

const codeOf = (i: number): string => `84${String(i + 1).padStart(3, "0")}`;

/** A class of its own for each (local range, major 84): whoever asks for one is told by which item it is refused. */
export const STAMP_CLASSES: readonly ClassCode[] = STAMPS.map(([name, nameEn], i) => ({
  code: codeOf(i),
  kind: "local",
  major: "84",
  name: `盖章:${name}`,
  nameEn: `Stamp: ${nameEn}`,
  standardRef: "local",
  isLocalExtension: true,
  sensitive: false,
}));

/** Text and class of each refused stamp. */
export const STAMP_ITEMS: readonly (readonly [kind: "no_stamp", item: string, classCode: string])[] = STAMPS.map(
  ([name], i) => ["no_stamp", `社区不再出具“${name}”，不予盖章`, codeOf(i)],
);
