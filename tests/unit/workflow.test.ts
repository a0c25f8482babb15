import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEMO_SLUGS } from "../../data/demo/profile.ts";
import { ENDED_STATES, SOLVED_STATES } from "../../data/model/incident.ts";
import { countyWorkflows } from "../../data/workflow/county-workflows.ts";
import type { TransitionDefinition, WorkflowDefinition } from "../../data/workflow/definition.ts";
import { inboxOf } from "../../data/workflow/ownership.ts";
import { type CountyProcessInput, countyProcessSchema } from "../../data/workflow/process.ts";
import { DEFAULT_PROCESS } from "../../data/workflow/processes/default.ts";
import { processOfDemo } from "../../data/workflow/processes/registry.ts";
import { validateProcess, validateWorkflow, workflowFaults } from "../../data/workflow/validate.ts";
import { inboxRole, isAllowedStep, startStep, stepOf, waysOn } from "../../data/workflow/walk.ts";
import { SHIPPED_WORKFLOWS } from "../../data/workflow/workflows/registry.ts";

const byKey = (key: string): WorkflowDefinition => {
  const workflow = SHIPPED_WORKFLOWS.find((one) => one.key === key);
  if (!workflow) throw new Error(key);
  return workflow;
};
const SEVEN = byKey("zuoyun-seven");
const mainNames = (key: string): string[] =>
  byKey(key)
    .steps.filter(({ side }) => !side)
    .map(({ name }) => name);

describe("shipped workflows", () => {
  it.each(SHIPPED_WORKFLOWS.map((workflow) => [workflow.key, workflow] as const))("%s can be walked", (_, workflow) => {
    expect(workflowFaults(workflow)).toEqual([]);
  });
  it("name the steps of their sources (domain.md 2.4)", () => {
    expect(mainNames("zuoyun-seven")).toEqual(["发现", "吹哨", "报到", "会商", "办理", "反馈", "评价"]);
    expect(mainNames("five-orders")).toEqual(["点单", "派单", "落单", "查单", "评单"]);
    expect(mainNames("jinta-six")).toEqual(["收集议题", "确定议题", "议前调研", "协商议事", "公开公示", "跟踪落实"]);
    expect(mainNames("gucheng-five")).toEqual(["提事", "议事", "决事", "办事", "评事"]);
    expect(mainNames("whistle").slice(0, 3)).toEqual(["网格吹哨", "社区响应", "部门报到"]);
    expect(mainNames("mediation")).toEqual(["登记", "受理", "网格调解", "社区调解", "镇街调解", "达成协议", "结案"]);
    expect(mainNames("urban-seven")).toHaveLength(7);
  });
  it("have 议事 and 决事 as two steps of one state, and three levels of mediation as steps", () => {
    expect(stepOf(byKey("gucheng-five"), "discussed")?.state).toBe("consulted");
    expect(stepOf(byKey("gucheng-five"), "decided")?.state).toBe("consulted");
    for (const level of ["grid", "community", "town"])
      expect(stepOf(byKey("mediation"), level)?.state).toBe("handling");
  });
  it("let nobody verify or judge their own work, and pause every clock on hold", () => {
    for (const { key, steps, transitions } of SHIPPED_WORKFLOWS)
      for (const way of transitions) {
        const [from, to] = [way.from, way.to].map((one) => steps.find((step) => step.key === one));
        const returns = from?.state === "on_hold" || from?.state === "inspection";
        if (to && !returns && ["verified", "evaluated"].includes(to.state)) expect(way.notByHandler, key).toBe(true);
        if (to?.state === "on_hold")
          expect(way.clocks, key).toEqual(
            [null, "answer", "arrive", "handle", "close"].map((target) => ({ target, effect: "pause" })),
          );
        if (from?.state === "on_hold" && to?.state !== "void")
          expect(
            way.clocks.every(({ effect }) => effect === "resume"),
            key,
          ).toBe(true);
      }
  });
  it("stop the clocks of work and of closing where work is reported and where a case is closed", () => {
    for (const workflow of SHIPPED_WORKFLOWS)
      for (const way of workflow.transitions) {
        const [from, to] = [stepOf(workflow, way.from), stepOf(workflow, way.to)];
        const closes = to && SOLVED_STATES.includes(to.state) && from && !ENDED_STATES.includes(from.state);
        const stops = way.clocks.some(({ target, effect }) => target === "close" && effect === "stop");
        if (to && !["void", "rejected"].includes(to.state))
          expect(stops, `${workflow.key} ${way.from}→${way.to}`).toBe(closes);
      }
  });
});

