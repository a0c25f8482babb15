import { buildWorkflow } from "../build.ts";

/** 柴桑区 网格吹哨 → 社区响应 → 部门报到 (domain.md CS3); 德城区 names the same steps in its own words (DC6). */
export const WHISTLE = buildWorkflow({
  key: "whistle",
  version: 1,
  name: "吹哨报到",
  nameEn: "Whistle and report in",
  steps: [
    { key: "whistled", state: "found", name: "网格吹哨", nameEn: "Grid whistles" },
    { key: "answered", state: "accepted", name: "社区响应", nameEn: "Community answers" },
    { key: "arrived", state: "arrived", name: "部门报到", nameEn: "Department reports in", requires: ["organisation"] },
    { key: "handling", state: "handling", name: "办理", nameEn: "Handle" },
    { key: "closed", state: "closed", name: "办结", nameEn: "Close" },
  ],
});
