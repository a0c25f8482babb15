export const texts = {
  "zh-CN": {
    name: "吹哨报到",
    hint: "社区吹哨到被呼叫部门的弧线，按报到情况着色",
    inTime: "按时报到",
    arrivedLate: "迟到",
    coming: "未报到，未超时",
    overdue: "未报到，已超时",
    none: "现在没有进行中的吹哨",
    place: "部门画在其责任区中央；没有责任区的，画在县域中央一圈，不是实际地址",
  },
  en: {
    name: "Whistles",
    hint: "Arcs from a community that whistled to the departments that it called, coloured by arrival",
    inTime: "arrived in time",
    arrivedLate: "arrived late",
    coming: "not there, still in time",
    overdue: "not there, time is over",
    none: "No whistle is open now",
    place: "A department stands amid its areas; without any, on a ring amid the county: no true address",
  },
};
