import { describe, expect, it } from "vitest";
import { timesAfter } from "../../data/workflow/times.ts";

const MINUTE = 60_000;
const ANSWERS = { clocks: [{ target: "answer", effect: "stop" }] } as const;
const NOTHING = { clocks: [] } as const;

describe("the times of a case", () => {
  it("move with it: the first answer, the closing, and the time on hold", () => {
    const fresh = { dueMs: 100 * MINUTE, firstAnswerMs: null, closedMs: null };
    const answered = timesAfter(fresh, ANSWERS, { from: "found", to: "accepted", since: 0, at: MINUTE });
    expect(answered).toEqual({ ...fresh, firstAnswerMs: MINUTE });
    const held = timesAfter(answered, NOTHING, { from: "accepted", to: "on_hold", since: MINUTE, at: 2 * MINUTE });
    expect(held).toEqual(answered);
    const back = timesAfter(held, ANSWERS, { from: "on_hold", to: "accepted", since: 2 * MINUTE, at: 32 * MINUTE });
    expect(back).toEqual({ ...answered, dueMs: 130 * MINUTE });
    const closed = timesAfter(back, NOTHING, { from: "handling", to: "closed", since: 40 * MINUTE, at: 50 * MINUTE });
    expect(closed.closedMs).toBe(50 * MINUTE);
    const later = { from: "closed", to: "evaluated", since: 50 * MINUTE, at: 90 * MINUTE } as const;
    expect(timesAfter(closed, NOTHING, later)).toEqual(closed);
    const none = { ...fresh, dueMs: null };
    expect(timesAfter(none, NOTHING, { from: "on_hold", to: "found", since: 0, at: MINUTE }).dueMs).toBeNull();
  });
  it("are not answered by being put on hold", () => {
    const fresh = { dueMs: null, firstAnswerMs: null, closedMs: null };
    expect(timesAfter(fresh, NOTHING, { from: "found", to: "on_hold", since: 0, at: MINUTE })).toEqual(fresh);
  });
});