describe("the rule of what follows", () => {
  const allowed = (...keys: string[]): boolean => keys.every((_, i) => isAllowedStep(SEVEN, keys, i));
  it("refuses skipped, repeated and backward steps, and anything after the end", () => {
    expect(allowed("found", "whistled", "arrived", "consulted", "handling", "fed_back", "evaluated")).toBe(true);
    expect(allowed("found", "arrived")).toBe(false);
    expect(allowed("whistled")).toBe(false);
    expect(allowed("found", "whistled", "whistled")).toBe(false);
    expect(allowed("found", "whistled", "found")).toBe(false);
    expect(allowed("found", "whistled", "rejected")).toBe(false);
    expect(allowed("found", "rejected", "whistled")).toBe(false);
    expect(allowed("found", "whistled", "void", "arrived")).toBe(false);
  });
  it("leads back from a pause to the paused step, from rework to the work, and strikes off what is closed", () => {
    expect(allowed("found", "whistled", "on_hold", "whistled", "arrived")).toBe(true);
    expect(allowed("found", "whistled", "on_hold", "arrived")).toBe(false);
    expect(allowed("found", "whistled", "inspection", "whistled")).toBe(true);
    expect(allowed("found", "whistled", "rework")).toBe(false);
    const untilFedBack = ["found", "whistled", "arrived", "consulted", "handling", "fed_back"];
    expect(allowed(...untilFedBack, "rework", "handling", "fed_back", "evaluated", "struck_evaluated")).toBe(true);
    expect(allowed(...untilFedBack, "rework", "on_hold", "rework", "handling")).toBe(true);
    expect(allowed(...untilFedBack, "rework", "fed_back")).toBe(false);
    expect(allowed(...untilFedBack, "struck_evaluated")).toBe(false);
  });
  it("begins again where nobody knows what a case on hold came from", () => {
    expect(waysOn(SEVEN, "on_hold", null).map(({ to }) => to)).toEqual(["found", "void"]);
  });
  it("leaves every open step with a role whose inbox it waits in, and no ended one", () => {
    for (const workflow of SHIPPED_WORKFLOWS)
      for (const step of workflow.steps)
        expect(inboxRole(workflow, step.key) === null, `${workflow.key} ${step.key}`).toBe(
          ENDED_STATES.includes(step.state),
        );
  });
});

describe("walks at random", () => {
  const HOLDERS = { handlerId: null, postId: null, organisationId: null };
  it("skip no step, never leave an open case without an owner, and end where no way leads on", () => {
    fc.assert(
      fc.property(fc.constantFrom(...SHIPPED_WORKFLOWS), fc.array(fc.nat(), { maxLength: 60 }), (workflow, choices) => {
        const keys = [startStep(workflow).key];
        for (const choice of choices) {
          const at = keys.at(-1) ?? "";
          const ways = waysOn(workflow, at, keys.at(-2) ?? null);
          const ended = ENDED_STATES.includes(stepOf(workflow, at)?.state ?? "found");
          if (!ended) expect(ways.length, `${workflow.key} ${at}`).toBeGreaterThan(0);
          expect(inboxOf(workflow, at, HOLDERS, "140623") === null).toBe(ended);
          expect(inboxOf(workflow, at, { ...HOLDERS, postId: "p" }, "140623")).toBeNull();
          const way = ways[choice % Math.max(ways.length, 1)];
          if (!way) break;
          keys.push(way.to);
        }
        expect(keys.every((_, i) => isAllowedStep(workflow, keys, i))).toBe(true);
        // Main steps come in the order that the definition has them in, whatever lay between: none is skipped.
        const main = keys.filter((key) => stepOf(workflow, key)?.side === false);
        for (const [i, key] of main.entries()) {
          const before = main[i - 1];
          if (before === undefined || before === key) continue;
          const back = keys.includes("rework");
          const follows = workflow.transitions.some(({ from, to }) => from === before && to === key);
          expect(follows || back, `${before} → ${key}`).toBe(true);
        }
      }),
      { numRuns: 400, seed: 5 },
    );
  });
});

