import type { DepartmentItems } from "./list-entry.ts";

const FIRST = "第一批（示例文字）";
const KEPT_OUT = "不得交办事项（示例文字）";

/** First batch: 11 departments, 43 items, 8/3/2/4/10/4/3/1/1/1/6 (domain.md YG9). The texts are ours. */
const FIRST_BATCH: readonly DepartmentItems[] = [
  {
    batch: FIRST,
    department: "政法委",
    unit: "委政法委",
    items: [
      ["undertake", "巡查发现并上报网格内的安全隐患和矛盾苗头", "82"],
      ["undertake", "调解邻里之间的小纠纷", "80001"],
      ["undertake", "调解物业与业主之间的小纠纷", "80002"],
      ["undertake", "核对网格内楼栋、单位、公共设施等基础信息"],
      ["undertake", "宣传平安建设和反诈骗知识"],
      ["assist", "协助排查和上报家庭婚恋、土地权属等纠纷", "80003", "80005"],
      ["assist", "协助做好重要节日期间的街面巡查", "09"],
      ["assist", "协助综治中心回访已办结的事项"],
    ],
  },
  {
    batch: FIRST,
    department: "统战部",
    unit: "委统战部",
    items: [
      ["undertake", "宣传民族团结和宗教政策法规"],
      ["assist", "协助核对辖区宗教活动场所的位置和开放时间"],
      ["assist", "协助联系商会企业，收集企业诉求", "83"],
    ],
  },
  {
    batch: FIRST,
    department: "信访局",
    unit: "信访局",
    items: [
      ["undertake", "收集居民反映的问题并引导依法逐级反映", "81099"],
      ["assist", "协助核实信访事项涉及的地点和公共设施情况"],
    ],
  },
  {
    batch: FIRST,
    department: "公安分局",
    items: [
      ["undertake", "宣传防盗、防火、防诈骗常识"],
      ["undertake", "发现并上报机动车、非机动车乱停放", "09009", "09010"],
      ["assist", "协助社区民警开展联合巡查", "09001", "09006"],
      ["assist", "协助上报监控设施故障", "01050"],
    ],
  },
  {
    batch: FIRST,
    department: "民政局",
    unit: "民政局",
    items: [
      ["undertake", "发现并上报需要临时救助的困难家庭线索"],
      ["undertake", "宣传社会救助政策，解答申请办法", "81008"],
      ["undertake", "为行动不便的老年人代办、代取", "81007"],
      ["undertake", "宣传移风易俗和文明殡葬"],
      ["undertake", "发现流浪乞讨人员及时通知救助站", "09003"],
      ["assist", "协助核对养老服务设施和助餐点的开放情况", "81007"],
      ["assist", "协助组织居民议事会"],
      ["assist", "协助更新社区门牌、楼牌和公示牌", "01065"],
      ["assist", "协助发放困难群众慰问物资"],
      ["assist", "协助开展志愿服务活动"],
    ],
  },
  {
    batch: FIRST,
    department: "司法局",
    unit: "司法局",
    items: [
      ["undertake", "宣传法律法规，告知法律援助办法"],
      ["undertake", "参与人民调解，收集纠纷线索", "80"],
      ["assist", "协助劳资纠纷的调解", "80004"],
      ["assist", "协助组织法治讲座"],
    ],
  },
  {
    batch: FIRST,
    department: "卫健局",
    unit: "卫生健康局",
    items: [
      ["undertake", "宣传健康知识和疫苗接种安排"],
      ["assist", "协助开展爱国卫生运动，清理积存垃圾", "06010", "06011"],
      ["assist", "协助通知免费体检的时间和地点"],
    ],
  },
  {
    batch: FIRST,
    department: "应急局",
    unit: "应急管理局",
    items: [["undertake", "汛期和恶劣天气巡查，上报积水、塌陷等险情", "82006", "10"]],
  },
  {
    batch: FIRST,
    department: "消防大队",
    unit: "消防救援大队",
    items: [["undertake", "劝阻占用消防通道和电动自行车违规充电", "09012", "82001", "82004"]],
  },
  {
    batch: FIRST,
    department: "妇联",
    unit: "妇联",
    items: [["assist", "协助宣传妇女儿童权益保护和家庭教育", "80003"]],
  },
  {
    batch: FIRST,
    department: "人社局",
    unit: "人力资源和社会保障局",
    items: [
      ["undertake", "宣传社会保险和就业政策", "81008"],
      ["undertake", "收集企业用工需求", "83002"],
      ["undertake", "发布招聘会和技能培训信息"],
      ["assist", "协助通知待遇资格认证的办理方式"],
      ["assist", "协助核对零工驿站的开放情况"],
      ["assist", "协助上报拖欠工资的线索", "80004"],
    ],
  },
];

/** What grid workers must not be given: enforcement and work that needs a licence (domain.md YG10). Not of the first batch. */
const NOT_FOR_GRID_WORKERS: readonly DepartmentItems[] = [
  {
    batch: KEPT_OUT,
    department: "城市管理局",
    unit: "城市管理局",
    items: [["forbidden", "违法建设的认定、查处和拆除，由执法人员办理，不得交由网格员承担", "06001"]],
  },
  {
    batch: KEPT_OUT,
    department: "燃气公司",
    unit: "燃气公司",
    items: [["forbidden", "燃气设施的检修和抢险，由持证人员办理，不得交由网格员承担", "82002"]],
  },
  {
    batch: KEPT_OUT,
    department: "住房和城乡建设局",
    unit: "住房和城乡建设局",
    items: [["forbidden", "高空悬吊作业的查处，由执法人员办理，不得交由网格员承担", "08013"]],
  },
];

export const YUNGANG_ADMISSION: readonly DepartmentItems[] = [...FIRST_BATCH, ...NOT_FOR_GRID_WORKERS];
