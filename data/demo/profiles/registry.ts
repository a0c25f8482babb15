import type { DemoProfile, DemoSlug } from "../profile.ts";
import { DECHENG } from "./decheng.ts";
import { GUCHENG } from "./gucheng.ts";
import { JINTA } from "./jinta.ts";
import { YUNGANG } from "./yungang.ts";
import { ZOUCHENG } from "./zoucheng.ts";
import { ZUOYUN } from "./zuoyun.ts";

/** The demo counties by their short name; a new slug does not compile until it has a profile. */
export const DEMO_PROFILES: Record<DemoSlug, DemoProfile> = {
  zuoyun: ZUOYUN,
  yungang: YUNGANG,
  zoucheng: ZOUCHENG,
  jinta: JINTA,
  gucheng: GUCHENG,
  decheng: DECHENG,
};
