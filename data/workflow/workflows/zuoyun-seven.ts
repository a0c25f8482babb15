import { buildWorkflow } from "../build.ts";

/** 左云县 “民事7步接办” (domain.md ZY6). */
export const ZUOYUN_SEVEN = buildWorkflow({
  key: "zuoyun-seven",
  version: 1,
  name: "民事7步接办",
  nameEn: "Seven steps of civil matters",
  steps: [
    { key: "found", state: "found", name: "发现", nameEn: "Found" },
    { key: "whistled", state: "dispatched", name: "吹哨", nameEn: "Whistle" },
    { key: "arrived", state: "arrived", name: "报到", nameEn: "Report in" },
    { key: "consulted", state: "consulted", name: "会商", nameEn: "Consult" },
    { key: "handling", state: "handling", name: "办理", nameEn: "Handle" },
    { key: "fed_back", state: "fed_back", name: "反馈", nameEn: "Feed back" },
    { key: "evaluated", state: "evaluated", name: "评价", nameEn: "Evaluate" },
  ],
});
