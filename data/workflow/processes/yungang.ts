import type { CountyProcessInput } from "../process.ts";

/** 云冈区: the seven stages of urban management. */
export const YUNGANG_PROCESS: CountyProcessInput = {
  defaultWorkflow: "urban-seven",
};