describe("a broken workflow is refused", () => {
  const way = (change: (one: TransitionDefinition) => TransitionDefinition | undefined): WorkflowDefinition => ({
    ...SEVEN,
    transitions: SEVEN.transitions.flatMap((one) => change(one) ?? []),
  });
  const at = (from: string, to: string, change: Partial<TransitionDefinition>): WorkflowDefinition =>
    way((one) => (one.from === from && one.to === to ? { ...one, ...change } : one));
  const first = SEVEN.transitions[0];
  if (!first) throw new Error("no transitions");
  const CASES: readonly (readonly [name: string, broken: WorkflowDefinition, message: RegExp])[] = [
    ["without steps", { ...SEVEN, steps: [], transitions: [] }, /has no steps/],
    [
      "with a step twice",
      { ...SEVEN, steps: [...SEVEN.steps, ...SEVEN.steps.slice(1, 2)] },
      /two steps are called whistled/,
    ],
    [
      "that begins elsewhere",
      { ...SEVEN, steps: SEVEN.steps.slice(1) },
      /step whistled is the first, and its state is dispatched/,
    ],
    [
      "with two starts",
      { ...SEVEN, steps: SEVEN.steps.map((step) => (step.key === "arrived" ? { ...step, state: "found" } : step)) },
      /step arrived is a second start/,
    ],
    [
      "with a step that is never reached",
      way((one) => (one.to === "arrived" && one.from === "whistled" ? undefined : one)),
      /step arrived is never reached/,
    ],
    [
      "with a dead end",
      way((one) => (one.from === "fed_back" && one.to === "evaluated" ? undefined : one)),
      /step fed_back is a dead end: no way from it leads to an end/,
    ],
    ["that nobody may walk", at("found", "whistled", { roles: [] }), /way found → whistled: nobody may take it/],
    [
      "with a role that there is not",
      at("found", "whistled", { roles: ["mayor" as "leader"] }),
      /there is no role mayor/,
    ],
    ["with a role that moves nothing", at("found", "whistled", { roles: ["wall"] }), /the role wall moves no cases/],
    [
      "with a requirement that there is not",
      at("found", "whistled", { requires: ["stamp" as "note"] }),
      /"stamp" is nothing that can be required/,
    ],
    [
      "with a way to nowhere",
      { ...SEVEN, transitions: [...SEVEN.transitions, { ...first, to: "gone" }] },
      /there is no step gone/,
    ],
    [
      "with a way twice",
      { ...SEVEN, transitions: [...SEVEN.transitions, first] },
      /way found → whistled is there twice/,
    ],
    [
      "that opens what has ended",
      { ...SEVEN, transitions: [...SEVEN.transitions, { ...first, from: "evaluated", to: "handling" }] },
      /an ended case does not open again/,
    ],
    [
      "whose hold pauses nothing",
      at("found", "on_hold", { clocks: [] }),
      /way found → on_hold: on hold pauses no clock/,
    ],
    ["whose hold has no reason", at("found", "on_hold", { requires: [] }), /on hold needs a reason/],
    [
      "without a way into hold",
      way((one) => (one.from === "arrived" && one.to === "on_hold" ? undefined : one)),
      /step arrived cannot be put on hold/,
    ],
    [
      "without a way back from hold",
      way((one) => (one.from === "on_hold" && one.to === "arrived" ? undefined : one)),
      /step on_hold is a dead end for a case that came from arrived/,
    ],
    [
      "without a way to void",
      way((one) => (one.from === "arrived" && one.to === "void" ? undefined : one)),
      /step arrived cannot be made void/,
    ],
    [
      "whose work is verified by whoever did it",
      {
        ...byKey("standard"),
        transitions: byKey("standard").transitions.map((one) =>
          one.to === "verified" ? { ...one, notByHandler: false } : one,
        ),
      },
      /whoever handles a case may verify it/,
    ],
    [
      "that goes on from 核查 as if nothing were",
      {
        ...byKey("standard"),
        transitions: [...byKey("standard").transitions, { ...first, from: "verified", to: "handling" }],
      },
      /from 核查 a case is closed or sent back/,
    ],
    [
      "with a clock that there is not",
      at("found", "whistled", { clocks: [{ target: "lunch" as "close", effect: "stop" }] }),
      /a clock of lunch cannot stop/,
    ],
  ];
  it.each(CASES)("%s", (_, broken, message) => {
    expect(() => validateWorkflow(broken)).toThrow(message);
    expect(() => validateWorkflow(broken)).toThrow(broken.key);
  });
});

