import type { CountyProcessInput } from "../process.ts";

/** 邹城市: one key for each step (ZC3). */
export const ZOUCHENG_PROCESS: CountyProcessInput = {
  defaultWorkflow: "one-key",
};
