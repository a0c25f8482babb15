import { STANDARD_RULES, URBAN_MANAGEMENT_RULES } from "../../clock/standard-settings.ts";
import { type CountyProcessInput, writtenRules } from "../process.ts";

/** 云冈区: the seven stages of urban management, with its limits in working hours. */
export const YUNGANG_PROCESS: CountyProcessInput = {
  defaultWorkflow: "urban-seven",
  clockRules: writtenRules([...URBAN_MANAGEMENT_RULES, ...STANDARD_RULES]),
};
