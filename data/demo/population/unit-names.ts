import type { OrganisationKind } from "../../model/organisation.ts";

/** Departments that handle cases; keys that incident classes refer to. */
export const DEPARTMENTS = [
  "urban_management",
  "traffic_police",
  "housing",
  "emergency",
  "fire",
  "justice",
  "water",
  "civil_affairs",
  "market",
  "environment",
  "labour",
  "natural_resources",
  "power",
  "heating",
  "gas",
  "approval",
] as const;
export type Department = (typeof DEPARTMENTS)[number];

export interface UnitName {
  readonly name: string;
  readonly kind: OrganisationKind;
  readonly department?: Department;
}

/** `县`, `区` or `市` before a name makes it a county's own: `县财政局`. */
const ORGANS: readonly (readonly [stem: string, department?: Department])[] = [
  ["政府办公室"],
  ["发展和改革局"],
  ["教育和科技局"],
  ["工业和信息化局"],
  ["民政局", "civil_affairs"],
  ["司法局", "justice"],
  ["财政局"],
  ["人力资源和社会保障局", "labour"],
  ["自然资源局", "natural_resources"],
  ["住房和城乡建设局", "housing"],
  ["交通运输局"],
  ["水务局", "water"],
  ["农业农村局"],
  ["商务局"],
  ["文化和旅游局"],
  ["卫生健康局"],
  ["退役军人事务局"],
  ["应急管理局", "emergency"],
  ["审计局"],
  ["市场监督管理局", "market"],
  ["统计局"],
  ["医疗保障局"],
  ["行政审批服务管理局", "approval"],
  ["城市管理局", "urban_management"],
  ["信访局"],
  ["林业局"],
  ["生态环境分局", "environment"],
  ["公安局交警大队", "traffic_police"],
  ["消防救援大队", "fire"],
  ["税务局"],
  ["气象局"],
  ["乡村振兴服务中心"],
];

const PARTY = [
  "委办公室",
  "委组织部",
  "委宣传部",
  "委统战部",
  "委政法委",
  "纪委监委",
  "委党校",
  "人大常委会办公室",
  "政协办公室",
  "总工会",
  "团委",
  "妇联",
  "工商联",
  "残联",
  "科协",
  "红十字会",
  "档案馆",
];

const INSTITUTIONS = [
  "人民医院",
  "中医院",
  "妇幼保健院",
  "疾控中心",
  "第一中学",
  "第二中学",
  "第三中学",
  "职业中学",
  "实验小学",
  "第一小学",
  "第二小学",
  "第三小学",
  "第一幼儿园",
  "图书馆",
  "文化馆",
  "融媒体中心",
  "不动产登记中心",
  "公共就业服务中心",
  "社会保险中心",
  "园林服务中心",
  "环卫服务中心",
  "公路段",
];

const ENTERPRISES: readonly (readonly [stem: string, department?: Department])[] = [
  ["供电公司", "power"],
  ["供热公司", "heating"],
  ["燃气公司", "gas"],
  ["自来水公司"],
  ["移动公司"],
  ["联通公司"],
  ["电信公司"],
  ["广电网络公司"],
  ["邮政公司"],
  ["烟草专卖局"],
  ["农商银行"],
  ["工商银行支行"],
  ["农业银行支行"],
  ["建设银行支行"],
  ["中国银行支行"],
  ["邮储银行支行"],
  ["农发行支行"],
  ["人寿保险支公司"],
  ["财产保险支公司"],
  ["新华书店"],
  ["石油公司"],
  ["公交公司"],
  ["城投公司"],
  ["文旅公司"],
  ["粮食储备库"],
];

const SOCIAL = ["志愿者协会", "社会工作服务中心", "慈善总会", "老年体协", "个体私营经济协会", "调解协会"];

/**
 * Names of a county's partner units, `count` of them; units with a department come first, the rest in an order that
 * mixes organs, institutions and enterprises. Beyond the named ones there are numbered schools and clinics.
 *
 * @param countyName full name such as 左云县
 */
export function partnerUnitNames(countyName: string, count: number): UnitName[] {
  const suffix = countyName.slice(-1);
  const short = countyName.slice(0, -1);
  const named: UnitName[] = [
    ...ORGANS.map(([stem, department]) => ({
      name: suffix + stem,
      kind: stem.endsWith("交警大队") ? ("police" as const) : ("government_organ" as const),
      ...(department && { department }),
    })),
    ...PARTY.map((stem) => ({ name: suffix + stem, kind: "party_organ" as const })),
    ...ENTERPRISES.map(([stem, department]) => ({
      name: short + stem,
      kind: "enterprise" as const,
      ...(department && { department }),
    })),
    ...INSTITUTIONS.map((stem) => ({ name: suffix + stem, kind: "institution" as const })),
    ...SOCIAL.map((stem) => ({ name: short + stem, kind: "social_organisation" as const })),
  ];
  const first = named.filter((unit) => unit.department !== undefined);
  const rest = named.filter((unit) => unit.department === undefined);
  // Every third of the rest in turn, so that a small county also has schools and banks.
  const mixed = [0, 1, 2].flatMap((phase) => rest.filter((_, i) => i % 3 === phase));
  const units = [...first, ...mixed];
  const numerals = "四五六七八九";
  for (let i = 0; units.length < count; i++) {
    const ordinal = i < 12 ? `第${numerals.charAt(i >> 1)}` : `第${i - 2}`;
    units.push({ name: `${suffix}${ordinal}${i % 2 === 0 ? "小学" : "幼儿园"}`, kind: "institution" });
  }
  return units.slice(0, Math.max(count, first.length));
}

const FIRM_STEMS =
  "安居 和顺 瑞景 嘉和 康宁 金盾 恒信 美家 祥云 万家 龙泰 华庭 锦绣 福满 顺达 邻里 晨光 绿园 中兴 同心".split(" ");

/** Names of property-management firms; marked 示例 because firms of such names do exist. */
export function propertyFirmNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const stem = FIRM_STEMS[i % FIRM_STEMS.length] as string;
    const round = Math.floor(i / FIRM_STEMS.length);
    return `${stem}物业（示例${round === 0 ? "" : round + 1}）`;
  });
}
