import type { CountyProcessInput } from "../process.ts";
import { demoWhistleItems } from "../whistle-items.ts";

/** 左云县: disputes are mediated at three levels (ZY7), what residents order walks the five orders (ZY13), all else the seven steps (ZY6). */
export const ZUOYUN_PROCESS: CountyProcessInput = {
  workflows: [
    { workflow: "mediation", classes: ["80"] },
    { workflow: "five-orders", sources: ["app"] },
  ],
  defaultWorkflow: "zuoyun-seven",
  whistleItems: demoWhistleItems(1),
};
