import type { StaffLinkKind } from "./staff-links.ts";

const kindsZh: Readonly<Record<StaffLinkKind, string>> = {
  GRID_LEADER: "网格长",
  FULL_TIME: "专职网格员",
  PART_TIME: "兼职网格员",
  POLICE: "民警",
  AUXILIARY: "辅警",
  JUDGE: "法官",
  PROSECUTOR: "检察官",
  POLICE_OFFICER: "警官",
  LEGAL_WORKER: "法律工作者",
  MEDIATOR: "调解员",
  CONTRACTED_LEADER: "包联领导",
  COMMUNITY_WORKER: "社区工作者",
};

const kindsEn: Readonly<Record<StaffLinkKind, string>> = {
  GRID_LEADER: "Grid leader",
  FULL_TIME: "Full-time worker",
  PART_TIME: "Part-time worker",
  POLICE: "Police",
  AUXILIARY: "Auxiliary police",
  JUDGE: "Judge",
  PROSECUTOR: "Prosecutor",
  POLICE_OFFICER: "Police officer",
  LEGAL_WORKER: "Legal worker",
  MEDIATOR: "Mediator",
  CONTRACTED_LEADER: "Contracted leader",
  COMMUNITY_WORKER: "Community worker",
};

export const texts = {
  "zh-CN": {
    name: "联动人员",
    hint: "网格或事件的责任人，画在岗位所在地，不是实时位置",
    place: "岗位所在地",
    responsible: "责任单位",
    onDuty: "在岗",
    offDuty: "不在岗",
    nobody: "无人在岗",
    more: "等 {n} 人",
    answers: "现在应答",
    others: "其他岗位",
    count: "线上数字为同一地点的人数",
    pick: "选择网格或事件后显示",
    kinds: kindsZh,
  },
  en: {
    name: "Linked staff",
    hint: "Who answers for a grid or an incident, drawn at the post's address, never a live position",
    place: "Post address",
    responsible: "Responsible unit",
    onDuty: "on duty",
    offDuty: "off duty",
    nobody: "nobody on duty",
    more: "{n} in all",
    answers: "Answers now",
    others: "Other posts",
    count: "A number counts the people at one address",
    pick: "Choose a grid or an incident",
    kinds: kindsEn,
  },
};
