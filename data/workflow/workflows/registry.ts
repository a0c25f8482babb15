import type { WorkflowDefinition } from "../definition.ts";
import { FIVE_ORDERS } from "./five-orders.ts";
import { GUCHENG_FIVE } from "./gucheng-five.ts";
import { JINTA_SIX } from "./jinta-six.ts";
import { MEDIATION } from "./mediation.ts";
import { ONE_KEY } from "./one-key.ts";
import { STANDARD } from "./standard.ts";
import { URBAN_SEVEN } from "./urban-seven.ts";
import { WHISTLE } from "./whistle.ts";
import { ZUOYUN_SEVEN } from "./zuoyun-seven.ts";

/** The workflows that come with Jingwei; a county's process names the ones it walks. */
export const SHIPPED_WORKFLOWS: readonly WorkflowDefinition[] = [
  STANDARD,
  ZUOYUN_SEVEN,
  FIVE_ORDERS,
  JINTA_SIX,
  GUCHENG_FIVE,
  WHISTLE,
  MEDIATION,
  URBAN_SEVEN,
  ONE_KEY,
];
