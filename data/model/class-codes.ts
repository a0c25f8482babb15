import type { ClassCode, ClassKind } from "./class-code.ts";

const STANDARD = "GB/T 47678.5-2026";

type Entry = readonly [code: string, name: string, nameEn: string];

/** Majors of components and matters 01–10 (GB/T 47678.5-2026) and of the local extension 80–83. */
export const CLASS_MAJORS: Readonly<Record<string, { readonly name: string; readonly nameEn: string }>> = {
  "01": { name: "市政公用设施", nameEn: "Municipal utilities" },
  "02": { name: "交通设施", nameEn: "Traffic facilities" },
  "03": { name: "市容环卫设施", nameEn: "Sanitation facilities" },
  "04": { name: "园林绿化设施", nameEn: "Parks and greening" },
  "05": { name: "其他设施", nameEn: "Other facilities" },
  "06": { name: "市容环境", nameEn: "Street environment" },
  "07": { name: "宣传广告", nameEn: "Advertising" },
  "08": { name: "施工管理", nameEn: "Construction" },
  "09": { name: "街面秩序", nameEn: "Street order" },
  "10": { name: "其他事项", nameEn: "Other matters" },
  "80": { name: "矛盾纠纷", nameEn: "Disputes" },
  "81": { name: "民生诉求", nameEn: "Residents' requests" },
  "82": { name: "安全隐患", nameEn: "Safety hazards" },
  "83": { name: "企业诉求", nameEn: "Business requests" },
};

const COMPONENTS: readonly Entry[] = [
  ["01001", "供水井盖", "Water manhole cover"],
  ["01050", "监控电子眼设施", "Surveillance camera facility"],
  ["01054", "充电桩", "Charging pile"],
  ["01065", "管理责任公示牌", "Responsibility notice board"],
  ["01066", "紧急报警点SOS", "SOS alarm point"],
  ["01067", "防汛监测设施", "Flood monitoring facility"],
  ["01071", "防汛墙", "Flood wall"],
  ["01072", "排水泵站", "Drainage pumping station"],
  ["01077", "综合杆", "Multi-purpose pole"],
  ["02035", "应急避难指示牌", "Emergency shelter sign"],
  ["03009", "气象监测站", "Weather station"],
];

const MATTERS: readonly Entry[] = [
  ["06001", "私搭乱建", "Unauthorised building"],
  ["06010", "暴露垃圾", "Exposed rubbish"],
  ["06011", "积存垃圾渣土", "Accumulated rubbish and rubble"],
  ["06012", "道路不洁", "Unclean road"],
  ["06013", "道路破损", "Damaged road"],
  ["06014", "道路遗撒", "Spilled load on road"],
  ["06017", "绿地脏乱", "Littered green space"],
  ["06020", "焚烧垃圾树叶", "Burning of rubbish or leaves"],
  ["06025", "水域不洁", "Unclean water"],
  ["06026", "河道污染", "River pollution"],
  ["06027", "油烟污染", "Cooking fume pollution"],
  ["06028", "噪声扰民", "Noise disturbance"],
  ["06029", "露天烧烤", "Open-air barbecue"],
  ["06036", "乱堆杂物", "Piled-up clutter"],
  ["06040", "私设地锁", "Private parking lock"],
  ["06042", "垃圾站(箱)满溢", "Overflowing rubbish bin"],
  ["06045", "非法占绿毁绿", "Occupied or destroyed green space"],
  ["06048", "边坡破损", "Damaged slope"],
  ["06051", "盲道缺损", "Damaged tactile paving"],
  ["07001", "非法小广告", "Illegal small advertisement"],
  ["07003", "违规户外广告", "Illegal outdoor advertisement"],
  ["08001", "施工扰民", "Construction disturbance"],
  ["08003", "无证掘路", "Unlicensed road digging"],
  ["08004", "工地扬尘", "Construction dust"],
  ["08013", "违规高空悬吊作业", "Unsafe suspended work"],
  ["09001", "无照经营游商", "Unlicensed vendor"],
  ["09003", "流浪乞讨", "Vagrancy"],
  ["09005", "店外经营", "Trading outside the shop"],
  ["09006", "占道经营", "Trading on the road"],
  ["09009", "机动车乱停放", "Illegal car parking"],
  ["09010", "非机动车乱停放", "Illegal bicycle parking"],
  ["09012", "占用消防通道", "Blocked fire lane"],
  ["09019", "占用无障碍通道", "Blocked barrier-free way"],
  ["10001", "道路积雪结冰", "Snow or ice on road"],
  ["10002", "架空线缆脱落", "Fallen overhead cable"],
];

