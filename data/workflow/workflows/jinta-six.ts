import { buildWorkflow } from "../build.ts";

/** 金塔县 “六步议事” (domain.md JT4): nothing is handled in it, so rework starts again at the consultation. */
export const JINTA_SIX = buildWorkflow({
  key: "jinta-six",
  version: 1,
  name: "六步议事",
  nameEn: "Six steps of council",
  steps: [
    { key: "collected", state: "found", name: "收集议题", nameEn: "Topic collected" },
    { key: "settled", state: "accepted", name: "确定议题", nameEn: "Settle the topic" },
    { key: "researched", state: "dispatched", name: "议前调研", nameEn: "Research" },
    { key: "consulted", state: "consulted", name: "协商议事", nameEn: "Consult" },
    { key: "published", state: "fed_back", name: "公开公示", nameEn: "Publish", roles: ["dispatcher", "leader"] },
    { key: "followed_up", state: "closed", name: "跟踪落实", nameEn: "Follow up" },
  ],
});
