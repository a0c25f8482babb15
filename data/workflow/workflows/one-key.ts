import { buildWorkflow } from "../build.ts";

/** 邹城市 “邹企办” (domain.md ZC3): 一键上报 → 一键接单 → 一键办理. */
export const ONE_KEY = buildWorkflow({
  key: "one-key",
  version: 1,
  name: "一键上报·接单·办理",
  nameEn: "One key to report, take and handle",
  steps: [
    { key: "reported", state: "found", name: "一键上报", nameEn: "Reported" },
    {
      key: "taken",
      state: "accepted",
      name: "一键接单",
      nameEn: "Take",
      roles: ["grid_worker", "dispatcher"],
    },
    { key: "handling", state: "handling", name: "一键办理", nameEn: "Handle" },
    { key: "closed", state: "closed", name: "办结", nameEn: "Close" },
  ],
});