describe("processes of counties", () => {
  const processOf = (input: CountyProcessInput) => countyProcessSchema.parse(input);
  it("of the demo counties and the default one can be walked", () => {
    validateProcess("000000", DEFAULT_PROCESS);
    for (const slug of DEMO_SLUGS) validateProcess(slug, processOfDemo(slug));
  });
  it("are refused for what they name and do not have", () => {
    const refused = (input: CountyProcessInput) => () => validateProcess("140623", processOf(input));
    expect(refused({ defaultWorkflow: "gone" })).toThrow(/county 140623 names workflow gone/);
    expect(refused({ workflows: [{ workflow: "gone" }] })).toThrow(/names workflow gone/);
    expect(refused({ words: { whistle: { gone: { name: "去", nameEn: "Gone" } } } })).toThrow(
      /step gone of workflow whistle/,
    );
    expect(
      refused({ ownWorkflows: [{ ...SEVEN, steps: [...SEVEN.steps], transitions: [...SEVEN.transitions] } as never] }),
    ).toThrow(/gives a workflow the key of another one/);
  });
  it("choose by class and source, the default for all else", () => {
    const zuoyun = countyWorkflows(processOfDemo("zuoyun"));
    expect(zuoyun.choose({ classCode: "80001", source: "app" }).key).toBe("mediation");
    expect(zuoyun.choose({ classCode: "01001", source: "app" }).key).toBe("five-orders");
    expect(zuoyun.choose({ classCode: "01001", source: "patrol" }).key).toBe("zuoyun-seven");
    expect(zuoyun.all.map(({ key }) => key)).toEqual(["zuoyun-seven", "mediation", "five-orders"]);
  });
  it("give a county its own words", () => {
    const [whistle] = countyWorkflows(processOfDemo("decheng")).all;
    expect(whistle && stepOf(whistle, "arrived")?.name).toBe("支部报到");
    expect(whistle?.transitions.find(({ from, to }) => from === "answered" && to === "arrived")?.name).toBe("支部报到");
    expect(whistle?.transitions.find(({ to }) => to === "on_hold")?.name).toBe("挂账");
  });
  it("place what an import left without workflow and step at the first step of its state", () => {
    const jinta = countyWorkflows(processOfDemo("jinta"));
    const imported = { classCode: "01001", source: "other", workflow: null, step: null } as const;
    expect(jinta.place({ ...imported, state: "consulted" }).step.key).toBe("consulted");
    // 六步议事 handles nothing: such a case walks the standard workflow on.
    const handled = jinta.place({ ...imported, state: "handling" });
    expect([handled.workflow.key, handled.step.key]).toEqual(["standard", "handling"]);
    // A step of another state than the case's own is not believed.
    const moved = jinta.place({ ...imported, state: "closed", workflow: "jinta-six", step: "collected" });
    expect(moved.step.key).toBe("followed_up");
  });
});
