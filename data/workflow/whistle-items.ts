import type { WhistleClass } from "../model/whistle.ts";
import type { WhistleItemDefinition } from "./process.ts";

/*
 * What may be whistled for in the demo counties. The sources say 3 classes and 20+ items (Decheng, domain.md DC6) and that
 * towns whistle and departments report in (Zuoyun, ZY4); which items, and within how many minutes one is to be there, is
 * our choice.
 */

const item = (
  whistleClass: WhistleClass,
  key: string,
  name: string,
  nameEn: string,
  arriveMinutes: number,
): WhistleItemDefinition => ({ key, class: whistleClass, name, nameEn, arriveMinutes });

/** 德城区: 23 items. */
export const DECHENG_WHISTLE_ITEMS: readonly WhistleItemDefinition[] = [
  item("routine", "road-surface", "道路破损修补", "Mending of a broken road", 1440),
  item("routine", "street-lamp", "路灯不亮", "Street lamp out", 1440),
  item("routine", "bins-full", "垃圾站满溢", "Overfull bins", 480),
  item("routine", "green-care", "绿化带缺管", "Neglected greenery", 1440),
  item("routine", "drain-blocked", "下水堵塞", "Blocked drain", 480),
  item("routine", "leaflets", "小广告清理", "Removal of leaflets", 1440),
  item("routine", "parking-disorder", "非机动车乱停放", "Bicycles left in the way", 1440),
  item("routine", "window-service", "窗口事项代办", "Errand at a service window", 1440),
  item("joint", "illegal-building", "私搭乱建联合整治", "Illegal building, jointly", 480),
  item("joint", "outdoor-trade", "店外经营联合整治", "Trading outside shops, jointly", 240),
  item("joint", "oil-fumes", "油烟噪声扰民", "Fumes and noise", 480),
  item("joint", "property-handover", "物业交接纠纷", "Dispute over a change of property firm", 480),
  item("joint", "heating", "供暖不达标", "Heating too cold", 240),
  item("joint", "water-supply", "二次供水问题", "Water supply of a building", 240),
  item("joint", "lift", "电梯故障整改", "Repair of a lift", 240),
  item("joint", "charging", "飞线充电整治", "Charging by loose cables", 480),
  item("joint", "site-dust", "工地扬尘夜间施工", "Dust and night work of a building site", 240),
  item("urgent", "fire-lane", "消防通道堵塞", "Blocked fire lane", 30),
  item("urgent", "gas-smell", "燃气泄漏隐患", "Smell of gas", 20),
  item("urgent", "cable-down", "架空线缆脱落", "Cable come down", 30),
  item("urgent", "manhole", "井盖缺失", "Missing manhole cover", 30),
  item("urgent", "waterlogging", "积水内涝", "Flooded street", 30),
  item("urgent", "falling-object", "外墙脱落", "Falling façade", 30),
];

/** 左云县: 12 items. */
export const ZUOYUN_WHISTLE_ITEMS: readonly WhistleItemDefinition[] = [
  item("routine", "road-surface", "道路破损修补", "Mending of a broken road", 1440),
  item("routine", "bins-full", "垃圾清运不及时", "Rubbish not collected", 480),
  item("routine", "street-lamp", "路灯不亮", "Street lamp out", 1440),
  item("routine", "greenery", "绿地缺管", "Neglected greenery", 1440),
  item("joint", "illegal-building", "私搭乱建联合整治", "Illegal building, jointly", 480),
  item("joint", "heating", "供暖不热", "Heating too cold", 240),
  item("joint", "dispute", "矛盾纠纷会商", "Dispute to be talked over", 240),
  item("joint", "property", "物业管理问题", "Property management", 480),
  item("joint", "site-dust", "工地扬尘", "Dust of a building site", 240),
  item("urgent", "fire-lane", "消防通道堵塞", "Blocked fire lane", 30),
  item("urgent", "cable-down", "架空线缆脱落", "Cable come down", 30),
  item("urgent", "snow-ice", "道路积雪结冰", "Snow and ice on a road", 60),
];
