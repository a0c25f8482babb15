import { buildWorkflow } from "../build.ts";

/**
 * For counties that name no workflow, imported ones first: every canonical state has its step, and steps that a matter does
 * not need are left out (domain.md section 2.4: each named workflow leaves out some). What was reported as done is verified
 * by somebody else before it is closed.
 */
export const STANDARD = buildWorkflow({
  key: "standard",
  version: 1,
  name: "标准流程",
  nameEn: "Standard workflow",
  steps: [
    { key: "found", state: "found", name: "发现", nameEn: "Found" },
    { key: "accepted", state: "accepted", name: "受理", nameEn: "Accept" },
    { key: "dispatched", state: "dispatched", name: "派遣", nameEn: "Dispatch", after: ["found", "accepted"] },
    { key: "arrived", state: "arrived", name: "报到", nameEn: "Report in" },
    { key: "consulted", state: "consulted", name: "会商", nameEn: "Consult", after: ["dispatched", "arrived"] },
    {
      key: "handling",
      state: "handling",
      name: "办理",
      nameEn: "Handle",
      // 办小事、报大事 (domain.md YG10): whoever stands there does what is small at once.
      after: ["found", "accepted", "dispatched", "arrived", "consulted"],
    },
    { key: "fed_back", state: "fed_back", name: "反馈", nameEn: "Feed back" },
    { key: "verified", state: "verified", name: "核查", nameEn: "Verify" },
    { key: "closed", state: "closed", name: "办结", nameEn: "Close" },
    { key: "evaluated", state: "evaluated", name: "评价", nameEn: "Evaluate" },
  ],
});
