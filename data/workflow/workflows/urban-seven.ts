import { buildWorkflow } from "../build.ts";

/** The seven stages of digital urban management (domain.md section 2.4), 云冈区's 七阶段闭环. */
export const URBAN_SEVEN = buildWorkflow({
  key: "urban-seven",
  version: 1,
  name: "七阶段闭环",
  nameEn: "Seven stages of urban management",
  steps: [
    { key: "collected", state: "found", name: "信息采集", nameEn: "Collected" },
    { key: "filed", state: "accepted", name: "案卷建立", nameEn: "File", by: ["立案", "File"] },
    { key: "dispatched", state: "dispatched", name: "任务派遣", nameEn: "Dispatch", by: ["派遣", "Dispatch"] },
    { key: "handling", state: "handling", name: "任务处理", nameEn: "Handle", by: ["处理", "Handle"] },
    { key: "fed_back", state: "fed_back", name: "处理反馈", nameEn: "Feed back", by: ["反馈", "Feed back"] },
    {
      key: "closed",
      state: "closed",
      name: "核查结案",
      nameEn: "Verify and close",
      by: ["核查结案", "Verify and close"],
    },
    { key: "evaluated", state: "evaluated", name: "综合评价", nameEn: "Evaluate", by: ["评价", "Evaluate"] },
  ],
});
