import type { WhistleClass } from "../model/whistle.ts";
import type { WhistleItemDefinition } from "./process.ts";

const item = (
  whistleClass: WhistleClass,
  key: string,
  name: string,
  nameEn: string,
  arriveMinutes: number,
): WhistleItemDefinition => ({ key, class: whistleClass, name, nameEn, arriveMinutes });

const ITEMS: readonly WhistleItemDefinition[] = [
  item("urgent", "fire-lane", "消防通道堵塞", "Blocked fire lane", 30),
  item("urgent", "gas", "燃气安全隐患", "Gas hazard", 20),
  item("urgent", "power", "线缆脱落与停电", "Cable down or power cut", 30),
  item("urgent", "manhole", "井盖缺失与积水", "Missing manhole cover or flooding", 30),
  item("urgent", "snow-ice", "道路积雪结冰", "Snow and ice on a road", 30),
  item("urgent", "burning", "焚烧垃圾树叶", "Burning of rubbish or leaves", 30),
  item("routine", "garbage", "暴露垃圾与清运", "Rubbish left lying", 45),
  item("routine", "noise", "噪声与夜间施工", "Noise and night work", 45),
  item("routine", "street-trade", "占道与店外经营", "Trading in the street", 45),
  item("routine", "parking", "车辆乱停放", "Vehicles left in the way", 45),
  item("routine", "site-dust", "工地扬尘", "Dust of a building site", 45),
  item("routine", "leaflets", "小广告与违规户外广告", "Leaflets and unlawful signs", 120),
  item("routine", "service", "为老助老与政策咨询", "Help for the elderly and advice", 240),
  item("joint", "clutter", "乱堆杂物与私设地锁", "Clutter and private parking locks", 360),
  item("joint", "greenery", "绿地管护", "Care of greenery", 480),
  item("joint", "oil-fumes", "油烟扰民", "Cooking fumes", 360),
  item("joint", "river", "水域不洁与河道污染", "Dirty water or river", 360),
  item("joint", "illegal-building", "私搭乱建与房屋隐患", "Illegal building and unsafe houses", 1440),
  item("joint", "road-mending", "道路与排水", "Roads and drains", 720),
  item("joint", "facilities", "公共设施维修", "Repair of public facilities", 480),
  item("joint", "utilities", "供水供暖", "Water and heating", 360),
  item("joint", "fire-safety", "消防与用电隐患整治", "Fire and wiring hazards", 360),
  item("joint", "dispute", "矛盾纠纷会商", "Dispute to be talked over", 1440),
  item("joint", "enterprise", "企业诉求", "Request of an enterprise", 720),
  item("joint", "other", "其他多部门事项", "Other matter of several departments", 720),
];

/**
 * What may be whistled for in the demo counties that whistle. The sources say 3 classes and 20+ items (Decheng, domain.md
 * DC6), and that towns whistle and departments report in (Zuoyun, ZY4); which items, and within how many minutes somebody
 * is to be there, is our choice.
 *
 * @param jointFactor how many times as long joint matters may take
 */
export const demoWhistleItems = (jointFactor: number): WhistleItemDefinition[] =>
  ITEMS.map((one) => (one.class === "joint" ? { ...one, arriveMinutes: one.arriveMinutes * jointFactor } : { ...one }));
