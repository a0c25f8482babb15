import { describe, expect, it } from "vitest";
import { isAllowedStep, NAMED_WORKFLOWS } from "../../data/demo/population/named-workflows.ts";
import { ENDED_STATES, INCIDENT_STATES, type IncidentState } from "../../data/model/incident.ts";
import { clockAfter, nextStates, SIDE_STATES } from "../../data/workflow/transitions.ts";

const workflows = Object.values(NAMED_WORKFLOWS).flatMap(({ usual, online }) => [usual, online]);
const MINUTE = 60_000;

describe("the states of a case", () => {
  it("follow each other in every way that a county's named workflow allows", () => {
    // Every state that a workflow names, reached along its own order, and every state after it.
    for (const workflow of workflows) {
      const order = workflow.steps.map(({ state }) => state);
      for (const at of order.keys())
        for (const side of [[], ...SIDE_STATES.map((state) => [state]), ["rework" as const]])
          for (const to of INCIDENT_STATES) {
            const states: IncidentState[] = [...order.slice(0, at + 1), ...side];
            const before = states.length > at + 1 ? isAllowedStep(workflow, states, states.length - 1) : true;
            if (!before || !isAllowedStep(workflow, [...states, to], states.length)) continue;
            const from = states.at(-1) ?? "found";
            expect(nextStates(from, states.at(-2) ?? null), `${states.join(" → ")} → ${to}`).toContain(to);
          }
    }
  });

  it("reach an end from everywhere, and an ended case is only evaluated", () => {
    for (const state of INCIDENT_STATES) {
      const next = nextStates(state, SIDE_STATES.includes(state) ? "handling" : "found");
      if (ENDED_STATES.includes(state)) expect(next).toEqual(state === "closed" ? ["evaluated"] : []);
      else expect(next).toContain("void");
      expect(next).not.toContain(state);
    }
    expect(nextStates("verified", null)).toEqual(["closed", "rework", "on_hold", "inspection", "void"]);
    expect(nextStates("on_hold", "arrived")).toEqual(["arrived", "void"]);
    expect(nextStates("on_hold", null)).toEqual(["void"]);
  });

  it("move the clock: the first answer, the closing, and the time on hold", () => {
    const fresh = { dueMs: 100 * MINUTE, firstAnswerMs: null, closedMs: null };
    const answered = clockAfter(fresh, { from: "found", to: "accepted", since: 0, at: MINUTE });
    expect(answered).toEqual({ ...fresh, firstAnswerMs: MINUTE });
    const held = clockAfter(answered, { from: "accepted", to: "on_hold", since: MINUTE, at: 2 * MINUTE });
    expect(held).toEqual(answered);
    const back = clockAfter(held, { from: "on_hold", to: "accepted", since: 2 * MINUTE, at: 32 * MINUTE });
    expect(back).toEqual({ ...answered, dueMs: 130 * MINUTE });
    const closed = clockAfter(back, { from: "handling", to: "closed", since: 40 * MINUTE, at: 50 * MINUTE });
    expect(closed.closedMs).toBe(50 * MINUTE);
    expect(clockAfter(closed, { from: "closed", to: "evaluated", since: 50 * MINUTE, at: 90 * MINUTE })).toEqual(
      closed,
    );
    const none = { ...fresh, dueMs: null };
    expect(clockAfter(none, { from: "on_hold", to: "found", since: 0, at: MINUTE }).dueMs).toBeNull();
  });
});
