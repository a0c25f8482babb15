import type { IncidentSource, IncidentState } from "../../model/incident.ts";
import type { DemoSlug } from "../profile.ts";

/** One step of a county's workflow: the canonical state and the county's own word for it. */
export interface WorkflowStep {
  readonly state: IncidentState;
  readonly name: string;
}

export interface NamedWorkflow {
  readonly name: string;
  /** In order; the first is always `found`, the first ended state ends the clock. */
  readonly steps: readonly WorkflowStep[];
}

const workflow = (name: string, ...steps: readonly (readonly [IncidentState, string])[]): NamedWorkflow => ({
  name,
  steps: steps.map(([state, stepName]) => ({ state, name: stepName })),
});

const SEVEN_STEPS = workflow(
  "民事7步接办",
  ["found", "发现"],
  ["dispatched", "吹哨"],
  ["arrived", "报到"],
  ["consulted", "会商"],
  ["handling", "办理"],
  ["fed_back", "反馈"],
  ["evaluated", "评价"],
);
const FIVE_ORDERS = workflow(
  "五单",
  ["found", "点单"],
  ["dispatched", "派单"],
  ["handling", "落单"],
  ["fed_back", "查单"],
  ["evaluated", "评单"],
);
const SEVEN_STAGES = workflow(
  "七阶段闭环",
  ["found", "信息采集"],
  ["accepted", "案卷建立"],
  ["dispatched", "任务派遣"],
  ["handling", "任务处理"],
  ["fed_back", "处理反馈"],
  ["closed", "核查结案"],
  ["evaluated", "综合评价"],
);
const ONE_KEY = workflow(
  "一键上报·接单·办理",
  ["found", "一键上报"],
  ["accepted", "一键接单"],
  ["handling", "一键办理"],
  ["closed", "办结"],
);
const SIX_STEPS = workflow(
  "六步议事",
  ["found", "收集议题"],
  ["accepted", "确定议题"],
  ["dispatched", "议前调研"],
  ["consulted", "协商议事"],
  ["fed_back", "公开公示"],
  ["closed", "跟踪落实"],
);
// 议事 and 决事 are one canonical state (domain.md 2.4).
const FIVE_MATTERS = workflow(
  "五事闭环",
  ["found", "提事"],
  ["consulted", "议事·决事"],
  ["handling", "办事"],
  ["evaluated", "评事"],
);
const WHISTLE = workflow(
  "社区吹哨、支部报到",
  ["found", "网格吹哨"],
  ["accepted", "社区响应"],
  ["arrived", "支部报到"],
  ["handling", "办理"],
  ["closed", "一次办结"],
);

/** The flows of a county (domain.md 2.4): `online` for what residents order through the app, `usual` for all else. */
export const NAMED_WORKFLOWS: Record<DemoSlug, { readonly usual: NamedWorkflow; readonly online: NamedWorkflow }> = {
  zuoyun: { usual: SEVEN_STEPS, online: FIVE_ORDERS },
  yungang: { usual: SEVEN_STAGES, online: SEVEN_STAGES },
  zoucheng: { usual: ONE_KEY, online: ONE_KEY },
  jinta: { usual: SIX_STEPS, online: SIX_STEPS },
  gucheng: { usual: FIVE_MATTERS, online: FIVE_MATTERS },
  decheng: { usual: WHISTLE, online: WHISTLE },
};

export const workflowOf = (slug: DemoSlug, source: IncidentSource): NamedWorkflow =>
  NAMED_WORKFLOWS[slug][source === "app" ? "online" : "usual"];

/** Names of the side states (挂账, 退回整改, 督查, 不予受理, 作废). */
export const SIDE_STEP_NAMES: Partial<Record<IncidentState, string>> = {
  on_hold: "挂账",
  rework: "退回整改",
  inspection: "督查",
  rejected: "不予受理",
  void: "作废",
};

/**
 * True when a case may go from one state to the next under a workflow: one step on; rejected straight from found; void
 * from any open step; on hold and under inspection from any open step and back to the same one; rework from a step
 * after handling (or from handling itself) and then back to handling.
 */
export function isAllowedStep({ steps }: NamedWorkflow, states: readonly IncidentState[], position: number): boolean {
  const order = steps.map((step) => step.state);
  const to = states[position];
  const from = states[position - 1];
  if (to === undefined) return false;
  if (from === undefined) return to === "found";
  if (to === "rejected") return from === "found";
  if (from === "on_hold" || from === "inspection") return to === states[position - 2];
  if (from === "rework") return to === reworkTarget(order);
  const index = order.indexOf(from);
  if (index < 0) return false;
  if (from === "closed" || from === "evaluated") return order[index + 1] === to;
  if (to === "void" || to === "on_hold" || to === "inspection") return true;
  if (to === "rework") return index >= order.indexOf(reworkTarget(order));
  return order[index + 1] === to;
}

/** Where rework starts again: handling, or the consultation where a workflow has no handling (六步议事). */
export const reworkTarget = (order: readonly IncidentState[]): IncidentState =>
  order.includes("handling") ? "handling" : "consulted";
