import type { DemoSlug } from "../../demo/profile.ts";
import { type CountyProcess, type CountyProcessInput, countyProcessSchema } from "../process.ts";
import { DECHENG_PROCESS } from "./decheng.ts";
import { GUCHENG_PROCESS } from "./gucheng.ts";
import { JINTA_PROCESS } from "./jinta.ts";
import { YUNGANG_PROCESS } from "./yungang.ts";
import { ZOUCHENG_PROCESS } from "./zoucheng.ts";
import { ZUOYUN_PROCESS } from "./zuoyun.ts";

const INPUTS: Readonly<Record<DemoSlug, CountyProcessInput>> = {
  zuoyun: ZUOYUN_PROCESS,
  yungang: YUNGANG_PROCESS,
  zoucheng: ZOUCHENG_PROCESS,
  jinta: JINTA_PROCESS,
  gucheng: GUCHENG_PROCESS,
  decheng: DECHENG_PROCESS,
};

/** The process that a demo county brings. */
export const processOfDemo = (slug: DemoSlug): CountyProcess => countyProcessSchema.parse(INPUTS[slug]);
