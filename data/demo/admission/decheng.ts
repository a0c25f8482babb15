import type { DepartmentItems } from "./list-entry.ts";
import { STAMP_ITEMS } from "./stamp-classes.ts";

const BATCH = "社区准入清单（示例文字）";

/** 12 items that communities undertake, 26 that they assist with, 20 stamps refused (domain.md DC4). The texts are ours. */
export const DECHENG_ADMISSION: readonly DepartmentItems[] = [
  {
    batch: BATCH,
    department: "民政局",
    unit: "民政局",
    items: [
      ["undertake", "组织居民会议、居民代表会议和居民议事"],
      ["undertake", "办理本社区公共事务和公益事业", "81005"],
      ["undertake", "为困难居民代办救助申请", "81008"],
      ["undertake", "组织为老助老和邻里互助", "81007"],
      ["assist", "协助核对低保、特困申请的公示情况"],
      ["assist", "协助开展养老服务设施巡查"],
      ["assist", "协助发现流浪乞讨人员并通知救助站", "09003"],
    ],
  },
  {
    batch: BATCH,
    department: "司法局",
    unit: "司法局",
    items: [
      ["undertake", "调解邻里、物业等民间纠纷", "80001", "80002", "80099"],
      ["assist", "协助开展法治宣传和法律援助"],
      ["assist", "协助调解家庭、消费纠纷", "80003", "80006"],
    ],
  },
  {
    batch: BATCH,
    department: "政法委",
    unit: "委政法委",
    items: [
      ["undertake", "网格巡查，发现并上报问题", "82"],
      ["undertake", "收集社情民意，回应居民诉求", "81"],
      ["assist", "协助开展平安社区创建"],
    ],
  },
  {
    batch: BATCH,
    department: "城市管理局",
    unit: "城市管理局",
    items: [
      ["undertake", "发现并劝阻乱堆杂物、乱贴小广告", "06036", "07001"],
      ["assist", "协助清理暴露垃圾和积存渣土", "06010", "06011", "06042"],
      ["assist", "协助劝导占道经营、店外经营", "09005", "09006"],
      ["assist", "协助上报井盖、路灯等设施损坏", "01", "81004"],
      ["assist", "协助劝导非机动车乱停放", "09010"],
    ],
  },
  {
    batch: BATCH,
    department: "住房和城乡建设局",
    unit: "住房和城乡建设局",
    items: [
      ["undertake", "指导业主委员会的成立和换届"],
      ["assist", "协助房屋安全隐患排查", "82005", "82007"],
      ["assist", "协助老旧小区改造征求意见"],
      ["assist", "协助监督物业服务", "80002"],
    ],
  },
  {
    batch: BATCH,
    department: "卫生健康局",
    unit: "卫生健康局",
    items: [
      ["undertake", "组织爱国卫生和健康教育活动"],
      ["assist", "协助通知体检和疫苗接种安排"],
    ],
  },
  {
    batch: BATCH,
    department: "应急管理局",
    unit: "应急管理局",
    items: [
      ["assist", "协助汛期巡查和转移避险通知", "82006"],
      ["assist", "协助开展防灾减灾演练"],
    ],
  },
  {
    batch: BATCH,
    department: "消防救援大队",
    unit: "消防救援大队",
    items: [
      ["undertake", "开展消防常识宣传，劝阻堵塞消防通道", "09012"],
      ["assist", "协助排查电动自行车违规充电", "82004"],
    ],
  },
  {
    batch: BATCH,
    department: "公安分局",
    items: [
      ["assist", "协助社区民警开展联合巡查"],
      ["assist", "协助开展反诈骗宣传"],
    ],
  },
  {
    batch: BATCH,
    department: "人力资源和社会保障局",
    unit: "人力资源和社会保障局",
    items: [
      ["undertake", "宣传就业和社会保险政策"],
      ["assist", "协助收集求职和用工信息", "83002"],
    ],
  },
  {
    batch: BATCH,
    department: "医疗保障局",
    unit: "医疗保障局",
    items: [["assist", "协助宣传居民医保参保缴费"]],
  },
  {
    batch: BATCH,
    department: "市场监督管理局",
    unit: "市场监督管理局",
    items: [
      ["assist", "协助宣传食品安全，上报问题线索"],
      ["assist", "协助上报无照经营线索", "09001"],
    ],
  },
  {
    batch: BATCH,
    department: "生态环境分局",
    unit: "生态环境分局",
    items: [
      ["assist", "协助上报焚烧、油烟、噪声等问题", "06020", "06027", "06028"],
      ["assist", "协助巡查河道和水域保洁", "06025", "06026"],
    ],
  },
  {
    batch: BATCH,
    department: "妇联",
    unit: "妇联",
    items: [["assist", "协助开展家庭教育和妇女儿童关爱"]],
  },
  { batch: "不予盖章事项（示例文字）", department: "社区服务站", items: STAMP_ITEMS },
];
