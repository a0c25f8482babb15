import type { CountyProcessInput } from "../process.ts";
import { demoWhistleItems } from "../whistle-items.ts";

/** 德城区: communities whistle, branches report in (DC6), done at once (DC7). */
export const DECHENG_PROCESS: CountyProcessInput = {
  defaultWorkflow: "whistle",
  whistleItems: demoWhistleItems(2),
  words: {
    whistle: {
      arrived: { name: "支部报到", nameEn: "Branch reports in" },
      closed: { name: "一次办结", nameEn: "Done at once" },
    },
  },
};
