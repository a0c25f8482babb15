import { buildWorkflow } from "../build.ts";

/** 故城县 “提事—议事—决事—办事—评事” (domain.md GC6): 议事 and 决事 are two steps of one canonical state. */
export const GUCHENG_FIVE = buildWorkflow({
  key: "gucheng-five",
  version: 1,
  name: "五事闭环",
  nameEn: "Five-matter loop",
  steps: [
    { key: "raised", state: "found", name: "提事", nameEn: "Raised" },
    { key: "discussed", state: "consulted", name: "议事", nameEn: "Discuss" },
    { key: "decided", state: "consulted", name: "决事", nameEn: "Decide", requires: ["organisation"] },
    { key: "handled", state: "handling", name: "办事", nameEn: "Handle" },
    { key: "judged", state: "evaluated", name: "评事", nameEn: "Judge" },
  ],
});
