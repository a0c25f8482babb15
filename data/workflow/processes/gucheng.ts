import type { CountyProcessInput } from "../process.ts";

/** 故城县: the five-matter loop (GC6). */
export const GUCHENG_PROCESS: CountyProcessInput = {
  defaultWorkflow: "gucheng-five",
};
