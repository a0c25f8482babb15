import type { CountyProcessInput } from "../process.ts";

/** 金塔县: six steps of council (JT4). */
export const JINTA_PROCESS: CountyProcessInput = {
  defaultWorkflow: "jinta-six",
};