const LOCAL: readonly Entry[] = [
  ["80001", "邻里纠纷", "Neighbour dispute"],
  ["80002", "物业纠纷", "Property-management dispute"],
  ["80003", "家庭婚恋纠纷", "Family dispute"],
  ["80004", "劳资纠纷", "Labour dispute"],
  ["80005", "土地权属纠纷", "Land dispute"],
  ["80006", "消费纠纷", "Consumer dispute"],
  ["80099", "其他矛盾纠纷", "Other dispute"],
  ["81001", "供水供暖诉求", "Water or heating request"],
  ["81002", "排水不畅", "Blocked drainage"],
  ["81003", "停电与用电诉求", "Power request"],
  ["81004", "路灯不亮", "Street lamp out"],
  ["81005", "公共设施维修", "Repair of public facility"],
  ["81006", "停车难诉求", "Parking request"],
  ["81007", "为老助老服务", "Service for the elderly"],
  ["81008", "政策咨询", "Policy enquiry"],
  ["81099", "其他民生诉求", "Other request"],
  ["82001", "消防安全隐患", "Fire hazard"],
  ["82002", "燃气安全隐患", "Gas hazard"],
  ["82003", "用电安全隐患", "Electrical hazard"],
  ["82004", "电动自行车违规充电", "Unsafe e-bike charging"],
  ["82005", "房屋安全隐患", "Building hazard"],
  ["82006", "汛期积水隐患", "Flood-season waterlogging"],
  ["82007", "高空坠物隐患", "Falling-object hazard"],
  ["82099", "其他安全隐患", "Other hazard"],
  ["83001", "证照办理诉求", "Licence request"],
  ["83002", "用工诉求", "Recruitment request"],
  ["83003", "融资诉求", "Finance request"],
  ["83004", "周边环境诉求", "Surroundings request"],
  ["83099", "其他企业诉求", "Other business request"],
];

/** Majors and classes about people: disputes, requests, and 09003, which goes to the rescue station undescribed. */
const isSensitive = (code: string): boolean => code.startsWith("80") || code.startsWith("81") || code === "09003";

const national = (kind: ClassKind, [code, name, nameEn]: Entry): ClassCode => ({
  code,
  kind,
  major: code.slice(0, 2),
  name,
  nameEn,
  standardRef: STANDARD,
  isLocalExtension: false,
  sensitive: isSensitive(code),
});

const local = ([code, name, nameEn]: Entry): ClassCode => ({
  code,
  kind: "local",
  major: code.slice(0, 2),
  name,
  nameEn,
  standardRef: "local",
  isLocalExtension: true,
  sensitive: isSensitive(code),
});

/**
 * The shipped classes: those components and matters of GB/T 47678.5-2026 whose code and name we could read
 * (domain.md 4.1: 11 of 153 components, 35 of the 97 matters of majors 06–10), each component again as the matter
 * "…异常" as the standard has it, and the local extension. It is a part of the catalogue: the rest comes from the
 * bought standard by import, never by guessing, because codes are what counties exchange.
 */
export const CLASS_CODES: readonly ClassCode[] = [
  ...COMPONENTS.map((entry) => national("component", entry)),
  ...COMPONENTS.map(([code, name, nameEn]) => national("matter", [code, `${name}异常`, `${nameEn}: fault`])),
  ...MATTERS.map((entry) => national("matter", entry)),
  ...LOCAL.map(local),
];
